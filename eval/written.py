"""Reports with questions, written to teach with: `eval/lessons/LANGUAGE.txt`.

    === A title
    The report, on one line.
    +en A question that it answers? => the answer, as it stands there
    -fa A question that it does not answer, though it looks as if

Everything in them is invented. All is split `train`: nothing is measured on them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from eval.datasets import Dataset, Query, entry
from index.errors import DatasetError
from index.types import Document

LESSONS = Path(__file__).parent / "lessons"
_TITLE = "=== "
_SPLIT = "train"
_QUESTION = re.compile(r"([+-])([a-z]{2}) (.+)")


def read_written(folder: Path = LESSONS) -> Dataset:
    """All reports of a folder, each relevant to its questions. Raises DatasetError, which names
    file and report, where one is not as above or an answer does not stand in it."""
    read = [
        _report(f"{file.stem}-{i}", file.stem, lines)
        for file in sorted(folder.glob("*.txt"))
        for i, lines in enumerate(_reports(file), start=1)
    ]
    documents = tuple(document for document, _ in read)
    asked = tuple(query for _, queries in read for query in queries)
    qrels = {query.query_id: {document.doc_id: 1} for document, of in read for query in of}
    return Dataset("written", documents, asked, qrels)


def _reports(file: Path) -> Iterator[list[str]]:
    """The lines of each report that say something."""
    lines: list[str] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith(_TITLE) and lines:
            yield lines
            lines = []
        if line.strip():
            lines.append(line.strip())
    yield lines


def _report(doc_id: str, language: str, lines: list[str]) -> tuple[Document, list[Query]]:
    if len(lines) < 3 or not lines[0].startswith(_TITLE):
        raise DatasetError(f"report {doc_id} has no title, text and question; write each on a line")
    title, text, *questions = lines
    asked = [_query(f"{doc_id}-{i}", text, line) for i, line in enumerate(questions, start=1)]
    return entry(doc_id, title.removeprefix(_TITLE), text, language), asked


def _query(query_id: str, text: str, line: str) -> Query:
    found = _QUESTION.fullmatch(line)
    if found is None:
        raise DatasetError(f"question {query_id} does not begin as '+en ' or '-en '; found: {line}")
    kind, language, said = found.groups()
    if kind == "-":
        return Query(query_id, said, language, answerable=False, split=_SPLIT, kind="near-miss")
    question, _, answer = said.rpartition(" => ")
    if not question or answer not in text:
        raise DatasetError(f"the answer of {query_id} does not stand in its report: '{answer}'")
    return Query(query_id, question.strip(), language, (answer.strip(),), split=_SPLIT)
