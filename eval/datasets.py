"""Evaluation sets: documents, queries and qrels, read from a BEIR folder or from the seeds.

    FOLDER/corpus.jsonl     _id, title, text, and lang
    FOLDER/queries.jsonl    _id, text, and lang, answers, answerable, split, kind
    FOLDER/qrels/*.tsv      query-id, corpus-id, score, below a header

What stands after "and" may be missing: it is ours, not BEIR's (Thakur et al. 2021).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from eval.jsonl import flag_of, read_jsonl, read_lines, text_of, texts_of, write_jsonl
from index.errors import DatasetError
from index.types import Document, Section

UNKNOWN = "und"
# A code of two or three letters; what may follow it (`pt-BR`) is dropped.
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:-[a-zA-Z0-9]{1,8})*")
# Bounded, because Python refuses to read a number of thousands of digits.
_RELEVANCE = re.compile(r"-?\d{1,9}")

Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Query:
    """A question of an evaluation set.

    `answers` are strings any of which answers it; `kind` says how an unanswerable one misses
    (`near-miss`, `off-topic`).
    """

    query_id: str
    text: str
    language: str = UNKNOWN
    answers: tuple[str, ...] = ()
    answerable: bool = True
    split: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """`qrels[query_id][doc_id]` is a relevance, above 0 if relevant; each id in it is known.

    A query without qrels is left out of retrieval measures. No id occurs twice.
    """

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    qrels: Qrels


def select(
    dataset: Dataset,
    query_language: str | None = None,
    corpus_language: str | None = None,
    split: str | None = None,
) -> Dataset:
    """The queries of one language and split, the documents of one language, the qrels of both.

    Raises DatasetError when no query or no document is left.
    """
    queries = _kept(dataset.queries, query_language, lambda q: q.language, "query is in language")
    queries = _kept(queries, split, lambda q: q.split or "none", "query is in split")
    documents = _kept(
        dataset.documents, corpus_language, document_language, "document is in language"
    )
    known = {document.doc_id for document in documents}
    cut = {
        query.query_id: {i: r for i, r in dataset.qrels[query.query_id].items() if i in known}
        for query in queries
        if query.query_id in dataset.qrels
    }
    return Dataset(dataset.name, documents, queries, {i: row for i, row in cut.items() if row})


def _kept(items: tuple[Any, ...], wanted: str | None, of: Any, what: str) -> tuple[Any, ...]:
    """The items of which `of` gives `wanted`; all of them when nothing is wanted."""
    if wanted is None:
        return items
    kept = tuple(item for item in items if of(item) == wanted)
    if not kept:
        found = ", ".join(sorted({of(item) for item in items})) or "none at all"
        raise DatasetError(f"no {what} '{wanted}'; choose one of those found: {found}")
    return kept


def pool(datasets: Sequence[Dataset]) -> Dataset:
    """Several sets as one, so that a query is searched for among the documents of all.

    Raises DatasetError when two of them share an id.
    """
    if len(datasets) == 1:
        return datasets[0]
    name = "+".join(dataset.name for dataset in datasets)
    documents = tuple(chain.from_iterable(d.documents for d in datasets))
    queries = tuple(chain.from_iterable(d.queries for d in datasets))
    _refuse_twice((d.doc_id for d in documents), f"the corpora of {name}")
    _refuse_twice((q.query_id for q in queries), f"the queries of {name}")
    return Dataset(name, documents, queries, {i: r for d in datasets for i, r in d.qrels.items()})


def document_language(document: Document) -> str:
    """The language in which most of `document` is written, as its sections tell."""
    sizes: Counter[str] = Counter()
    for section in document.sections:
        sizes[section.language] += section.end - section.start
    return max(sorted(sizes), key=lambda language: sizes[language], default=UNKNOWN)


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
    _refuse_twice((d.doc_id for d in documents), f"'{corpus}'")
    _refuse_twice((q.query_id for q in queries), f"'{asked}'")
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
    language = _language(row, "lang", where)
    section = Section(0, len(text), title=title if title.strip() else None, language=language)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(text_of(row, "_id", where), text, digest, (section,))


def _query(row: Mapping[str, Any], where: str) -> Query:
    return Query(
        text_of(row, "_id", where),
        text_of(row, "text", where),
        _language(row, "lang", where),
        texts_of(row, "answers", where),
        flag_of(row, "answerable", where),
        text_of(row, "split", where, "") or None,
        text_of(row, "kind", where, "") or None,
    )


def _language(row: Mapping[str, Any], field: str, where: str) -> str:
    """A language code; UNKNOWN for what is none, since reports and caches are named by it."""
    found = _LANGUAGE.fullmatch(text_of(row, field, where, UNKNOWN).strip())
    return found[1].lower() if found else UNKNOWN


def _refuse_twice(ids: Iterable[str], place: str) -> None:
    """Raise DatasetError when an id occurs twice."""
    twice = [i for i, n in Counter(ids).items() if n > 1]
    if twice:
        raise DatasetError(
            f"the id '{twice[0]}' occurs more than once in {place}; every entry needs its own"
        )


def _read_qrels(
    files: Sequence[Path], query_ids: set[str], doc_ids: set[str]
) -> tuple[Qrels, dict[str, str]]:
    """The relevances, and by query the name of the first file that judges it."""
    qrels: dict[str, dict[str, int]] = {}
    splits: dict[str, str] = {}
    for file in files:
        for where, query_id, doc_id, relevance in _qrels_rows(file):
            _known(query_id, query_ids, "query", "queries.jsonl", where)
            _known(doc_id, doc_ids, "document", "corpus.jsonl", where)
            row = qrels.setdefault(query_id, {})
            if doc_id in row:
                raise DatasetError(
                    f"{where} judges '{query_id}' and '{doc_id}' again; remove one of the lines"
                )
            row[doc_id] = relevance
            splits.setdefault(query_id, file.stem)
    return qrels, splits


def _known(found: str, known: set[str], what: str, file: str, where: str) -> None:
    if found not in known:
        raise DatasetError(f"{where} names the {what} '{found}', which is not in {file}; add it")


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


def seeds_dataset(documents: Sequence[Document], questions_file: Path) -> Dataset:
    """The questions on the seed documents: fields id, question, language, answerable, documents,
    answers and kind. Half of them, drawn by their ids, are for tuning, the others for reporting.

    Raises DatasetError, which names file and line.
    """
    known = {document.doc_id for document in documents}
    queries: list[Query] = []
    qrels: dict[str, dict[str, int]] = {}
    for where, row in read_jsonl(questions_file):
        query = _seed_query(row, where)
        relevant = texts_of(row, "documents", where) if query.answerable else ()
        if query.answerable and not (relevant and query.answers):
            raise DatasetError(
                f"{where} is answerable but lacks documents or answers; give it both, "
                "or set answerable to false"
            )
        for doc_id in relevant:
            _known(doc_id, known, "document", "the seed documents", where)
        queries.append(query)
        if relevant:
            qrels[query.query_id] = dict.fromkeys(relevant, 1)
    _refuse_twice((q.query_id for q in queries), f"'{questions_file}'")
    return Dataset("seeds", tuple(documents), tuple(queries), qrels)


def _seed_query(row: Mapping[str, Any], where: str) -> Query:
    query_id = text_of(row, "id", where)
    return Query(
        query_id,
        text_of(row, "question", where),
        _language(row, "language", where),
        texts_of(row, "answers", where),
        flag_of(row, "answerable", where),
        _seed_split(query_id),
        text_of(row, "kind", where, "") or None,
    )


def _seed_split(query_id: str) -> str:
    """`tuning` where the last hexadecimal digit of the id's SHA-256 is even, else `reporting`."""
    last = hashlib.sha256(query_id.encode()).hexdigest()[-1]
    return "reporting" if int(last, 16) % 2 else "tuning"


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
