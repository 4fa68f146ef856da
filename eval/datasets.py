"""Evaluation sets: documents, queries, and which documents answer which query."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Any

from index.errors import DatasetError
from index.types import Document

UNKNOWN = "und"
# A code of two or three letters; what may follow it (`pt-BR`) is dropped.
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:-[a-zA-Z0-9]{1,8})*")

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


def check_known(found: str, known: set[str], what: str, file: str, where: str) -> None:
    """Raise DatasetError when the id `found` is not among those `known`."""
    if found not in known:
        raise DatasetError(f"{where} names the {what} '{found}', which is not in {file}; add it")
