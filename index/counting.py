"""Texts → the counts of BM25 and their running words, each distinct one folded and stemmed once.

What lies between white space folds by itself, and no word spans white space: a text's words are
those of its pieces, one after another. A test holds this to `analysis.terms`.
"""

import numpy as np
from numpy.typing import NDArray

from index.analysis import spellings, term, words
from index.running import RunningWords, running_words
from index.sparse import LanguageCounts, from_numbers

Numbers = NDArray[np.int32]


class TermCounter:
    """Counts the passages of one language, given one after another."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._places: dict[str, int] = {}
        # The words of a piece as the bytes of their 32-bit numbers: what is joined needs no loop.
        self._words: dict[str, bytes] = {}
        self._rows: list[int] = []
        self._passages: list[bytes] = []

    def add(self, row: int, text: str) -> None:
        """The passage in that row of the index."""
        pieces, known = text.split(), self._words
        for piece in pieces:
            if piece not in known:
                known[piece] = self._numbers(piece)
        self._rows.append(row)
        self._passages.append(b"".join([known[piece] for piece in pieces]))

    def _numbers(self, piece: str) -> bytes:
        places = self._places
        found = [places.setdefault(word, len(places)) for word in words(piece)]
        return np.array(found, np.int32).tobytes()

    def counts(self) -> tuple[LanguageCounts, RunningWords]:
        """The counts of all passages, which should be in the order of their rows, and what words
        they are of."""
        lengths = np.array([len(passage) // 4 for passage in self._passages], np.int32)
        numbers = np.frombuffer(b"".join(self._passages), np.int32)
        found = np.bincount(numbers, minlength=len(self._places)).tolist()
        spelt = spellings(dict(zip(self._places, found, strict=True)), self._language)
        vocabulary, of_word = self._terms()
        counts = from_numbers(self._rows, vocabulary, of_word[numbers], lengths, spelt)
        return counts, running_words(list(self._places), of_word, numbers, lengths)

    def _terms(self) -> tuple[list[str], Numbers]:
        """The terms in order, and the place of each word's."""
        of_words = [term(word, self._language) for word in self._places]
        vocabulary = sorted(set(of_words))
        places = {known: place for place, known in enumerate(vocabulary)}
        return vocabulary, np.array([places[found] for found in of_words], np.int32)
