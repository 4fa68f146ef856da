"""Passages to be judged: the best of several runs, pooled (Spärck Jones & van Rijsbergen 1975), in
an order that does not tell which run found them."""

import hashlib
from collections.abc import Container, Iterable
from dataclasses import dataclass

from eval.datasets import Dataset, Query
from eval.runs import Run
from index.errors import InputError
from index.types import Document


@dataclass(frozen=True, slots=True)
class Item:
    """A document to be judged for a query."""

    query: Query
    document: Document

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of both."""
        return self.query.query_id, self.document.doc_id


def pooled(
    runs: Iterable[Run],
    dataset: Dataset,
    depth: int,
    seed: int,
    judged: Container[tuple[str, str]] = (),
) -> list[Item]:
    """The first `depth` documents of every run, each once for each query, without those that the
    set's qrels or `judged` hold; queries in the order of the set, their documents shuffled.

    Raises InputError for a run that names a query or a document which the set lacks.
    """
    queries = {query.query_id: query for query in dataset.queries}
    documents = {document.doc_id: document for document in dataset.documents}
    found: dict[str, set[str]] = {}
    for run in runs:
        _check(run.found, queries, "query")
        for query_id, pairs in run.found.items():
            found.setdefault(query_id, set()).update(doc_id for doc_id, _ in pairs[:depth])
    for doc_ids in found.values():
        _check(doc_ids, documents, "document")
    return [
        Item(queries[query_id], documents[doc_id])
        for query_id in queries
        for doc_id in sorted(found.get(query_id, ()), key=lambda i: _shuffled(seed, query_id, i))
        if doc_id not in dataset.qrels.get(query_id, {}) and (query_id, doc_id) not in judged
    ]


def _check(found: Iterable[str], known: Container[str], what: str) -> None:
    for name in found:
        if name not in known:
            raise InputError(
                f"a run names the {what} '{name}', which is not in the data; give the data that it "
                "was made from"
            )


def _shuffled(seed: int, query_id: str, doc_id: str) -> str:
    """A place that hangs on nothing but the seed and the pair: whatever was judged before and
    however many runs are pooled, the order is the same."""
    return hashlib.sha256(f"{seed}\t{query_id}\t{doc_id}".encode()).hexdigest()
