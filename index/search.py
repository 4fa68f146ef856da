"""Query → Hits."""

import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index import sentences, sparse, vectors
from index.catalogue import Holdings, check_matches, holdings, n_matching, n_undated
from index.columns import Columns, Rows
from index.dense import DenseStore
from index.encoder import load_encoder
from index.errors import IndexBroken, InputError
from index.explain import Explanation, explain
from index.filters import EVERYTHING, Filter, Selection, select
from index.freshness import check_fresh
from index.fusion import Candidate, ordered_candidates, read, shares
from index.generations import Manifest, current, pointer, read_manifest, reading
from index.lexical import LexicalSearch, Match
from index.nearest import DenseSearch
from index.phrases import PhraseSearch
from index.queries import Query, language_of, parse
from index.reranker import N_RERANKED, Reranker, reranked
from index.running import Running
from index.scale import scale_of
from index.store import PassageStore
from index.translation import bundled_tables
from index.types import Document, Hit, Passage, QueryTerm, Section
from index.wording import Asked, Wording

Retriever = Literal["bm25", "dense", "hybrid"]
Vector = NDArray[np.float32]

# Candidates that each half contributes before the sentences are scored.
N_CANDIDATES = 50
# Of them, the best by both halves, whose wording is looked at. With 50 no figure was better.
N_READ = 25


