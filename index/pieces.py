"""Texts as numbers of what stands between white space in them, so that work is done on each
distinct piece once, and what it gave is laid out again by arrays, without a loop."""

from array import array
from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]


class Places(dict[str, int]):
    """Distinct strings, numbered from 0 as they are met."""

    def __missing__(self, met: str) -> int:
        place = self[met] = len(self)
        return place

    def of(self, met: Iterable[str]) -> "array[int]":
        """The numbers of strings, in their order."""
        return array("i", map(self.__getitem__, met))

    def since(self, n: int) -> list[str]:
        """Those numbered `n` and higher, in their order."""
        latest = list(islice(reversed(self), len(self) - n))
        latest.reverse()
        return latest


class Parts:
    """What distinct pieces hold, one after another: that of piece `i`, of `n`, is
    `of[starts[i] : starts[i + 1]]`. More can be added while others read."""

    def __init__(self) -> None:
        self.of: Numbers = np.zeros(0, np.int32)
        self.starts: Numbers = np.zeros(1, np.int32)
        self.n = 0

    def add(self, parts: Numbers, sizes: Numbers) -> None:
        """Those of further pieces, `sizes` of them each."""
        start = int(self.starts[self.n])
        ends = start + np.cumsum(sizes)
        self.of = _room(self.of, start + len(parts))
        self.of[start : start + len(parts)] = parts
        self.starts = _room(self.starts, self.n + 1 + len(sizes))
        self.starts[self.n + 1 : self.n + 1 + len(sizes)] = ends
        self.n += len(sizes)


def _room(numbers: Numbers, n: int) -> Numbers:
    """The same with room for `n`, and for as many again if it had to grow."""
    if n <= len(numbers):
        return numbers
    larger = np.zeros(2 * n, np.int32)
    larger[: len(numbers)] = numbers
    return larger


def laid_out(
    numbers: Numbers, parts: Numbers, starts: Numbers, ends: NDArray[np.int64]
) -> tuple[Numbers, NDArray[np.int64]]:
    """What texts hold, one after another, and where that of each starts; the last start is the
    number of all. `parts` is what distinct pieces hold, that of piece `i` from `starts[i]` to
    `starts[i + 1]`; `numbers` are the pieces of all texts, `ends` how many there are before each
    text and in all."""
    # Where a piece's own stands among the parts, from where it is to stand.
    moved = starts[numbers]
    many = starts[numbers + 1] - moved
    before = np.concatenate([[0], np.cumsum(many)])
    moved -= before[:-1].astype(np.int32)
    places = np.repeat(moved, many)
    places += np.arange(len(places), dtype=np.int32)
    return parts[places], before[ends]
