"""What people say of passages, in one file: qrels as BEIR's (query-id, corpus-id, score, below a
header), and in two more columns the passage that was seen and when.

Judgements are appended one by one and are on the disk when `record` returns. A pair that is judged
again is replaced, so that the file always holds qrels that any reader takes. Where the queries are
not those of a set, `add_query` keeps them beside, as BEIR's `queries.jsonl`.
"""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import portalocker

from eval.beir import query_row, read_qrels, read_queries
from eval.datasets import Query
from eval.jsonl import read_lines, write_jsonl
from index.errors import InputError

HEADER = "query-id\tcorpus-id\tscore\tpassage-id\tjudged-at\n"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document's `grade` for a query: 0 not relevant, 1 related, 2 answers it.

    `passage_id` is the passage that was judged, where one was; `when` has a time zone.
    """

    query_id: str
    doc_id: str
    grade: int
    passage_id: str | None = None
    when: datetime.datetime | None = None


def judged(file: Path) -> dict[tuple[str, str], int]:
    """The grade of each (query, document) in a file; none where there is no file yet.

    Raises DatasetError, which names file and line.
    """
    rows = read_qrels(file) if file.exists() else ()
    return {(query_id, doc_id): grade for _, query_id, doc_id, grade in rows}


def judged_passages(file: Path) -> dict[tuple[str, str], str]:
    """The passage on which each (query, document) in a file was judged, where one was told."""
    rows = (line.split("\t") for _, line in read_lines(file)) if file.exists() else ()
    return {(row[0], row[1]): row[3] for row in rows if len(row) > 3 and row[3]}


def add_query(query: Query, file: Path) -> None:
    """Write a query into a `queries.jsonl`, unless one of its id is there.

    Raises DatasetError where the file holds something else, OSError where it cannot be written.
    """
    with _locked(file):
        known = read_queries(file) if file.exists() else ()
        if query.query_id not in {q.query_id for q in known}:
            write_jsonl(file, map(query_row, [*known, query]))


def record(judgement: Judgement, file: Path) -> None:
    """Write a judgement, in the place of an earlier one of the same pair.

    Raises InputError for an id that the file cannot hold, OSError where it cannot be written.
    """
    line = _line(judgement)
    with _locked(file):
        _take_out(judgement.query_id, judgement.doc_id, file)
        with file.open("ab") as out:
            out.write((_start(file) + line).encode())
            out.flush()
            os.fsync(out.fileno())


def withdraw(query_id: str, doc_id: str, file: Path) -> None:
    """Take the judgement of a pair out of the file, if it is there."""
    with _locked(file):
        _take_out(query_id, doc_id, file)


def _line(judgement: Judgement) -> str:
    when = (
        judgement.when.astimezone(datetime.UTC).isoformat("T", "seconds") if judgement.when else ""
    )
    fields = (
        judgement.query_id,
        judgement.doc_id,
        str(judgement.grade),
        judgement.passage_id or "",
        when,
    )
    for field in fields:
        if len(f"{field}.".splitlines()) > 1 or "\t" in field:
            raise InputError(
                f"the id '{field}' holds a tab or a line break, which qrels cannot; rename it"
            )
    return "\t".join(fields) + "\n"


def _start(file: Path) -> str:
    """What must come before a line: the header in a new file, the end of a line without one."""
    text = file.read_bytes() if file.exists() else b""
    if not text:
        return HEADER
    return "" if text.endswith(b"\n") else "\n"


def _take_out(query_id: str, doc_id: str, file: Path) -> None:
    """Write the file anew without the pair's line, if it has one; the others stay as they are."""
    if (query_id, doc_id) not in judged(file):
        return
    lines = file.read_bytes().decode().splitlines(keepends=True)
    kept = [line for line in lines if line.split("\t")[:2] != [query_id, doc_id]]
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as out:
            out.write("".join(kept))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def prepare(file: Path) -> None:
    """Make sure, before anybody judges, that judgements can be written. Raises OSError."""
    with _locked(file):
        if file.exists():
            file.open("ab").close()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Be the one writer: the chat and the judging page may share a file. The lock is a file beside
    it, for the file itself may be replaced."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f".{file.name}.lock").open("a") as lock:
        portalocker.lock(lock, portalocker.LockFlags.EXCLUSIVE)
        yield
