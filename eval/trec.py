"""TREC's file formats for runs, qrels and topics.

A line of a run is `query-id Q0 doc-id rank score name`, one of qrels `query-id 0 doc-id relevance`,
with blanks or tabs between. Topics are `<top><num>…<title>…</top>` or lines of `query-id<TAB>text`.
"""

import math
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

from eval.datasets import RELEVANCE, Qrels, Query, refuse_twice
from eval.jsonl import first_line, read_lines, write_text
from eval.runs import Run
from index.errors import DatasetError, InputError

_TAG = re.compile(r"<(\w+)>([^<]*)")


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


def is_qrels(file: Path) -> bool:
    """Whether the first line has the four fields of TREC's qrels."""
    return len(first_line(file).split()) == 4


def read_qrels(file: Path) -> Iterator[tuple[str, str, str, int]]:
    """Place, query, document and relevance of each line of a TREC qrels file. Raises DatasetError,
    which names file and line."""
    for where, line in read_lines(file):
        fields = line.split()
        if len(fields) != 4 or not RELEVANCE.fullmatch(fields[3]):
            raise DatasetError(f"{where} is not 'query-id 0 doc-id relevance', a whole number last")
        yield where, fields[0], fields[2], int(fields[3])


def read_topics(file: Path) -> tuple[Query, ...]:
    """The topics in a file, by their titles, whose languages nothing tells.

    Raises DatasetError, which names file and line.
    """
    topics = _marked(file) if first_line(file).startswith("<") else _tabbed(file)
    queries = tuple(Query(query_id, text) for query_id, text in topics)
    refuse_twice((query.query_id for query in queries), f"'{file}'")
    if not queries:
        raise DatasetError(f"'{file}' holds no topic; give it some, as <top> or as lines")
    return queries


def _tabbed(file: Path) -> Iterator[tuple[str, str]]:
    for where, line in read_lines(file):
        query_id, _, text = (part.strip() for part in line.partition("\t"))
        if not (query_id and text):
            raise DatasetError(f"{where} is not 'query-id, text' with a tab between them")
        yield query_id, text


def _marked(file: Path) -> Iterator[tuple[str, str]]:
    """Elements may be left open, as they are in TREC's own files: the next tag ends them."""
    text, where = "", ""
    for place, line in read_lines(file):
        where = where if text.strip() else place
        before, end, after = line.partition("</top>")
        text += before + "\n"
        if end:
            yield _topic(text, where)
            text = after
    if text.strip():
        raise DatasetError(f"{where} begins a topic that no </top> ends; end it")


def _topic(text: str, where: str) -> tuple[str, str]:
    fields = {tag.lower(): " ".join(unescape(value).split()) for tag, value in _TAG.findall(text)}
    query_id = fields.get("num", "").removeprefix("Number:").strip()
    title = fields.get("title", "").removeprefix("Topic:").strip()
    if not (query_id and title):
        lacking = "title" if query_id else "num"
        raise DatasetError(f"{where} begins a topic without <{lacking}>; give it one")
    return query_id, title
