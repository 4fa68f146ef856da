"""What filters look at: four facts of every passage, as numbers in columns.

A column keeps a value for every row and the rows in the order of their values, so that those in a
range of values are found by bisection, and no filter walks the corpus. A language, an outlet and a
document are numbered; a date is its proleptic ordinal (`date.toordinal`); 0 is "none". Files are
plain arrays, memory-mapped on load, and `names.json`, read when it is first asked for.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped
from index.text import fold

Rows = NDArray[np.int32]

_FOLDER = "columns"
_COLUMNS = ("language", "date", "outlet", "document")
NONE = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a filter can ask of a passage."""

    doc_id: str
    language: str
    date: date | None
    outlet: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """`values[row]` is the fact of a passage, `order` are all rows by (value, row)."""

    values: NDArray[np.int32]
    order: Rows

    def between(self, low: int, high: int) -> Rows:
        """The rows with `low <= value <= high`, ordered by value; a view, nothing is copied."""
        start = bisect_left(self.order, low, key=self.values.__getitem__)
        return self.order[
            start : bisect_right(self.order, high, start, key=self.values.__getitem__)
        ]


class Columns:
    """The columns of one generation."""

    def __init__(self, folder: Path) -> None:
        self._names_file = folder / _FOLDER / "names.json"
        self.language, self.date, self.outlet, self.document = (
            Column(_read(folder, f"{name}.values"), _read(folder, f"{name}.order"))
            for name in _COLUMNS
        )

    @property
    def n_rows(self) -> int:
        """The number of passages."""
        return len(self.date.values)

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The names behind the numbers of `language`, `outlet` and `document`, that of number 1
        first, each in order; an outlet as it is commonly written, ordered as it is folded."""
        names: dict[str, list[str]] = json.loads(self._names_file.read_text("utf-8"))
        return names

    @cached_property
    def folded_outlets(self) -> Sequence[str]:
        """The outlets folded, in order."""
        return [folded_outlet(name) for name in self.names["outlet"]]


def folded_outlet(name: str) -> str:
    """What two spellings of an outlet have in common."""
    return fold(name).strip()


def save(folder: Path, facts: Iterable[Facts]) -> None:
    """Write the columns of all passages, given in the order of their rows."""
    (folder / _FOLDER).mkdir(exist_ok=True)
    known = list(facts)
    folds = {name: folded_outlet(name or "") for name in {fact.outlet for fact in known}}
    outlets = _outlets((fact.outlet for fact in known), folds)
    names = {
        "language": sorted({fact.language for fact in known}),
        "outlet": [outlets[folded] for folded in sorted(outlets)],
        "document": sorted({fact.doc_id for fact in known}),
    }
    _write(folder, "language", _numbered([f.language for f in known], names["language"]))
    _write(folder, "date", [f.date.toordinal() if f.date else NONE for f in known])
    folded = [folds[fact.outlet] for fact in known]
    _write(folder, "outlet", _numbered(folded, sorted(outlets)))
    _write(folder, "document", _numbered([f.doc_id for f in known], names["document"]))
    text = json.dumps(names, ensure_ascii=False)
    (folder / _FOLDER / "names.json").write_text(text, encoding="utf-8")


def _outlets(names: Iterable[str | None], folds: Mapping[str | None, str]) -> dict[str, str]:
    """Folded outlets, and how each is written most often (of equals the first)."""
    counts: dict[str, dict[str, int]] = {}
    for name in names:
        if name and (folded := folds[name]):
            spelt = counts.setdefault(folded, {})
            spelt[name] = spelt.get(name, 0) + 1
    return {folded: max(spelt, key=lambda name: spelt[name]) for folded, spelt in counts.items()}


def _numbered(values: Iterable[str], names: Sequence[str]) -> list[int]:
    """The place of each value among the names, from 1; `NONE` where it is none of them."""
    places = {name: place for place, name in enumerate(names, start=1)}
    return [places.get(value, NONE) for value in values]


def _write(folder: Path, name: str, numbers: Sequence[int]) -> None:
    values = np.array(numbers, np.int32)
    order = np.argsort(values, kind="stable").astype(np.int32)
    for part, array in (("values", values), ("order", order)):
        np.save(folder / _FOLDER / f"{name}.{part}.npy", array, allow_pickle=False)


def _read(folder: Path, name: str) -> NDArray[np.int32]:
    return mapped(folder / _FOLDER / f"{name}.npy")
