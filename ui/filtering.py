"""The filters of the chat page: what there is to choose from, and what was chosen."""

from collections.abc import Mapping
from typing import Any, Protocol

from index.catalogue import Holdings
from index.errors import InputError
from index.filters import Filter
from index.periods import days

# Outlets that are offered; an archive of the whole press has more than anyone would look through.
_MOST_OUTLETS = 200


class Counting(Protocol):
    """What can count the passages that a filter leaves: `index.search.Searcher` does."""

    def n_matching(self, filters: Filter) -> int:
        """How many passages satisfy a filter."""


def choices(held: Holdings) -> dict[str, Any]:
    """What a reader can filter by, for the page: counts of passages by language and outlet, and
    the first and the last day."""
    return {
        "passages": held.n_passages,
        "languages": list(held.languages.items()),
        "outlets": list(held.outlets.items())[:_MOST_OUTLETS],
        "first": held.first.isoformat() if held.first else None,
        "last": held.last.isoformat() if held.last else None,
    }


def filter_of(chosen: Any) -> Filter:
    """The filter that the page sent: `languages`, `outlets`, `since` and `until`. Raises InputError
    for a date that is none."""
    data = chosen if isinstance(chosen, Mapping) else {}
    since, until = (str(data.get(name) or "") for name in ("since", "until"))
    return Filter(
        _names(data.get("languages")),
        days(since)[0] if since else None,
        days(until)[1] if until else None,
        _names(data.get("outlets")),
    )


def _names(given: Any) -> tuple[str, ...]:
    return tuple(str(name) for name in given[:_MOST_OUTLETS]) if isinstance(given, list) else ()


def count(counting: Counting, chosen: Any) -> int | None:
    """How many passages are left; None for a date that is none yet."""
    try:
        return counting.n_matching(filter_of(chosen))
    except InputError:
        return None
