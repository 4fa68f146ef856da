"""Evaluation sets in BEIR's format (Thakur et al. 2021).

    FOLDER/corpus.jsonl     _id, title, text, and lang
    FOLDER/queries.jsonl    _id, text, and lang, answers, answerable, split, kind
    FOLDER/qrels/*.tsv      query-id, corpus-id, score, below a header

What stands after "and" may be missing: it is ours, not BEIR's. Further columns of qrels are passed
over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from eval.datasets import (
    RELEVANCE,
    Dataset,
    Query,
    check_known,
    document_language,
    entry,
    gather_qrels,
    language_code,
    refuse_twice,
)
from eval.jsonl import flag_of, read_jsonl, read_lines, text_of, texts_of, write_jsonl, write_text
from index.errors import DatasetError
from index.languages import UNKNOWN
from index.types import Document

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"


def read_beir(folder: Path) -> Dataset:
    """The set in `folder`, named after it.

    With several qrels files, a query that names no split is in that of the first file it is in.
    Raises DatasetError, which names file and line.
    """
    if not folder.is_dir():
        raise DatasetError(f"'{folder}' is not a folder; name one that holds a BEIR data set")
    documents = read_corpus(folder / CORPUS)
    queries = read_queries(folder / QUERIES)
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise DatasetError(f"'{folder / 'qrels'}' holds no .tsv file; put qrels/test.tsv there")
    judged = {file.stem: list(read_qrels(file)) for file in files}
    known = {query.query_id for query in queries}
    for where, query_id, _, _ in chain(*judged.values()):
        check_known(query_id, known, "query", QUERIES, where)
    qrels = gather_qrels(chain(*judged.values()), {document.doc_id for document in documents})
    if len(files) > 1:
        splits = {row[1]: split for split in reversed(judged) for row in judged[split]}
        queries = tuple(replace(q, split=q.split or splits.get(q.query_id)) for q in queries)
    return Dataset(folder.resolve().name, documents, queries, qrels)


def read_bench(folder: Path) -> list[Dataset]:
    """All sets in the folders of a folder, in the order of their names. Raises as `read_beir`."""
    return [read_beir(file.parent) for file in sorted(folder.glob("*/queries.jsonl"))]


def read_corpus(file: Path) -> tuple[Document, ...]:
    """The entries of a `corpus.jsonl`. Raises DatasetError, which names file and line."""
    documents = tuple(_document(row, where) for where, row in read_jsonl(file))
    refuse_twice((document.doc_id for document in documents), f"'{file}'")
    return documents


def read_queries(file: Path) -> tuple[Query, ...]:
    """The queries of a `queries.jsonl`. Raises DatasetError, which names file and line."""
    queries = tuple(_query(row, where) for where, row in read_jsonl(file))
    refuse_twice((query.query_id for query in queries), f"'{file}'")
    return queries


def _document(row: Mapping[str, Any], where: str) -> Document:
    return entry(
        text_of(row, "_id", where),
        text_of(row, "title", where, ""),
        text_of(row, "text", where),
        language_code(text_of(row, "lang", where, UNKNOWN)),
    )


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


def read_qrels(file: Path) -> Iterator[tuple[str, str, str, int]]:
    """Place, query, document and relevance of each line. Raises DatasetError, which names file and
    line."""
    for i, (where, line) in enumerate(read_lines(file)):
        fields = line.split("\t")
        if i == 0 and [field.strip() for field in fields[2:3]] == ["score"]:
            continue
        if len(fields) < 3 or not RELEVANCE.fullmatch(fields[2].strip()):
            raise DatasetError(
                f"{where} is not 'query-id, corpus-id, whole number' with tabs between them"
            )
        yield where, fields[0], fields[1], int(fields[2])


def write_beir(dataset: Dataset, folder: Path) -> None:
    """Write the set so that `read_beir` gives it back, documents as one section each."""
    write_jsonl(folder / CORPUS, map(_document_row, dataset.documents))
    write_jsonl(folder / QUERIES, map(query_row, dataset.queries))
    judged = (f"{q}\t{d}\t{r}\n" for q, row in dataset.qrels.items() for d, r in row.items())
    text = "".join(["query-id\tcorpus-id\tscore\n", *judged])
    write_text(folder / "qrels" / "test.tsv", text)


def _document_row(document: Document) -> dict[str, Any]:
    title = (document.sections[0].title or "") if len(document.sections) == 1 else ""
    head = f"{title}\n\n"
    title = title if title and document.text.startswith(head) else ""
    text = document.text[len(head) :] if title else document.text
    language = document_language(document)
    return {"_id": document.doc_id, "title": title, "text": text, "lang": language}


def query_row(query: Query) -> dict[str, Any]:
    """A query as a line of a `queries.jsonl`."""
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
