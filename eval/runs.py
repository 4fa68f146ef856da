"""Runs: what a retriever found for each query, and TREC's file format for them.

A line of the file is `query-id Q0 doc-id rank score name`, with blanks or tabs between.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.jsonl import read_lines
from index.errors import DatasetError, InputError

Scored = tuple[str, float]


@dataclass(frozen=True)
class Run:
    """The `(doc_id, score)` pairs found for each query id.

    Whatever order they are given in, they stand in the order (-score, doc_id).
    """

    name: str
    found: Mapping[str, tuple[Scored, ...]]

    def __init__(self, name: str, found: Mapping[str, Iterable[Scored]]) -> None:
        ordered = {query_id: ordered_pairs(pairs) for query_id, pairs in found.items()}
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "found", ordered)


def ordered_pairs(pairs: Iterable[Scored]) -> tuple[Scored, ...]:
    """The pairs in the order (-score, doc_id)."""
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def untied(pairs: Iterable[Scored]) -> list[Scored]:
    """Pairs in their order, each score lowered, where needed, by the least that single precision
    can tell.

    trec_eval (pytrec_eval, ir_measures) reads scores in single precision and puts the greater id
    first among equals; with these scores it sees our order.
    """
    result: list[Scored] = []
    last = np.float32(np.inf)
    for doc_id, score in pairs:
        single = np.float32(score)
        if single < last:
            result.append((doc_id, score))
        else:
            single = np.nextafter(last, np.float32(-np.inf))
            result.append((doc_id, float(single)))
        last = single
    return result


def write_run(run: Run, file: Path) -> None:
    """Write a TREC run file. Raises InputError for an id that it cannot hold."""
    check_ids([run.name, *run.found, *(i for pairs in run.found.values() for i, _ in pairs)])
    lines = (
        f"{query_id} Q0 {doc_id} {rank} {score!r} {run.name}\n"
        for query_id, pairs in run.found.items()
        for rank, (doc_id, score) in enumerate(pairs, start=1)
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines), encoding="utf-8")


def write_trec_qrels(qrels: Mapping[str, Mapping[str, int]], file: Path) -> None:
    """Write qrels as `query-id 0 doc-id relevance`. Raises InputError as `write_run` does."""
    check_ids([*qrels, *(doc_id for row in qrels.values() for doc_id in row)])
    lines = (f"{q} 0 {d} {relevance}\n" for q, row in qrels.items() for d, relevance in row.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines), encoding="utf-8")


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
