"""Query → Hits."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index import sentences, sparse
from index.analysis import term
from index.config import IndexConfig
from index.dense import DenseStore
from index.encoder import encoder_fingerprint, load_encoder
from index.errors import IndexBroken, IndexStale, InputError
from index.fusion import WEAKEST_BEST, dense_score, hybrid_score, ranked
from index.generations import Manifest, current, read_manifest, reading
from index.queries import content_words, language_of
from index.store import PassageStore
from index.text import valid
from index.translation import bundled_tables, virtual_term
from index.transliteration import Names
from index.types import Document, Hit, Passage, QueryTerm

Retriever = Literal["bm25", "dense", "hybrid"]
Vector = NDArray[np.float32]

# Candidates that each half contributes before the sentences are scored. The sentences of 2 x 50
# passages are embedded on the spot in some tens of milliseconds.
N_CANDIDATES = 50


# Passages whose sentence vectors are remembered: at five sentences of 256 dimensions each, 40 MB.
N_REMEMBERED = 8_000


class Searcher:
    """One generation, open for reading; safe to share between threads. Close it after use."""

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        try:
            self._load(folder)
        except BaseException:
            self._open.close()
            raise

    def _load(self, folder: Path) -> None:
        self._open.enter_context(reading(folder))
        self.manifest: Manifest = read_manifest(folder)
        _check_fresh(self.manifest)
        self.fingerprint = f"{self.manifest.fingerprint}-{self.manifest.encoder_fingerprint}"
        self._encoder = load_encoder(self.manifest.encoder)
        self._store = PassageStore(folder / "passages.sqlite")
        self._open.callback(self._store.close)
        self._dense = self._open.enter_context(DenseStore(folder / "chroma"))
        self._ids = self._store.passage_ids()
        self._sparse = {
            language: sparse.load(folder / "sparse" / language)
            for language in self.manifest.languages
        }
        self._sentences = sentences.load(folder, self._ids)
        self._recent: dict[str, Vector] = {}
        self._translator = bundled_tables()
        self._names = {x: Names(counts.vocabulary, x) for x, counts in self._sparse.items()}

    @classmethod
    def open(cls, index_dir: Path) -> "Searcher":
        """The current generation of an index directory.

        Raises IndexMissing, IndexBroken, or IndexStale when it was built with another encoder or
        another version of Sanad.
        """
        for _ in range(10):  # a writer may remove the generation between the look and the hold
            folder = current(index_dir)
            try:
                return cls(folder)
            except FileNotFoundError:
                continue
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

    def doc_ids(self) -> list[str]:
        """The ids of all documents, in order."""
        return list(self._store.hashes())

    def document(self, doc_id: str) -> Document | None:
        """The document of that id as it was loaded, or None."""
        return self._store.document(doc_id)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None."""
        return self._store.passages([passage_id]).get(passage_id)

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        retriever: Retriever = "hybrid",
        languages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The `k` best passages in the order (-score, passage_id); fewer when fewer match.

        `languages` (ISO 639-1) restricts the passages before anything is ranked.
        """
        if k < 1:
            raise InputError(f"k is {k}; at least 1 passage must be asked for")
        query = valid(query)
        if not query.strip():
            return []
        wanted = [x for x in self._sparse if languages is None or x in languages]
        n = max(k, N_CANDIDATES)
        if retriever == "bm25":
            return ranked(self._lexical_hits(query, wanted, n), k)
        vector = self._encoder.queries([query])[0]
        scores = self._candidates(query, vector, wanted, n, retriever)
        return ranked(self._score(vector, scores, self._best_bm25(query, wanted, scores)), k)

    def query_terms(self, query: str) -> dict[str, list[QueryTerm]]:
        """What the query's words are in the passages of each language of the index, in order."""
        return {language: self._query_terms(query, language) for language in self._sparse}

    def _query_terms(self, query: str, language: str) -> list[QueryTerm]:
        """The query's words as terms of one language: themselves, or their translations."""
        source, counts = language_of(query), self._sparse[language]
        asked = content_words(query)
        if source == language:
            plain = [term(word, language) for word in asked]
            return [
                QueryTerm(w, {t: 1.0}, counts.idf_of(t)) for w, t in zip(asked, plain, strict=True)
            ]
        names = self._names[language]
        found = [virtual_term(word, source, self._translator, names) for word in asked]
        return [QueryTerm(v.word, v.terms, counts.virtual_idf(v.terms), v.weight) for v in found]

    def _lexical(self, query: str, languages: Sequence[str], n: int) -> dict[str, float]:
        """BM25 of the `n` best passages by id, those that match no term left out."""
        found: list[tuple[str, float]] = []
        for language in languages:
            counts = self._sparse[language]
            scores = self._bm25(query, language)
            for i in _largest(scores, n):
                found.append((self._ids[counts.rows[i]], float(scores[i])))
        found.sort(key=lambda item: (-item[1], item[0]))
        return dict(found[:n])

    def _bm25(self, query: str, language: str) -> NDArray[np.float64]:
        """BM25 of every passage of a language; a query in another is translated term by term."""
        asked, counts = self._query_terms(query, language), self._sparse[language]
        if language_of(query) == language:
            return counts.scores([t for item in asked for t in item.terms])
        return counts.virtual_scores([t.terms for t in asked], [t.weight for t in asked])

    def _lexical_hits(self, query: str, languages: Sequence[str], n: int) -> list[Hit]:
        scores = self._lexical(query, languages, n)
        passages = self._store.passages(list(scores))
        return [Hit(passages[i], score, 0, {"bm25": score}) for i, score in scores.items()]

    def _candidates(
        self,
        query: str,
        vector: Vector,
        languages: Sequence[str],
        n: int,
        retriever: Retriever,
    ) -> dict[str, dict[str, float]]:
        """Each candidate's scores; a candidate of one half is scored by the other half too."""
        dense = self._dense.search(vector, n, languages)
        if retriever == "dense":
            return {i: {"dense": score} for i, score in dense.items()}
        lexical = self._lexical(query, languages, n)
        passages = self._store.passages([i for i in lexical if i not in dense])
        by_language: dict[str, list[str]] = {}
        for passage in passages.values():
            by_language.setdefault(passage.language, []).append(passage.passage_id)
        dense |= self._dense.cosines(vector, by_language)
        return {
            i: {"dense": score} | ({"bm25": lexical[i]} if i in lexical else {})
            for i, score in dense.items()
        }

    def _best_bm25(
        self,
        query: str,
        languages: Sequence[str],
        scores: Mapping[str, Mapping[str, float]],
    ) -> float:
        """What BM25 scores are divided by; 0 when nothing is to be added (`dense`)."""
        best = max((s.get("bm25", 0.0) for s in scores.values()), default=0.0)
        possible = max(
            (sum(t.idf * t.weight for t in self._query_terms(query, x)) for x in languages),
            default=0.0,
        )
        return max(best, WEAKEST_BEST * possible) if best else 0.0

    def _score(
        self, vector: Vector, scores: Mapping[str, dict[str, float]], best_bm25: float
    ) -> list[Hit]:
        passages = self._store.passages(list(scores))
        cosines = self._sentence_scores(vector, list(passages.values()))
        hits = []
        for passage_id, passage in passages.items():
            of_sentences = cosines[passage_id]
            parts = scores[passage_id] | {"sentence": max(of_sentences, default=0.0)}
            score = hybrid_score(parts, best_bm25) if best_bm25 else dense_score(parts)
            hits.append(Hit(passage, score, 0, parts, of_sentences))
        return hits

    def _sentence_scores(
        self, vector: Vector, passages: Sequence[Passage]
    ) -> dict[str, tuple[float, ...]]:
        """The cosine of every sentence of `passages` with the query, by passage id."""
        if self._sentences is not None:
            kept = self._sentences
            return {p.passage_id: tuple((kept[p.passage_id] @ vector).tolist()) for p in passages}
        vectors = self._sentence_vectors(passages)
        return {i: tuple((rows @ vector).tolist()) for i, rows in vectors.items()}

    def _sentence_vectors(self, passages: Sequence[Passage]) -> dict[str, Vector]:
        """Those of recent queries are remembered; the others are embedded in one go."""
        known = {
            i: rows for p in passages if (rows := self._recent.get(i := p.passage_id)) is not None
        }
        new = [p for p in passages if p.passage_id not in known]
        texts = [p.sentence(i) for p in new for i in range(len(p.sentences))]
        ends = np.cumsum([len(p.sentences) for p in new])
        made = np.split(self._encoder.passages(texts), ends[:-1]) if new else []
        fresh = {p.passage_id: rows for p, rows in zip(new, made, strict=True)}
        if len(self._recent) + len(fresh) > N_REMEMBERED:
            self._recent = {}  # a new one, for another thread may be reading the old
        self._recent |= fresh
        return known | fresh


