"""Where in a longer text a quotation stands, word by word, however it was altered.

An alignment of a whole short text with any stretch of a long one (Sellers 1980), with two
differences that libraries of edit distance lack: a run of words that the quotation leaves out costs
little more than three words, so that both its halves are found; and at an ellipsis, or around an
interpolation in brackets, leaving out costs nothing. A row of the table is a few operations on
arrays, so the words of a book are no trouble.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What a word more, a word less and a word replaced cost is 1; a run left out costs at most this.
GAP = 3.0
# Of two places that cost the same the closer one is meant.
_EPSILON = 1e-4
# A word replaced rather than one left out and another put in.
_REPLACED = 1.0
# Cells of the table, at most: a block quotation of 1,000 words in a text of 20,000.
MAX_CELLS = 20_000_000

_Row = NDArray[np.float64]
_Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Alignment:
    """`pairs[i]` is the place in the long text of word `i` of the short one, the same word or one
    that replaces it; None where nothing answers to it. Places rise. `cost` counts alterations."""

    pairs: tuple[int | None, ...]
    cost: float

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last place in the long text, the last included."""
        places = [place for place in self.pairs if place is not None]
        return (places[0], places[-1]) if places else None


def align(
    equal: NDArray[np.bool_], free: Sequence[bool] = (), optional: Sequence[bool] = ()
) -> Alignment:
    """The cheapest alignment, given which word of the short text `(n, m)` is which of the long one.

    `free[i]`: words of the long text may be left out before word `i` at no cost. `optional[i]`:
    word `i` need not be there.
    """
    n, m = equal.shape
    free, optional = free or (False,) * n, optional or (False,) * n
    if not n or not m:
        return Alignment((None,) * n, float(n))
    ends = np.zeros(m + 1)  # ends[j]: the cost so far when j words of the long text are used up
    came: list[_Places] = []
    for i in range(n):
        start, skipped = _leave_out(ends, first=i == 0, free=free[i])
        ends, row = _next(start, equal[i], optional=optional[i])
        came += [skipped, row]
    return _trace(came, ends)


def _leave_out(ends: _Row, *, first: bool, free: bool) -> tuple[_Row, _Places]:
    """The cost of each place when words of the long text may be left out before it, and the place
    that each came from."""
    here = np.arange(len(ends), dtype=np.int32)
    if first:  # where the quotation begins in the long text is free
        return ends, here
    best, came = ends, here
    for per_word, fixed in ((0.0, 0.0),) if free else ((1.0, 0.0), (0.0, GAP)):
        rate = per_word + _EPSILON
        level = ends - rate * here
        lowest = np.minimum.accumulate(level)
        # The last place that had the lowest level so far.
        since = np.maximum.accumulate(np.where(level == lowest, here, 0))
        cost = lowest + rate * here + np.where(since < here, fixed, 0.0)
        better = cost < best
        best, came = np.where(better, cost, best), np.where(better, since, came)
    return best, came.astype(np.int32)


def _next(start: _Row, equal: NDArray[np.bool_], *, optional: bool) -> tuple[_Row, _Places]:
    """The cost after one more word of the quotation, and per place whether it took (1) a word of
    the long text."""
    dropped = start + (0.0 if optional else 1.0)
    taken = np.full(len(start), np.inf)
    taken[1:] = start[:-1] + np.where(equal, 0.0, _REPLACED)
    took = taken <= dropped
    return np.where(took, taken, dropped), took.astype(np.int32)


def _trace(came: Sequence[_Places], ends: _Row) -> Alignment:
    """The way back from the cheapest end."""
    # Of equal ones the last: a last word is replaced rather than added.
    at = len(ends) - 1 - int(ends[::-1].argmin())
    cost = float(ends[at])
    pairs: list[int | None] = [None] * (len(came) // 2)
    for i in reversed(range(len(pairs))):
        if came[2 * i + 1][at]:
            at -= 1
            pairs[i] = at
        at = int(came[2 * i][at])
    return Alignment(tuple(pairs), cost)
