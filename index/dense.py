"""Vectors in Chroma: embedded, persistent, one collection a language.

A collection a language makes a search in one language as quick as one in all: Chroma's metadata
filters cost time in proportion to the corpus. A score is the cosine, 1 minus Chroma's distance.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexBroken

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]

# Graphs built in two thirds of the time that Chroma's own take (100, 16, 100): with more neighbours
# and half as many again explored in a search, they find as many of the nearest 50; see "Speed" in
# eval/LOG.md. At least as many are explored as are asked for, or HNSW returns fewer.
_GRAPH: "CreateHNSWConfiguration" = {
    "space": "cosine",
    "ef_construction": 48,
    "max_neighbors": 20,
    "ef_search": 300,
}
# SQLite, under Chroma, binds a limited number of ids in one statement.
_BATCH = 1_000

# Chroma counts the clients of a process in a table that it does not guard.
_CLIENTS = threading.Lock()


class DenseStore:
    """The `chroma/` folder of one generation. Close it after use.

    Raises IndexBroken when it cannot be opened, or is not there and not to be made (`create`).
    """

    def __init__(self, folder: Path, create: bool = False) -> None:
        if not create and not (folder / "chroma.sqlite3").is_file():
            raise IndexBroken(f"the vectors at '{folder}' are lost. Rebuild: sanad index PATH…")
        with _CLIENTS:
            self._client = _open(folder)
            self._collections: dict[str, Collection] = {
                collection.name.removeprefix("passages-"): collection
                for collection in self._client.list_collections()
            }
        # To count is a query of its own in SQLite, as dear as the search.
        self._counts: dict[str, int] = {}

    def close(self) -> None:
        """Release Chroma's files."""
        with _CLIENTS:
            self._client.close()

    def count(self) -> int:
        """Vectors in all languages."""
        return sum(map(self._count, self._collections))

    def add(self, language: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        """Add or replace the vectors of passages of one language, rows in the order of the ids."""
        collection = self._collection(language)
        self._counts.clear()
        size = min(self._client.get_max_batch_size(), 5_000)
        for start in range(0, len(passage_ids), size):
            collection.upsert(
                ids=list(passage_ids[start : start + size]),
                embeddings=vectors[start : start + size],
            )

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Remove passages, whatever their language; unknown ids are ignored."""
        self._counts.clear()
        for batch in _batches(passage_ids, _BATCH):
            for collection in self._collections.values():
                collection.delete(ids=batch)

    def search(
        self, vector: Vectors, n: int, languages: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Cosines of the `n` nearest passages by id, nearest first, in `languages` (None: all)."""
        found: list[tuple[str, float]] = []
        for language, collection in self._collections.items():
            if languages is None or language in languages:
                found.extend(_nearest(collection, vector, min(n, self._count(language))))
        found.sort(key=lambda item: (-item[1], item[0]))
        return dict(found[:n])

    def _count(self, language: str) -> int:
        if language not in self._counts:
            self._counts[language] = self._collections[language].count()
        return self._counts[language]

    def _collection(self, language: str) -> "Collection":
        if language not in self._collections:
            self._collections[language] = self._client.create_collection(
                f"passages-{language}",
                embedding_function=None,
                configuration={"hnsw": _GRAPH},
            )
        return self._collections[language]


def _open(folder: Path) -> "Client":
    import chromadb  # noqa: PLC0415 - a second
    from chromadb.config import Settings  # noqa: PLC0415

    try:
        client = chromadb.PersistentClient(
            path=str(folder), settings=Settings(anonymized_telemetry=False)
        )
    except Exception as error:  # Chroma's Rust half raises its own kinds
        raise IndexBroken(
            f"the vectors at '{folder}' cannot be opened. Rebuild: sanad index --rebuild PATH…"
        ) from error
    return cast("Client", client)


def _nearest(collection: "Collection", vector: Vectors, n: int) -> Iterator[tuple[str, float]]:
    if not n:
        return
    result: Any = collection.query(
        query_embeddings=vector[None, :], n_results=n, include=["distances"]
    )
    for passage_id, distance in zip(result["ids"][0], result["distances"][0], strict=True):
        yield passage_id, 1.0 - float(distance)


def _batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
