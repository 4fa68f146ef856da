"""Which words translate which: IBM Model 1 (Brown et al. 1993) in both directions at once.

The two directions are made to agree: a link's expected count is the product of its two posteriors
(Liang, Taskar & Klein 2006), which leaves rare words fewer of the common words' counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from index.analysis import term, words
from index.training.pairs import DAMPING, Pair

Ids = NDArray[np.int32]
Floats = NDArray[np.float64]

# Distinct words a side: a longer pair says little of each word, and costs its square.
LONGEST = 40


class Lexicon:
    """The words of one language, numbered as they are met, with their stem classes."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._ids: dict[str, int] = {}
        self._known: dict[str, Ids] = {}

    def encode(self, text: str) -> Ids:
        """The distinct words of `text`, sorted ids."""
        if text not in self._known:
            ids = {self._ids.setdefault(word, len(self._ids)) for word in words(text)}
            self._known[text] = np.array(sorted(ids), np.int32)
        return self._known[text]

    @property
    def words(self) -> list[str]:
        """By id."""
        return list(self._ids)

    def classes(self) -> Ids:
        """Of each word, the first word of the same stem."""
        first: dict[str, int] = {}
        return np.array(
            [first.setdefault(term(w, self.language), i) for w, i in self._ids.items()], np.int32
        )


@dataclass(frozen=True, slots=True)
class Side:
    """Which words stand in which sentences: parallel arrays, sorted by sentence."""

    sentences: Ids
    words: Ids


@dataclass(frozen=True, slots=True)
class Bitext:
    """Aligned sentences of two languages, and what each pair weighs."""

    left: Side
    right: Side
    weights: Floats


def bitext(pairs: Sequence[Pair], left: Lexicon, right: Lexicon) -> Bitext:
    """`pairs` as numbers; those with nothing or too much on one side left out."""
    n_by_source: dict[str, int] = {}
    for pair in pairs:
        n_by_source[pair.source] = n_by_source.get(pair.source, 0) + 1
    sides: tuple[list[Ids], list[Ids]] = ([], [])
    weights: list[float] = []
    for pair in pairs:
        a, b = left.encode(pair.left), right.encode(pair.right)
        if 0 < len(a) <= LONGEST and 0 < len(b) <= LONGEST:
            sides[0].append(a)
            sides[1].append(b)
            weights.append(n_by_source[pair.source] ** (DAMPING - 1))
    return Bitext(_side(sides[0]), _side(sides[1]), np.array(weights))


def _side(sentences: Sequence[Ids]) -> Side:
    lengths = [len(sentence) for sentence in sentences]
    numbers = np.repeat(np.arange(len(sentences), dtype=np.int32), lengths)
    return Side(numbers, np.concatenate([*sentences, np.zeros(0, np.int32)]))


def by_class(side: Side, classes: Ids) -> Side:
    """The stem classes that stand in the sentences, each once a sentence."""
    n = len(classes)
    keys = np.unique(side.sentences * np.int64(n) + classes[side.words])
    return Side((keys // n).astype(np.int32), (keys % n).astype(np.int32))


def model1(text: Bitext, n_left: int, n_right: int, iterations: int) -> tuple[csr_array, csr_array]:
    """t(right | left), `(n_left, n_right)`, and t(left | right), `(n_right, n_left)`."""
    left_at, right_at = _links(text)  # of each possible link, its place in either side
    lefts, rights = text.left.words[left_at], text.right.words[right_at]
    keys, link_pair = np.unique(lefts * np.int64(n_right) + rights, return_inverse=True)
    pair_left, pair_right = keys // n_right, keys % n_right
    weights = text.weights[text.left.sentences[left_at]]
    forward = backward = np.ones(len(keys))
    for _ in range(iterations):
        made_right, made_left = forward[link_pair], backward[link_pair]
        made_right /= np.bincount(right_at, made_right)[right_at]
        made_left /= np.bincount(left_at, made_left)[left_at]
        counts = np.bincount(link_pair, weights * made_right * made_left, len(keys))
        forward = counts / np.bincount(pair_left, counts, n_left)[pair_left]
        backward = counts / np.bincount(pair_right, counts, n_right)[pair_right]
    return (
        csr_array((forward, (pair_left, pair_right)), shape=(n_left, n_right)),
        csr_array((backward, (pair_right, pair_left)), shape=(n_right, n_left)),
    )


def _links(text: Bitext) -> tuple[Ids, Ids]:
    """Every word of a sentence with every word of its translation, as places in the two sides."""
    n_rights = np.bincount(text.right.sentences, minlength=len(text.weights))
    first_right = np.cumsum(n_rights) - n_rights
    repeats = n_rights[text.left.sentences]
    left_at = np.repeat(np.arange(len(repeats), dtype=np.int32), repeats)
    nth = np.arange(len(left_at)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return left_at, (first_right[text.left.sentences[left_at]] + nth).astype(np.int32)
