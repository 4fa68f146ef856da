"""The running words of passages, as numbers: what stands in a candidate is told without its text.

A language's distinct words stand one after another in one array of UTF-8, a space before each; a
passage is the numbers of its words, in order. Counting has them anyway, see `counting`. Files are
plain arrays, memory-mapped on load.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped
from index.sparse import LanguageCounts

FOLDER = "words"
_ARRAYS = ("numbers", "starts", "terms", "letters", "places")


@dataclass(frozen=True, slots=True)
class Said:
    """What one passage says: of each word, in order, the place of its term in the vocabulary; and
    its distinct words as UTF-8, a space before and after each."""

    terms: list[int]
    words: bytes


@dataclass(frozen=True, slots=True)
class RunningWords:
    """The words of the passages of one language.

    Those of passage `i` are `numbers[starts[i] : starts[i + 1]]`; the term of word `j` is the
    `terms[j]`-th of the vocabulary, and its letters are `letters[places[j] : places[j + 1]]`.
    """

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    terms: NDArray[np.int32]
    letters: NDArray[np.uint8]
    places: NDArray[np.int64]

    def said(self, i: int) -> Said:
        """That of the `i`-th passage of the language."""
        numbers = self.numbers[self.starts[i] : self.starts[i + 1]]
        distinct = np.unique(numbers)
        spans = zip(self.places[distinct].tolist(), self.places[distinct + 1].tolist(), strict=True)
        letters = self.letters.data
        words = b"".join([letters[start:end] for start, end in spans])
        return Said(self.terms[numbers].tolist(), words + b" ")


class Running:
    """The running words of every passage of a generation, and its language, by row."""

    def __init__(self, folder: Path, counts: Mapping[str, LanguageCounts], n_rows: int) -> None:
        self._languages = list(counts)
        self._rows = [of.rows for of in counts.values()]
        self._words = [load(folder / FOLDER / language) for language in counts]
        self._language_of = np.zeros(n_rows, np.int32)
        for i, rows in enumerate(self._rows):
            self._language_of[rows] = i

    def language(self, row: int) -> str:
        """That of one passage."""
        return self._languages[int(self._language_of[row])]

    def said(self, row: int) -> Said:
        """What one passage says, its terms by their numbers in the counts of its language."""
        i = int(self._language_of[row])
        return self._words[i].said(int(np.searchsorted(self._rows[i], row)))


def running_words(
    words: list[str],
    terms: NDArray[np.int32],
    numbers: NDArray[np.int32],
    lengths: NDArray[np.int32],
) -> RunningWords:
    """From the distinct `words`, the place of each one's term in the vocabulary, and the `numbers`
    of the words of all passages, `lengths` of them each."""
    spelt = [f" {word}".encode() for word in words]
    places = np.concatenate([[0], np.cumsum([len(word) for word in spelt])]).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return RunningWords(numbers, starts, terms, np.frombuffer(b"".join(spelt), np.uint8), places)


def save(words: RunningWords, folder: Path) -> None:
    """Write those of one language into a new `folder`."""
    folder.mkdir(parents=True)
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(words, name), allow_pickle=False)


def load(folder: Path) -> RunningWords:
    """Read what `save` wrote; it stays on disk until it is touched."""
    return RunningWords(*(mapped(folder / f"{name}.npy") for name in _ARRAYS))
