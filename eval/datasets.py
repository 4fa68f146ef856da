"""Evaluation sets: documents, queries, and which documents answer which query."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from index.errors import DatasetError
from index.languages import UNKNOWN, detect, script_of, script_of_language
from index.types import Document, Section

# A code of two or three letters; what may follow it (`pt-BR`) is dropped.
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:-[a-zA-Z0-9]{1,8})*")

# Bounded, because Python refuses to read a number of thousands of digits.
RELEVANCE = re.compile(r"-?\d{1,9}")

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
    rows = [(q.query_id, dataset.qrels[q.query_id]) for q in queries if q.query_id in dataset.qrels]
    qrels = {query_id: cut for query_id, row in rows if (cut := _cut(row, known))}
    return Dataset(dataset.name, documents, queries, qrels)


def _cut(row: Mapping[str, int], known: Set[str]) -> Mapping[str, int]:
    """What is left of one query's qrels; nothing when all that was relevant is cut away."""
    left = {doc_id: relevance for doc_id, relevance in row.items() if doc_id in known}
    lost = len(left) < len(row)
    return {} if lost and max(left.values(), default=0) < 1 else left


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
    refuse_twice((d.doc_id for d in documents), f"the corpora of {name}")
    refuse_twice((q.query_id for q in queries), f"the queries of {name}")
    return Dataset(name, documents, queries, {i: r for d in datasets for i, r in d.qrels.items()})


def document_language(document: Document) -> str:
    """The language in which most of `document` is written, as its sections tell."""
    sizes: Counter[str] = Counter()
    for section in document.sections:
        sizes[section.language] += section.end - section.start
    return max(sorted(sizes), key=lambda language: sizes[language], default=UNKNOWN)


def entry(
    doc_id: str, title: str, body: str, language: str, published: date | None = None
) -> Document:
    """An entry of a corpus as a document of one section, its title above its text."""
    text = f"{title}\n\n{body}" if title.strip() else body
    heading = title if title.strip() else None
    section = Section(0, len(text), title=heading, date=published, language=language)
    return Document(doc_id, text, hashlib.sha256(text.encode()).hexdigest(), (section,))


def gather_qrels(judged: Iterable[tuple[str, str, str, int]], doc_ids: Set[str]) -> Qrels:
    """Qrels of place, query, document and relevance. Raises DatasetError for a document that is not
    among `doc_ids`, and for a pair that is judged twice."""
    qrels: dict[str, dict[str, int]] = {}
    for where, query_id, doc_id, relevance in judged:
        check_known(doc_id, doc_ids, "document", "the corpus", where)
        row = qrels.setdefault(query_id, {})
        if doc_id in row:
            raise DatasetError(
                f"{where} judges '{query_id}' and '{doc_id}' again; remove one of the lines"
            )
        row[doc_id] = relevance
    return qrels


def with_languages(dataset: Dataset, language: str | None = None) -> Dataset:
    """The set with a language for everything that names none: `language`, or what it looks like.

    A query is too short to tell well: it is in a language of the corpus, if any of its script.
    """
    documents = tuple(_in_language(document, language) for document in dataset.documents)
    counts = Counter(map(document_language, documents))
    held = sorted(languages_of(map(document_language, documents)), key=lambda x: counts[x])
    usual = {script_of_language(x): x for x in held}  # the commonest of each script, which is last

    def told(query: Query) -> Query:
        if query.language != UNKNOWN:
            return query
        found = language or detect(query.text)
        likely = usual.get(script_of(query.text), found)
        return replace(query, language=found if found in {language, *held} else likely)

    return replace(dataset, documents=documents, queries=tuple(map(told, dataset.queries)))


def _in_language(document: Document, language: str | None) -> Document:
    if all(section.language != UNKNOWN for section in document.sections):
        return document
    sections = (
        replace(section, language=language or detect(document.text[section.start : section.end]))
        if section.language == UNKNOWN
        else section
        for section in document.sections
    )
    return replace(document, sections=tuple(sections))


def languages_of(items: Iterable[str]) -> list[str]:
    """The languages in which at least a twentieth of the items is, in order: a few in another are
    as likely mistaken."""
    counts = Counter(items)
    return sorted(x for x, n in counts.items() if n >= 0.05 * counts.total())


def language_code(text: str) -> str:
    """A language code; UNKNOWN for what is none, since reports and caches are named by it."""
    found = _LANGUAGE.fullmatch(text.strip())
    return found[1].lower() if found else UNKNOWN


def refuse_twice(ids: Iterable[str], place: str) -> None:
    """Raise DatasetError when an id occurs twice."""
    twice = [i for i, n in Counter(ids).items() if n > 1]
    if twice:
        raise DatasetError(
            f"the id '{twice[0]}' occurs more than once in {place}; every entry needs its own"
        )


def check_known(found: str, known: Set[str], what: str, file: str, where: str) -> None:
    """Raise DatasetError when the id `found` is not among those `known`."""
    if found not in known:
        raise DatasetError(f"{where} names the {what} '{found}', which is not in {file}; add it")
