"""`sanad eval speed`: how fast, beside others, on a synthetic archive."""

import argparse
import sys
from typing import Any

from ui.cli.options import add_json, examples, whole
from ui.cli.text import print_json

# Repeated here so that wrong use is told before anything is loaded; a test holds them together.
_SYSTEMS = ("sanad", "rank_bm25", "bm25s", "chroma", "llamaindex")

_EXAMPLES = """Ours alone, a minute; then everything at both sizes, about half an hour:
  sanad eval speed --sizes 10000 --systems sanad
  sanad eval speed

The others are installed by `make bench`. Nothing else should be running.
"""


def add_parser(parts: Any) -> None:
    """Add `speed` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "speed",
        help="how fast, beside others",
        description="Build and ask each system on the same synthetic archive, each in processes "
        "of its own, and print times, memory and disk with their ratios.",
        **examples(_EXAMPLES),
    )
    parser.add_argument(
        "--sizes",
        nargs="+",
        type=whole(100, 10_000_000),
        default=[10_000, 100_000],
        metavar="N",
        help="numbers of passages (default 10000 100000)",
    )
    parser.add_argument(
        "--systems",
        nargs="+",
        choices=_SYSTEMS,
        default=list(_SYSTEMS),
        metavar="SYSTEM",
        help=f"of {', '.join(_SYSTEMS)} (default all)",
    )
    parser.add_argument(
        "--queries",
        type=whole(1, 10_000),
        default=100,
        metavar="N",
        help="questions timed for each search (default 100)",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, print the tables."""
    from eval import speed, speed_report  # noqa: PLC0415 - wrong use is told at once

    sizes, systems = (list(dict.fromkeys(x)) for x in (args.sizes, args.systems))
    figures = list(speed.measure(sizes, systems, args.queries, _tell))
    if args.json:
        print_json(speed_report.to_json(figures))
    else:
        print(speed_report.to_text(figures))
    return 0


def _tell(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)
