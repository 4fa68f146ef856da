"""TREC's file formats for runs and qrels.

A line of a run is `query-id Q0 doc-id rank score name`, one of qrels `query-id 0 doc-id relevance`,
with blanks or tabs between.
"""

import math
from collections.abc import Iterable
from pathlib import Path

from eval.datasets import Qrels
from eval.jsonl import read_lines, write_text
from eval.runs import Run
from index.errors import DatasetError, InputError


def write_run(run: Run, file: Path) -> None:
    """Write a TREC run file. Raises InputError for an id that it cannot hold."""
    check_ids([run.name, *run.found, *(i for pairs in run.found.values() for i, _ in pairs)])
    lines = (
        f"{query_id} Q0 {doc_id} {rank} {score!r} {run.name}\n"
        for query_id, pairs in run.found.items()
        for rank, (doc_id, score) in enumerate(pairs, start=1)
    )
    write_text(file, "".join(lines))


def write_trec_qrels(qrels: Qrels, file: Path) -> None:
    """Write a TREC qrels file. Raises InputError as `write_run` does."""
    check_ids([*qrels, *(doc_id for row in qrels.values() for doc_id in row)])
    write_text(file, trec_qrels(qrels))


def trec_qrels(qrels: Qrels) -> str:
    """Qrels as the lines of a TREC file."""
    return "".join(
        f"{q} 0 {d} {relevance}\n" for q, row in qrels.items() for d, relevance in row.items()
    )


def check_ids(ids: Iterable[str]) -> None:
    """Raise InputError unless TREC's format, which blanks divide, can hold every id."""
    for text in ids:
        if len(text.split()) != 1 or text != text.strip():
            raise InputError(
                f"the id '{text}' is empty or holds white space, which a TREC file cannot; "
                "rename it, or do not save"
            )


def read_run(file: Path) -> Run:
    """The run in a TREC file; its name is that on the first line. Ranks are not believed: the
    scores order a run, as in trec_eval. Raises DatasetError, which names file and line."""
    found: dict[str, dict[str, float]] = {}
    name = file.stem
    for i, (where, line) in enumerate(read_lines(file)):
        query_id, doc_id, score, tag = _fields(line, where)
        row = found.setdefault(query_id, {})
        if doc_id in row:
            raise DatasetError(f"{where} lists '{doc_id}' for '{query_id}' again; remove one line")
        row[doc_id] = score
        name = tag if i == 0 else name
    return Run(name, {query_id: list(row.items()) for query_id, row in found.items()})


def _fields(line: str, where: str) -> tuple[str, str, float, str]:
    fields = line.split()
    if len(fields) != 6:
        raise DatasetError(
            f"{where} has {len(fields)} fields, not the 6 of a TREC run: query-id Q0 doc-id rank "
            "score name (an id with a blank in it counts twice; rename it)"
        )
    query_id, _, doc_id, _, score, tag = fields
    try:
        value = float(score)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DatasetError(f"{where} has '{score}' as score; give it a number")
    return query_id, doc_id, value, tag
