"""Options and help that several commands share."""

import argparse
from pathlib import Path
from typing import Any


def examples(text: str) -> dict[str, Any]:
    """Keyword arguments of a parser whose help ends with examples, printed as they are."""
    return {
        "epilog": text,
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "allow_abbrev": False,
    }


def add_index(parser: argparse.ArgumentParser) -> None:
    """`--index DIR`."""
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="the index directory (default data/index)"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
