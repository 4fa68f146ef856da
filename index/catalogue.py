"""What an archive holds: what can be filtered by, and what is told when a filter left nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.columns import NONE, Column, Columns, folded_outlet
from index.errors import InputError
from index.filters import Filter, documents_at, select

# Names that an error line lists before it counts the rest.
_N_LISTED = 8


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the passages of an index are, and how many: by language and by outlet, the most frequent
    first. `first` and `last` are the days of the dated ones, None when there are none."""

    n_passages: int
    n_documents: int
    languages: Mapping[str, int]
    outlets: Mapping[str, int]
    first: date | None
    last: date | None


def holdings(columns: Columns) -> Holdings:
    """What an index holds."""
    dated = columns.date.between(NONE + 1, date.max.toordinal())
    ends = (
        [date.fromordinal(int(n)) for n in columns.date.values[dated[[0, -1]]]]
        if len(dated)
        else []
    )
    first, last = ends or (None, None)
    return Holdings(
        columns.n_rows,
        len(columns.names["document"]),
        _counts(columns.language, columns.names["language"]),
        _counts(columns.outlet, columns.names["outlet"]),
        first,
        last,
    )


def _counts(column: Column, names: Sequence[str]) -> dict[str, int]:
    numbers = Counter(column.values.tolist())
    found = {name: numbers[number] for number, name in enumerate(names, start=1)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def n_matching(columns: Columns, filters: Filter) -> int:
    """How many passages satisfy a filter."""
    return len(select(columns, filters).rows())


def check_matches(columns: Columns, filters: Filter) -> None:
    """Raise InputError, in one line, when no passage satisfies a filter, or one of the languages,
    outlets and paths that it names has none: what was asked for, and what there is."""
    _check_names(columns, filters)
    if len(select(columns, filters).rows()):
        return
    others = replace(filters, since=None, until=None)
    if filters.dated and len(select(columns, others).rows()):
        raise InputError(_no_dates(columns, filters, others))
    raise InputError(f"no passage is {' and '.join(_conditions(filters))} at once")


def n_undated(columns: Columns, filters: Filter) -> int:
    """How many passages satisfy all of a filter but its dates, because they have none."""
    others = replace(filters, since=None, until=None)
    undated = columns.date.between(NONE, NONE)
    return int(select(columns, others).allows(undated).sum())


def _check_names(columns: Columns, filters: Filter) -> None:
    languages, doc_ids = columns.names["language"], columns.names["document"]
    for language in filters.languages:
        if language not in languages:
            known = _listed(languages)
            raise InputError(f"the index holds nothing in '{language}'; its languages are {known}")
    for outlet in filters.outlets:
        if folded_outlet(outlet) not in columns.folded_outlets:
            known = _listed(columns.names["outlet"]) or "none that it knows of"
            raise InputError(f"the index holds nothing by '{outlet}'; its outlets are {known}")
    for path in filters.paths:
        if not any(True for _ in documents_at(path, doc_ids)):
            known = _listed(doc_ids)
            raise InputError(f"the index holds no document at '{path}'; its documents are {known}")


def _no_dates(columns: Columns, filters: Filter, others: Filter) -> str:
    """The dates that the passages have which satisfy all else."""
    rows = select(columns, others).rows()
    dated = sorted(n for n in columns.date.values[rows].tolist() if n != NONE)
    asked, found = " and ".join(_dates(filters)), " and ".join(_conditions(others))
    whose = f"the passages {found}" if found else "all passages"
    if not dated:
        return f"no passage is {asked}; {whose} have no date"
    first, last = (date.fromordinal(n) for n in (dated[0], dated[-1]))
    more = f", {len(rows) - len(dated)} without a date" if len(rows) > len(dated) else ""
    return f"no passage is {asked}; {whose} are from {first} to {last}{more}"


def _conditions(filters: Filter) -> list[str]:
    found = [
        f"{word} {' or '.join(map(repr, names))}"
        for word, names in (
            ("in", filters.languages),
            ("by", filters.outlets),
            ("at", filters.paths),
        )
        if names
    ]
    return [*found, *_dates(filters)]


def _dates(filters: Filter) -> Iterable[str]:
    if filters.since:
        yield f"of {filters.since} or later"
    if filters.until:
        yield f"of {filters.until} or earlier"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _N_LISTED
    return ", ".join(names[:_N_LISTED]) + (f" and {more} more" if more > 0 else "")
