"""BM25 with rank-bm25's statistics and formula, from a sparse matrix of counts by term.

rank_bm25 walks every passage for every query term, and counts in a loop; here a query touches only
the passages that hold its terms, counting is sorting, and the scores are the same: the idf is
rank_bm25's own, and tests hold the scores to its own. Each language has its own N, df and average
length, so that a passage is judged among its likes. Counts are kept, not weights: a translated term
needs summed frequencies. Files are plain arrays and text, memory-mapped on load.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from scipy.sparse import csr_array

from index.arrays import mapped

# BM25Okapi's defaults (Trotman, Puurula & Burgess 2014 call this variant ATIRE).
K1 = 1.5
B = 0.75
EPSILON = 0.25
# A term in more than half of a tiny corpus has a floor that can fall below zero, and a match would
# then count against its passage; it may count for nothing much instead.
LOWEST_IDF = 1e-6

_ARRAYS = ("rows", "lengths", "idf", "indptr", "indices", "data")


@dataclass(frozen=True, slots=True)
class LanguageCounts:
    """The passages of one language.

    `rows[i]` is the index-wide row of its i-th passage, `counts` the `(n_terms, n_passages)` term
    frequencies, `lengths` the terms of each passage, `idf` that of each term, `spellings` the
    commonest word behind a term that is not that word itself.
    """

    rows: NDArray[np.int32]
    vocabulary: dict[str, int]
    counts: csr_array
    lengths: NDArray[np.int32]
    idf: NDArray[np.float64]
    spellings: Mapping[str, str] = field(default_factory=dict)
    floor: float = field(init=False)

    def __post_init__(self) -> None:
        """`floor` is the idf of a term of more than half of the passages."""
        df = np.diff(self.counts.indptr)
        raw = np.log((len(self.rows) - df + 0.5) / (df + 0.5))
        average = float(raw.mean()) if len(raw) else 0.0
        object.__setattr__(self, "floor", max(LOWEST_IDF, EPSILON * average))

    def scores(self, terms: Sequence[str]) -> NDArray[np.float64]:
        """BM25 of every passage of the language for a query, `(n_passages,)`, at least 0.

        A term that the query repeats counts each time, as in rank_bm25.
        """
        result = np.zeros(len(self.rows))
        if not len(self.rows):
            return result
        saturation = self._saturation()
        for term in terms:
            column = self.vocabulary.get(term)
            if column is None:
                continue
            passages, frequency = self._postings(column)
            weight = frequency * (K1 + 1) / (frequency + saturation[passages])
            result[passages] += self.idf[column] * weight
        return result

    def virtual_scores(
        self, terms: Sequence[Mapping[str, float]], weights: Sequence[float] | None = None
    ) -> NDArray[np.float64]:
        """The same for a query of virtual terms, each a mapping of terms to weights.

        A virtual term's frequency and document frequency are the weighted sums over its terms, the
        latter at most N (Darwish & Oard 2003). `weights`, one for each, multiply their scores.
        """
        result = np.zeros(len(self.rows))
        if not len(self.rows):
            return result
        saturation = self._saturation()
        frequency = np.zeros(len(self.rows))
        for i, virtual in enumerate(terms):
            touched = self._add_frequencies(virtual, frequency)
            weight = frequency[touched] * (K1 + 1) / (frequency[touched] + saturation[touched])
            share = 1.0 if weights is None else weights[i]
            # A passage touched twice gets the same value twice, and keeps one of them.
            result[touched] += share * self.virtual_idf(virtual) * weight
            frequency[touched] = 0
        return result

    def _add_frequencies(
        self, virtual: Mapping[str, float], frequency: NDArray[np.float64]
    ) -> NDArray[np.int32]:
        """Add a virtual term's frequencies to `(n_passages,)`; the passages touched, some twice."""
        touched = [np.zeros(0, np.int32)]
        for column, weight in self._columns(virtual):
            passages, found = self._postings(column)
            frequency[passages] += weight * found
            touched.append(passages)
        return np.concatenate(touched)

    def virtual_idf(self, virtual: Mapping[str, float]) -> float:
        """The idf of a virtual term, 0.0 when no passage holds any of its terms."""
        df = sum(weight * self._df(column) for column, weight in self._columns(virtual))
        return self._idf(min(df, len(self.rows))) if df else 0.0

    def _idf(self, df: float) -> float:
        """rank_bm25's, for a document frequency that need not be whole."""
        idf = math.log((len(self.rows) - df + 0.5) / (df + 0.5))
        return idf if idf >= 0 else self.floor

    def holding(self, terms: Iterable[str]) -> NDArray[np.int32]:
        """Index-wide rows of the passages that hold every one of `terms`, in order."""
        columns = {self.vocabulary.get(term, -1) for term in terms}
        if not columns or -1 in columns:
            return np.zeros(0, np.int32)
        rarest, *others = (self._postings(c)[0] for c in sorted(columns, key=self._df))
        found = np.asarray(rarest)
        for passages in others:
            found = np.intersect1d(found, passages, assume_unique=True)
        return np.asarray(self.rows[found], np.int32)

    def _columns(self, virtual: Mapping[str, float]) -> list[tuple[int, float]]:
        return [(self.vocabulary[t], w) for t, w in virtual.items() if t in self.vocabulary]

    def _df(self, column: int) -> int:
        return int(self.counts.indptr[column + 1] - self.counts.indptr[column])

    def _postings(self, column: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        span = slice(self.counts.indptr[column], self.counts.indptr[column + 1])
        return self.counts.indices[span], self.counts.data[span]

    def _saturation(self) -> NDArray[np.float64]:
        return np.asarray(K1 * (1 - B + B * self.lengths / self.lengths.mean()))

    def df_of(self, term: str) -> int:
        """In how many passages a term is."""
        column = self.vocabulary.get(term)
        return 0 if column is None else self._df(column)

    def idf_of(self, term: str) -> float:
        """The idf of a term, 0.0 when no passage holds it."""
        column = self.vocabulary.get(term)
        return 0.0 if column is None else float(self.idf[column])


def count(
    rows: Sequence[int],
    passages: Sequence[Sequence[str]],
    spellings: Mapping[str, str] | None = None,
) -> LanguageCounts:
    """Counts of the passages of one language, given each as its terms."""
    vocabulary = sorted({term for passage in passages for term in passage})
    places = {term: i for i, term in enumerate(vocabulary)}
    numbers = np.array([places[term] for passage in passages for term in passage], np.int32)
    lengths = np.array([len(passage) for passage in passages], np.int32)
    return from_numbers(rows, vocabulary, numbers, lengths, spellings or {})


def from_numbers(
    rows: Sequence[int],
    vocabulary: Sequence[str],
    numbers: NDArray[np.int32],
    lengths: NDArray[np.int32],
    spellings: Mapping[str, str],
) -> LanguageCounts:
    """The same from the places in `vocabulary` of all passages' terms, one passage after another,
    `lengths` of them each."""
    if not len(numbers):  # there is no average of no terms
        return _no_terms(rows)
    n = len(rows)
    keys = numbers.astype(np.int64) * n + np.repeat(np.arange(n), lengths)
    entries, frequencies = np.unique(keys, return_counts=True)
    terms, passages = (part.astype(np.int32) for part in np.divmod(entries, n))
    df = np.bincount(terms, minlength=len(vocabulary))
    starts = np.concatenate([[0], np.cumsum(df)]).astype(np.int32)
    counts = csr_array((frequencies.astype(np.int32), passages, starts), shape=(len(vocabulary), n))
    places = {term: i for i, term in enumerate(vocabulary)}
    okapi = _Counted(dict(zip(vocabulary, df.tolist(), strict=True)), lengths)
    idf = np.array([max(LOWEST_IDF, okapi.idf[term]) for term in vocabulary])
    return LanguageCounts(np.array(rows, np.int32), places, counts, lengths, idf, spellings)


class _Counted(BM25Okapi):  # type: ignore[misc]
    """rank_bm25's statistics of passages that are counted already: `df` by term, `lengths`."""

    def __init__(self, df: Mapping[str, int], lengths: NDArray[np.int32]) -> None:
        self._df = df
        super().__init__(lengths.tolist(), k1=K1, b=B, epsilon=EPSILON)

    def _initialize(self, corpus: Sequence[int]) -> Mapping[str, int]:
        """What rank_bm25 learns by reading every passage, from their lengths and the counts."""
        self.corpus_size, self.doc_len = len(corpus), list(corpus)
        self.avgdl = sum(corpus) / len(corpus)
        return self._df


def _no_terms(rows: Sequence[int]) -> LanguageCounts:
    nothing = csr_array(np.zeros((0, len(rows)), np.int32))
    lengths = np.ones(len(rows), np.int32)
    return LanguageCounts(np.array(rows, np.int32), {}, nothing, lengths, np.zeros(0))


def save(counts: LanguageCounts, folder: Path) -> None:
    """Write one language's counts into a new `folder`."""
    folder.mkdir(parents=True)
    for name in _ARRAYS:
        owner = counts.counts if name in {"indptr", "indices", "data"} else counts
        np.save(folder / f"{name}.npy", getattr(owner, name), allow_pickle=False)
    for name, kept in (("terms", list(counts.vocabulary)), ("spellings", dict(counts.spellings))):
        text = json.dumps(kept, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def load(folder: Path) -> LanguageCounts:
    """Read what `save` wrote; the arrays stay on disk until they are touched."""
    arrays = {name: mapped(folder / f"{name}.npy") for name in _ARRAYS}
    terms, spellings = (
        json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("terms", "spellings")
    )
    shape = (len(terms), len(arrays["rows"]))
    counts = csr_array((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
    vocabulary = {term: i for i, term in enumerate(terms)}
    return LanguageCounts(
        arrays["rows"], vocabulary, counts, arrays["lengths"], arrays["idf"], spellings
    )
