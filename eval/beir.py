"""Evaluation sets in BEIR's format (Thakur et al. 2021).

    FOLDER/corpus.jsonl     _id, title, text, and lang
    FOLDER/queries.jsonl    _id, text, and lang, answers, answerable, split, kind
    FOLDER/qrels/*.tsv      query-id, corpus-id, score, below a header

What stands after "and" may be missing: it is ours, not BEIR's.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.datasets import (
    UNKNOWN,
    Dataset,
    Qrels,
    Query,
    check_known,
    document_language,
    language_code,
    refuse_twice,
)
from eval.jsonl import flag_of, read_jsonl, read_lines, text_of, texts_of, write_jsonl
from index.errors import DatasetError
from index.types import Document, Section

# Bounded, because Python refuses to read a number of thousands of digits.
_RELEVANCE = re.compile(r"-?\d{1,9}")


def read_beir(folder: Path) -> Dataset:
    """The set in `folder`, named after it.

    With several qrels files, a query that names no split is in that of the first file it is in.
    Raises DatasetError, which names file and line.
    """
    if not folder.is_dir():
        raise DatasetError(f"'{folder}' is not a folder; name one that holds a BEIR data set")
    corpus, asked = folder / "corpus.jsonl", folder / "queries.jsonl"
    documents = tuple(_document(row, where) for where, row in read_jsonl(corpus))
    queries = tuple(_query(row, where) for where, row in read_jsonl(asked))
    refuse_twice((d.doc_id for d in documents), f"'{corpus}'")
    refuse_twice((q.query_id for q in queries), f"'{asked}'")
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise DatasetError(f"'{folder / 'qrels'}' holds no .tsv file; put qrels/test.tsv there")
    qrels, splits = _read_qrels(files, {q.query_id for q in queries}, {d.doc_id for d in documents})
    if len(files) > 1:
        queries = tuple(replace(q, split=q.split or splits.get(q.query_id)) for q in queries)
    return Dataset(folder.resolve().name, documents, queries, qrels)


def _document(row: Mapping[str, Any], where: str) -> Document:
    title = text_of(row, "title", where, "")
    body = text_of(row, "text", where)
    text = f"{title}\n\n{body}" if title.strip() else body
    language = language_code(text_of(row, "lang", where, UNKNOWN))
    section = Section(0, len(text), title=title if title.strip() else None, language=language)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(text_of(row, "_id", where), text, digest, (section,))


def _query(row: Mapping[str, Any], where: str) -> Query:
    return Query(
        text_of(row, "_id", where),
        text_of(row, "text", where),
        language_code(text_of(row, "lang", where, UNKNOWN)),
        texts_of(row, "answers", where),
        flag_of(row, "answerable", where),
        text_of(row, "split", where, "") or None,
        text_of(row, "kind", where, "") or None,
    )


def _read_qrels(
    files: Sequence[Path], query_ids: set[str], doc_ids: set[str]
) -> tuple[Qrels, dict[str, str]]:
    """The relevances, and by query the name of the first file that judges it."""
    qrels: dict[str, dict[str, int]] = {}
    splits: dict[str, str] = {}
    for file in files:
        for where, query_id, doc_id, relevance in _qrels_rows(file):
            check_known(query_id, query_ids, "query", "queries.jsonl", where)
            check_known(doc_id, doc_ids, "document", "corpus.jsonl", where)
            row = qrels.setdefault(query_id, {})
            if doc_id in row:
                raise DatasetError(
                    f"{where} judges '{query_id}' and '{doc_id}' again; remove one of the lines"
                )
            row[doc_id] = relevance
            splits.setdefault(query_id, file.stem)
    return qrels, splits


def _qrels_rows(file: Path) -> Iterator[tuple[str, str, str, int]]:
    for i, (where, line) in enumerate(read_lines(file)):
        fields = line.split("\t")
        if i == 0 and fields[-1].strip() == "score":
            continue
        if len(fields) != 3 or not _RELEVANCE.fullmatch(fields[2].strip()):
            raise DatasetError(
                f"{where} is not 'query-id, corpus-id, whole number' with tabs between them"
            )
        yield where, fields[0], fields[1], int(fields[2])


def write_beir(dataset: Dataset, folder: Path) -> None:
    """Write the set so that `read_beir` gives it back, documents as one section each."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    write_jsonl(folder / "corpus.jsonl", map(_document_row, dataset.documents))
    write_jsonl(folder / "queries.jsonl", map(_query_row, dataset.queries))
    judged = (f"{q}\t{d}\t{r}\n" for q, row in dataset.qrels.items() for d, r in row.items())
    text = "".join(["query-id\tcorpus-id\tscore\n", *judged])
    (folder / "qrels" / "test.tsv").write_text(text, encoding="utf-8")


def _document_row(document: Document) -> dict[str, Any]:
    title = (document.sections[0].title or "") if len(document.sections) == 1 else ""
    head = f"{title}\n\n"
    title = title if title and document.text.startswith(head) else ""
    text = document.text[len(head) :] if title else document.text
    language = document_language(document)
    return {"_id": document.doc_id, "title": title, "text": text, "lang": language}


def _query_row(query: Query) -> dict[str, Any]:
    row = {
        "_id": query.query_id,
        "text": query.text,
        "lang": query.language,
        "answers": list(query.answers),
        "answerable": query.answerable,
        "split": query.split,
        "kind": query.kind,
    }
    return {name: value for name, value in row.items() if value is not None}
