"""Options and help that several commands share."""

import argparse
from collections.abc import Callable
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
        "--index", type=path, metavar="DIR", help="the index directory (default data/index)"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def add_answering(parser: argparse.ArgumentParser) -> None:
    """`--hits N` and `--max-risk R`."""
    parser.add_argument(
        "--hits", type=whole(1, 1000), metavar="N", help="passages to draw from (default 8)"
    )
    add_max_risk(parser)


def add_max_risk(parser: argparse.ArgumentParser) -> None:
    """`--max-risk R`."""
    parser.add_argument(
        "--max-risk",
        type=share,
        metavar="R",
        help="refuse so much that at most this share (0 to 1) of the answers is wrong, by the "
        "calibration; 1 refuses nothing (default: refuse what the archive does not seem to answer)",
    )


def add_reranker(parser: argparse.ArgumentParser) -> None:
    """`--reranker NAME`."""
    parser.add_argument(
        "--reranker",
        type=filled,
        metavar="NAME",
        help="a cross-encoder that orders the first passages anew: a sentence-transformers folder, "
        "or a hub name that was fetched before (default none)",
    )


def add_llm(parser: argparse.ArgumentParser, name: str = "--llm") -> None:
    """The options of a language model: what it is called, where it is, what it may do."""
    parser.add_argument(
        name,
        dest="llm",
        type=filled,
        metavar="MODEL",
        help="who writes: ollama/NAME or openai-like/NAME",
    )
    parser.add_argument("--llm-url", type=filled, metavar="URL", help="the address of its server")
    parser.add_argument(
        "--llm-timeout", type=seconds, metavar="S", help="seconds it may take (default 60)"
    )
    parser.add_argument(
        "--unsupported",
        choices=("mark", "drop"),
        help="what becomes of its sentences that no passage supports (default mark)",
    )


def llm_flags(args: argparse.Namespace) -> dict[str, Any]:
    """What `add_llm` was given, as settings."""
    names = ("llm", "llm_url", "llm_timeout", "unsupported")
    return {name: getattr(args, name) for name in names}


def whole(low: int, high: int) -> Callable[[str], int]:
    """The `type` of an option that takes a whole number from `low` to `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")
        return number

    return read


def share(text: str) -> float:
    """The `type` of an option that takes a number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 to 1")
    return number


def seconds(text: str) -> float:
    """The `type` of an option that takes a time, more than nothing and at most an hour."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 3600:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds up to 3600")
    return number


def filled(text: str) -> str:
    """The `type` of an option that takes any text but an empty one."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; give it a value, or leave it out")
    return text


def path(text: str) -> Path:
    """The `type` of an option that takes a path: an empty one would be the folder one is in."""
    return Path(filled(text))
