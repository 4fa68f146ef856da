"""How a search is evaluated: queries → passages → the entries they are cut from."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from eval.datasets import Dataset, document_language
from eval.runs import Run, Scored, ordered_pairs, untied
from index.build import index_documents
from index.config import IndexConfig
from index.encoder import encoder_fingerprint
from index.errors import InputError, StoreError
from index.filters import Filter
from index.queries import Query
from index.reranker import Reranker
from index.search import Retriever, Searcher
from index.types import Document, Hit

# How deep a run goes: as far as R@100 looks.
K = 100
# Where indexes for measurements are kept.
CACHE = Path("data/eval")


class System(Protocol):
    """Something that searches a set. `config` says how, `fingerprint` what its index is made of."""

    @property
    def name(self) -> str:
        """What its runs are called."""

    @property
    def config(self) -> Mapping[str, str | int]:
        """How it searches."""

    @property
    def fingerprint(self) -> str | None:
        """Changes with the index."""

    def run(self, dataset: Dataset, languages: Sequence[str] | None = None) -> Run:
        """The best entries for each query that has qrels, of the documents in `languages` (None:
        in all)."""


@dataclass(frozen=True)
class Search:
    """Our own search as a System: the `k` best entries of those that `searcher` holds.

    An entry scores what its best passage does. Documents that are not in the data set are passed
    over.
    """

    searcher: Searcher
    retriever: Retriever = "hybrid"
    k: int = K
    progress: bool = False

    @property
    def name(self) -> str:
        """See `System`."""
        return f"{self.retriever}-reranked" if self.searcher.reranker else self.retriever

    @property
    def config(self) -> Mapping[str, str | int]:
        """See `System`."""
        made, last = self.searcher.manifest, self.searcher.reranker
        return {
            "encoder": made.encoder,
            "min_words": made.min_words,
            "max_words": made.max_words,
            "retriever": self.retriever,
            "k": self.k,
            **({"reranker": last.name} if last else {}),
        }

    @property
    def fingerprint(self) -> str | None:
        """See `System`."""
        return self.searcher.fingerprint

    def run(self, dataset: Dataset, languages: Sequence[str] | None = None) -> Run:
        """See `System`; fewer than `k` entries where fewer match."""
        known = {document.doc_id for document in dataset.documents}
        queries = [query for query in dataset.queries if query.query_id in dataset.qrels]
        label = " ".join([self.retriever, *(languages or ())])
        bar = tqdm(queries, label, disable=None if self.progress else True, unit=" queries")
        return Run(self.name, {q.query_id: self._entries(q.text, languages, known) for q in bar})

    def _entries(self, text: str, languages: Sequence[str] | None, known: Set[str]) -> list[Scored]:
        """Asks for ever more passages until they come from `k` entries, or no more are found."""
        n = _enough(self.searcher, self.k)
        # A question of a data set quotes what it likes: its quotation marks demand nothing.
        query, filters = Query(text), Filter(languages or ())
        while True:
            hits = self.searcher.search(query, n, retriever=self.retriever, filters=filters)
            best = _best(hit for hit in hits if hit.passage.doc_id in known)
            if len(best) >= self.k or len(hits) < n:
                return untied(ordered_pairs(best.items())[: self.k])
            n *= 2


def _enough(searcher: Searcher, k: int) -> int:
    """How many passages come from at least `k` documents, as far as their numbers tell."""
    n_passages, n_documents = searcher.manifest.n_passages, searcher.manifest.n_documents
    return k + max(0, min(n_passages - n_documents, k * n_passages // max(1, n_documents)))


def _best(hits: Iterable[Hit]) -> dict[str, float]:
    """The score of the best passage of each document."""
    best: dict[str, float] = {}
    for hit in hits:
        doc_id = hit.passage.doc_id
        best[doc_id] = max(hit.score, best.get(doc_id, hit.score))
    return best


def cached_searcher(
    documents: Sequence[Document],
    config: IndexConfig,
    cache_dir: Path,
    progress: bool = False,
    reranker: Reranker | None = None,
) -> Searcher:
    """An index of exactly these documents, built under `cache_dir` unless it is there already."""
    index_dir = cache_dir / _key(documents, config)
    try:
        return Searcher.open(index_dir, reranker)
    except StoreError:  # missing, or stale or broken: nothing but this function writes there
        index_documents(documents, index_dir, config, progress=progress)
        return Searcher.open(index_dir, reranker)


def check_holds(searcher: Searcher, documents: Sequence[Document], index_dir: Path) -> None:
    """Raise InputError unless the index holds every document: what it lacks would count as not
    found."""
    lacking = [d.doc_id for d in documents if searcher.document(d.doc_id) is None]
    if lacking:
        raise InputError(
            f"the index at '{index_dir}' lacks {len(lacking)} of the {len(documents)} documents "
            f"of the data set, '{lacking[0]}' first; leave out --index to have one built"
        )


def corpus_sha256(documents: Iterable[Document]) -> str:
    """A digest that changes with an entry, its id or its language."""
    rows = sorted((d.doc_id, d.sha256, document_language(d)) for d in documents)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _key(documents: Iterable[Document], config: IndexConfig) -> str:
    """Sixteen hexadecimal digits that change with the corpus, the settings or the encoder."""
    made_with = [corpus_sha256(documents), config.fingerprint, encoder_fingerprint(config.encoder)]
    return hashlib.sha256(json.dumps(made_with).encode()).hexdigest()[:16]
