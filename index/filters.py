"""Which passages are searched at all: by language, date, outlet and path.

A `Filter` is what a person asks for; a `Selection` is the passages of one index that satisfy it.
A selection can say at once how many rows it has at most, whether given rows are among them, and,
in time proportional to the smallest of its conditions, which rows they are: both halves of the
search leave out the others before they rank.
"""

import fnmatch
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.columns import Column, Columns, Rows, folded_outlet

Mask = NDArray[np.bool_]
Range = tuple[int, int]

_WILD = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class Filter:
    """Passages in one of `languages` (ISO 639-1), published from `since` to `until` (both days
    included), by one of `outlets` (however it is spelled), in a document whose `doc_id` begins with
    one of `paths` or, where that holds `*`, `?` or `[`, matches it as a whole; no document of
    `without`.

    What is left empty restricts nothing. A passage without a date is within no dates.
    """

    languages: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    outlets: Sequence[str] = ()
    paths: Sequence[str] = ()
    without: Sequence[str] = ()

    @property
    def dated(self) -> bool:
        """Whether passages without a date are left out."""
        return self.since is not None or self.until is not None


EVERYTHING = Filter()


class Condition(Protocol):
    """Something that holds of at most `n_rows` passages."""

    @property
    def n_rows(self) -> int:
        """How many passages, at most."""

    def rows(self) -> Rows:
        """Which passages, in order."""

    def allows(self, rows: Rows) -> Mask:
        """Of which of `rows` it holds."""


@dataclass(frozen=True, slots=True)
class InRanges:
    """The value in a column is in one of some ranges (bounds included), which do not overlap."""

    column: Column
    ranges: Sequence[Range]

    @property
    def n_rows(self) -> int:
        """See `Condition`."""
        return sum(len(self.column.between(*bounds)) for bounds in self.ranges)

    def rows(self) -> Rows:
        """See `Condition`."""
        found = [self.column.between(*bounds) for bounds in self.ranges]
        return np.sort(np.concatenate([np.zeros(0, np.int32), *found]))

    def allows(self, rows: Rows) -> Mask:
        """See `Condition`."""
        values, allowed = self.column.values[rows], np.zeros(len(rows), np.bool_)
        for low, high in self.ranges:
            allowed |= (low <= values) & (values <= high)
        return allowed


@dataclass(frozen=True, slots=True)
class Among:
    """One of given rows, which are in order."""

    given: Rows

    @property
    def n_rows(self) -> int:
        """See `Condition`."""
        return len(self.given)

    def rows(self) -> Rows:
        """See `Condition`."""
        return self.given

    def allows(self, rows: Rows) -> Mask:
        """See `Condition`."""
        if not len(self.given):
            return np.zeros(len(rows), np.bool_)
        places = np.minimum(np.searchsorted(self.given, rows), len(self.given) - 1)
        found: Mask = self.given[places] == rows
        return found


@dataclass(frozen=True, slots=True)
class NotAmong:
    """None of given rows, which are in order, of `n_all`."""

    given: Rows
    n_all: int

    @property
    def n_rows(self) -> int:
        """See `Condition`."""
        return self.n_all - len(self.given)

    def rows(self) -> Rows:
        """See `Condition`."""
        left = np.ones(self.n_all, np.bool_)
        left[self.given] = False
        return np.flatnonzero(left).astype(np.int32)

    def allows(self, rows: Rows) -> Mask:
        """See `Condition`."""
        return ~Among(self.given).allows(rows)


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages of an index of `n_all` of which every one of `conditions` holds."""

    n_all: int
    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is restricted."""
        return bool(self.conditions)

    def also(self, *conditions: Condition) -> "Selection":
        """The same with more conditions."""
        return Selection(self.n_all, (*self.conditions, *conditions))

    @property
    def n_at_most(self) -> int:
        """How many passages there are at most."""
        return min((c.n_rows for c in self.conditions), default=self.n_all)

    @property
    def n_about(self) -> float:
        """How many there are if the conditions have nothing to do with each other."""
        shares = (c.n_rows / self.n_all for c in self.conditions if self.n_all)
        return self.n_all * math.prod(shares)

    def allows(self, rows: Rows) -> Mask:
        """Which of `rows` are among them."""
        allowed = np.ones(len(rows), np.bool_)
        for condition in self.conditions:
            allowed &= condition.allows(rows)
        return allowed

    def rows(self) -> Rows:
        """All of them, in order; takes time in proportion to `n_at_most`."""
        if not self.conditions:
            return np.arange(self.n_all, dtype=np.int32)
        found = min(self.conditions, key=lambda condition: condition.n_rows).rows()
        return found[self.allows(found)]


def select(columns: Columns, filters: Filter) -> Selection:
    """The passages of an index that satisfy a filter."""
    return Selection(columns.n_rows, tuple(_conditions(columns, filters)))


def _conditions(columns: Columns, filters: Filter) -> Iterator[Condition]:
    if filters.languages:
        numbers = _numbers(filters.languages, columns.names["language"])
        yield InRanges(columns.language, _ranges(numbers))
    if filters.dated:
        yield InRanges(columns.date, [_days(filters.since, filters.until)])
    if filters.outlets:
        wanted = [folded_outlet(outlet) for outlet in filters.outlets]
        yield InRanges(columns.outlet, _ranges(_numbers(wanted, columns.folded_outlets)))
    if filters.paths:
        names = columns.names["document"]
        numbers = {n for path in filters.paths for n in documents_at(path, names)}
        yield InRanges(columns.document, _ranges(numbers))
    if filters.without:
        names = columns.names["document"]
        gone = _numbers(filters.without, names)
        yield InRanges(columns.document, _gaps(gone, len(names)))


def _days(since: date | None, until: date | None) -> Range:
    first, last = since or date.min, until or date.max
    return first.toordinal(), last.toordinal()


def _numbers(wanted: Iterable[str], names: Sequence[str]) -> set[int]:
    """The numbers, from 1, of those names that are wanted."""
    return {names.index(name) + 1 for name in wanted if name in names}


def documents_at(path: str, doc_ids: Sequence[str]) -> Iterator[int]:
    """The numbers, from 1, of the documents at a path; `doc_ids` are in order, and only those that
    begin like it are looked at."""
    wild = _WILD.search(path)
    prefix = path[: wild.start()] if wild else path
    matches = re.compile(fnmatch.translate(path) if wild else "").match
    for number in range(bisect_left(doc_ids, prefix), len(doc_ids)):
        if not doc_ids[number].startswith(prefix):
            return
        if matches(doc_ids[number]):
            yield number + 1


def _ranges(numbers: Iterable[int]) -> list[Range]:
    """Numbers as runs of consecutive ones."""
    ordered = enumerate(sorted(numbers))
    runs = [[n for _, n in run] for _, run in groupby(ordered, key=lambda item: item[1] - item[0])]
    return [(run[0], run[-1]) for run in runs]


def _gaps(numbers: Iterable[int], last: int) -> list[Range]:
    """The runs of 1 to `last` that `numbers` leave."""
    edges = [0, *sorted(numbers), last + 1]
    return [(a + 1, b - 1) for a, b in pairwise(edges) if b - a > 1]
