"""Texts as numbers of what stands between white space in them, so that work is done on each
distinct piece once, and what it gave is laid out again by arrays, without a loop."""

from array import array
from collections.abc import Iterable

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


def laid_out(
    numbers: Numbers, parts: Numbers, sizes: Numbers, ends: NDArray[np.int64]
) -> tuple[Numbers, NDArray[np.int64]]:
    """What texts hold, one after another, and where that of each starts; the last start is the
    number of all. `parts` is what distinct pieces hold, one after another, `sizes` of it each;
    `numbers` are the pieces of all texts, `ends` how many there are before each text and in all."""
    many = sizes[numbers]
    before = np.concatenate([[0], np.cumsum(many)])
    # Where a piece's own stands among the parts, from where it is to stand.
    moved = (np.cumsum(sizes) - sizes).astype(np.int32)[numbers]
    moved -= before[:-1].astype(np.int32)
    places = np.repeat(moved, many)
    places += np.arange(len(places), dtype=np.int32)
    return parts[places], before[ends]