class Searcher:
    """One generation, open for reading; safe to share between threads. Close it after use."""

    def __init__(self, folder: Path, reranker: Reranker | None = None) -> None:
        self._open = ExitStack()
        # Whoever drops the last reference closes it, too.
        weakref.finalize(self, self._open.close)
        self.reranker = reranker
        try:
            self._load(folder)
        except BaseException:
            self._open.close()
            raise

    def _load(self, folder: Path) -> None:
        self._open.enter_context(reading(folder))
        self.manifest: Manifest = read_manifest(folder)
        check_fresh(self.manifest)
        self.fingerprint = f"{self.manifest.fingerprint}-{self.manifest.encoder_fingerprint}"
        if self.reranker:
            self.fingerprint += f"-{self.reranker.fingerprint}"
        self._encoder = load_encoder(self.manifest.encoder, offline=True)
        self._scale = scale_of(self.manifest.encoder, self.manifest.unrelated)
        self._store = PassageStore(folder / "passages.sqlite")
        self._open.callback(self._store.close)
        graphs = DenseStore(folder / "chroma")
        self._open.callback(graphs.close)
        self._beside = self._open.enter_context(ThreadPoolExecutor())
        if graphs.count() != self.manifest.n_passages:
            raise IndexBroken(f"'{folder / 'chroma'}' does not hold a vector for each passage")
        self._ids = self._store.passage_ids()
        self._rows = {passage_id: row for row, passage_id in enumerate(self._ids)}
        self._dense = DenseSearch(graphs, vectors.load(folder), self._rows, self._scale)
        counts = {x: sparse.load(folder / "sparse" / x) for x in self.manifest.languages}
        self._counts = counts
        self._lexical = LexicalSearch(counts, bundled_tables())
        self._phrases = PhraseSearch(counts, partial(_texts, self._store, self._ids))
        self._columns = Columns(folder)
        self._sentences = sentences.load(folder, self._encoder, self._scale)
        self._running = Running(folder, counts, len(self._ids))

    @classmethod
    def open(cls, index_dir: Path, reranker: Reranker | None = None) -> "Searcher":
        """The current generation of an index directory; a `reranker` has the last word on the first
        hits of every search.

        Raises IndexMissing, IndexBroken, IndexStale when it was built with another encoder or
        another version of Sanad, or ModelError when its encoder is not on this machine.
        """
        for _ in range(10):  # a writer may remove the generation between the look and the hold
            before = pointer(index_dir)
            try:
                return cls(current(index_dir), reranker)
            except (FileNotFoundError, IndexBroken) as error:
                if pointer(index_dir) == before:
                    raise _broken(index_dir) from error
            except (sqlite3.Error, ValueError) as error:
                raise _broken(index_dir) from error
        raise _broken(index_dir)

    def __enter__(self) -> "Searcher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files of the generation."""
        self._open.close()

    def hashes(self) -> dict[str, str]:
        """The sha256 of each document by `doc_id`, in order."""
        return self._store.hashes()

    def sha256(self, doc_id: str) -> str:
        """The sha256 of the document of that id; "" when there is none."""
        return self._store.sha256(doc_id)

    def document(self, doc_id: str) -> Document | None:
        """The document of that id as it was loaded, or None."""
        return self._store.document(doc_id)

    def sections(self) -> dict[str, tuple[Section, ...]]:
        """What is known of the articles in each document, by `doc_id`, in order."""
        return dict(self._store.sections())

    def passages_of(self, doc_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        return self._store.passages_of(doc_id)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None."""
        return self._store.passages([passage_id]).get(passage_id)

    def search(
        self,
        query: str | Query,
        k: int = 10,
        *,
        retriever: Retriever = "hybrid",
        filters: Filter = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages in the order (-score, passage_id); fewer when fewer match.

        `filters`, phrases in quotation marks and words after a hyphen in `query` restrict the
        passages before anything is ranked. A text that means no such thing by its quotation marks
        and hyphens goes in as `Query(text)`. Raises InputError when `k` is less than 1,
        NothingToFind when the query says only what to leave out.
        """
        if k < 1:
            raise InputError(f"k is {k}; at least 1 passage must be asked for")
        asked = parse(query) if isinstance(query, str) else query
        if not asked.text.strip():
            return []
        selection = self._phrases.narrow(select(self._columns, filters), asked)
        languages = self._languages(filters)
        n = max(k, N_CANDIDATES)
        if retriever == "bm25":
            matches = self._matches(asked.text, n, languages, selection)
            return self._first(asked.text, self._lexical_candidates(matches), k)
        vector = self._encoder.queries([asked.text])[0]
        # Chroma lets go of Python's lock, so that both halves search at once.
        dense = self._beside.submit(self._dense.search, vector, n, languages, selection)
        matches = {} if retriever == "dense" else self._matches(asked.text, n, languages, selection)
        near = dense.result()
        found = list(self._score(asked.text, vector, near, matches))
        if retriever == "hybrid":
            found = read(found, self._wording(asked.text, languages), N_READ)
        return self._first(asked.text, found, k)

    def _wording(self, query: str, languages: Iterable[str]) -> Callable[[Candidate], Wording]:
        """How the passage of a candidate words the query."""
        source = language_of(query)
        asked = {
            x: Asked(self._lexical.query_terms(query, x), self._counts[x].vocabulary, x == source)
            for x in languages
        }

        def wording(found: Candidate) -> Wording:
            return asked[self._running.language(found.row)].wording(self._running.said(found.row))

        return wording

    def _first(self, query: str, found: Iterable[Candidate], k: int) -> list[Hit]:
        """The best `k`, by the reranker where there is one; only their passages are read."""
        wanted = ordered_candidates(found)[: max(k, N_RERANKED) if self.reranker else k]
        passages = self._store.passages([each.passage_id for each in wanted])
        hits = [each.hit(passages[each.passage_id], i) for i, each in enumerate(wanted, start=1)]
        return reranked(self.reranker, query, hits)[:k] if self.reranker else hits

    def holdings(self) -> Holdings:
        """What there is to filter by."""
        return holdings(self._columns)

    def latest_titles(self, n: int) -> dict[str, list[str]]:
        """The titles of the `n` latest sections in each language, the latest first."""
        return self._store.latest_titles(n)

    def n_matching(self, filters: Filter) -> int:
        """How many passages satisfy a filter."""
        return n_matching(self._columns, filters)

    def check_matches(self, filters: Filter) -> int:
        """How many passages a filter leaves out only because they have no date. Raises InputError,
        with what was asked for and what the index has, when nothing satisfies it."""
        check_matches(self._columns, filters)
        return n_undated(self._columns, filters) if filters.dated else 0

    def wording(self, asked: Sequence[str], n: int, filters: Filter = EVERYTHING) -> list[Passage]:
        """The `n` passages that hold the most of these folded words themselves, best first."""
        rows = self._phrases.most_alike(asked, n, select(self._columns, filters))
        found = self._store.passages([self._ids[row] for row in rows])
        return [found[self._ids[row]] for row in rows]

    def query_terms(self, query: str) -> dict[str, list[QueryTerm]]:
        """What the query's words are in the passages of each language of the index, in order."""
        return {x: self._lexical.query_terms(query, x) for x in self._lexical.languages}

    def explain(self, query: str | Query, hit: Hit) -> Explanation:
        """Why `search` found a hit for this query."""
        text = (parse(query) if isinstance(query, str) else query).text
        asked = self._lexical.terms_by_word(text, hit.passage.language)
        return explain(text, hit, asked, bundled_tables())

    def _languages(self, filters: Filter) -> dict[str, int]:
        """The languages that are searched, with their numbers of passages."""
        held = self.manifest.languages
        return {x: n for x, n in held.items() if not filters.languages or x in filters.languages}

    def _matches(
        self, query: str, n: int, languages: Iterable[str], selection: Selection
    ) -> dict[int, Match]:
        """The best `n` of the lexical half by row, best first."""
        return {m.row: m for m in self._lexical.search(query, n, languages, selection)}

    def _lexical_candidates(self, matches: Mapping[int, Match]) -> list[Candidate]:
        return [
            Candidate(
                *(row, self._ids[row], False, {"bm25": match.bm25}, {"bm25": match.share}),
                ranks={"bm25": rank},
            )
            for rank, (row, match) in enumerate(matches.items(), start=1)
        ]

    def _score(
        self, query: str, vector: Vector, near: Mapping[int, float], matches: Mapping[int, Match]
    ) -> Iterator[Candidate]:
        """Candidates with the scores of both halves and of their sentences; `near` and `matches`
        are what each half found, best first."""
        cosines = {
            **near,
            **self._dense.cosines(vector, [row for row in matches if row not in near]),
        }
        source = language_of(query)
        ranks = {"dense": _ranks(near), "bm25": _ranks(matches)}
        of_sentences = self._sentences.cosines(vector, list(cosines))
        for (row, cosine), each in zip(cosines.items(), of_sentences, strict=True):
            said, match = tuple(each.tolist()), matches.get(row)
            scores = {"dense": cosine, "sentence": max(said, default=0.0)}
            if match:
                scores["bm25"] = match.bm25
            lexical = match.share if match else 0.0
            parts = shares(cosine, scores["sentence"], lexical, self._scale.weight)
            places = {half: of[row] for half, of in ranks.items() if row in of}
            own = self._running.language(row) == source
            yield Candidate(row, self._ids[row], own, scores, parts, said, places)

    def sentence_cosines(self, text: str, passages: Sequence[Passage]) -> dict[str, list[float]]:
        """The cosine of every sentence of `passages` with a claim, by passage id."""
        rows = [self._rows[p.passage_id] for p in passages]
        vector = self._encoder.passages([text])[0]
        read = map(self._scale.of_claims, self._sentences.cosines(vector, rows))
        return {p.passage_id: of.tolist() for p, of in zip(passages, read, strict=True)}


def _texts(store: PassageStore, ids: Sequence[str], rows: Rows) -> list[str]:
    return store.texts([ids[row] for row in rows])


def _ranks(found: Iterable[int]) -> dict[int, int]:
    return {row: rank for rank, row in enumerate(found, start=1)}


def _broken(index_dir: Path) -> IndexBroken:
    return IndexBroken(
        f"the index at '{index_dir}' is damaged. Rebuild: sanad index PATH… --index {index_dir}"
    )