def _broken(index_dir: Path) -> IndexBroken:
    return IndexBroken(
        f"the index at '{index_dir}' is damaged. Rebuild: sanad index PATH… --index {index_dir}"
    )


def _check_fresh(manifest: Manifest) -> None:
    """Raise IndexStale, in one line, when the index would now be built otherwise."""
    config = IndexConfig(manifest.encoder, manifest.min_words, manifest.max_words)
    if manifest.fingerprint != config.fingerprint:
        raise IndexStale(
            f"the index was built by another version of Sanad ({manifest.version}). "
            "Rebuild: sanad index PATH…"
        )
    found = encoder_fingerprint(manifest.encoder)
    if found != manifest.encoder_fingerprint:
        raise IndexStale(
            f"the index was built with another state of encoder '{manifest.encoder}' "
            f"({manifest.encoder_fingerprint}, now {found}). Rebuild: sanad index PATH…"
        )


def _largest(scores: NDArray[np.float64], n: int) -> NDArray[np.intp]:
    """Places of the `n` largest positive scores, in no order; ties at the edge are all kept, so
    that the order of the corpus decides nothing."""
    positive = np.flatnonzero(scores > 0)
    if len(positive) <= n:
        return positive
    edge = np.partition(scores[positive], len(positive) - n)[len(positive) - n]
    largest: NDArray[np.intp] = positive[scores[positive] >= edge]
    return largest
