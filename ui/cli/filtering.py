"""The options that say which passages are searched."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from index.errors import InputError
from index.periods import days
from ui.cli.options import filled

if TYPE_CHECKING:
    from index.filters import Filter
    from index.search import Searcher

_FILTERS = (
    "Before anything is ranked. --language, --outlet and --path may be repeated: one of each is "
    "enough. A passage without a date is left out by --since and --until."
)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Which passages are searched; `filters_of` reads it. Sets `parser` in what is parsed."""
    add = parser.add_argument_group("which passages", _FILTERS).add_argument
    add("--language", action="append", type=_code, metavar="L", help="in it, such as ar")
    add("--since", type=_first_day, metavar="DATE", help="published then or later, such as 2024-01")
    add("--until", type=_last_day, metavar="DATE", help="published then or earlier; the day counts")
    add("--outlet", action="append", type=filled, metavar="NAME", help="published by it")
    add(
        "--path",
        action="append",
        type=filled,
        metavar="PATH",
        help="in a document whose path begins so, or matches it (* ? [ ]; * crosses folders)",
    )
    parser.set_defaults(parser=parser)


def filters_of(args: argparse.Namespace) -> "Filter":
    """The filter that `add_filters` took."""
    from index.filters import Filter  # noqa: PLC0415 - wrong use is told at once

    if args.since and args.until and args.since > args.until:
        args.parser.error(f"--since {args.since} is after --until {args.until}; swap them")
    named = (args.outlet or (), args.path or ())
    return Filter(args.language or (), args.since, args.until, *named)


def check_filters(searcher: "Searcher", filters: "Filter") -> None:
    """Raise InputError when nothing satisfies the filter; say on stderr what it leaves out for want
    of a date."""
    if n_undated := searcher.check_matches(filters):
        print(f"sanad: left out: {n_undated} passages without a date", file=sys.stderr)


def _code(text: str) -> str:
    return filled(text).strip().lower()


def _first_day(text: str) -> date:
    return _days(text)[0]


def _last_day(text: str) -> date:
    return _days(text)[1]


def _days(text: str) -> tuple[date, date]:
    try:
        return days(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
