"""`sanad cite`: passages by their anchors, as quotations with references."""

import argparse
import datetime
import sys
from typing import Any

from ui.cli.options import add_index, examples, filled
from ui.cli.text import clean, printable
from ui.settings import load_settings

_EXAMPLES = """examples:
  sanad cite sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678 --style apa
  sanad cite ANCHOR ANCHOR --style gost --format markdown
  sanad cite ANCHOR --format bibtex >> references.bib
  sanad cite ANCHOR --style my-university.csl --language ar
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "cite",
        help="quote cited passages with references, or print them for a reference manager",
        description="Print the passages that anchors name as quotations with references in any "
        "citation style, or for a reference manager.",
        **examples(_EXAMPLES),
    )
    parser.add_argument(
        "anchors", nargs="+", metavar="ANCHOR", help="sanad:…; - reads them from standard input"
    )
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "html", "bibtex", "ris", "csl-json"),
        default="text",
        help="(default text)",
    )
    add_style(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def add_style(parser: argparse.ArgumentParser) -> None:
    """`--style`, `--language` and `--accessed`."""
    parser.add_argument(
        "--style",
        type=filled,
        default="apa",
        metavar="NAME",
        help="apa, chicago, mla, gost, harvard, any style of the CSL collection by its name, or a "
        ".csl file (default apa)",
    )
    parser.add_argument(
        "--language",
        choices=("ar", "en", "fa", "ru"),
        help="of months and the like in references (default: the style's own)",
    )
    parser.add_argument(
        "--accessed",
        type=_day,
        default=datetime.date.today(),
        metavar="YYYY-MM-DD",
        help="when the sources were read (default today)",
    )


def run(args: argparse.Namespace) -> int:
    """Find the anchors and print their sources."""
    from assistant.places import sources_at  # noqa: PLC0415 - wrong use is told at once
    from index.archive import open_documents  # noqa: PLC0415
    from ui.citing import cited  # noqa: PLC0415

    anchors = [anchor for given in args.anchors for anchor in _read(given)]
    with open_documents(load_settings(index=args.index).index) as documents:
        sources, notes = sources_at(anchors, documents, args.accessed)
    for note in notes:
        print(f"sanad: {clean(note)}", file=sys.stderr)
    print(printable(cited(sources, args.format, args.style, args.language)))
    return 0


def _read(given: str) -> list[str]:
    return sys.stdin.read().split() if given == "-" else [given]


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day like 2026-11-26") from None
