"""`sanad search`: ranked passages with the score of each retriever."""

import argparse
from collections.abc import Iterable
from typing import Any

from index.errors import InputError
from index.filters import Filter
from ui.cli.options import add_index, add_json, examples, whole
from ui.cli.text import print_json
from ui.settings import load_settings

_EXAMPLES = """examples:
  sanad search "قمة قازان"
  sanad search "Lavrov press conference" -k 3 --language ar
  sanad search "گروه دیدگاه راهبردی" --retriever bm25 --json
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "search",
        help="find passages",
        description="Print the passages that match best, with the score of each retriever.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument(
        "-k", type=whole(1, 1000), default=10, metavar="N", help="passages (default 10)"
    )
    parser.add_argument("--retriever", choices=("bm25", "dense", "hybrid"), default="hybrid")
    parser.add_argument(
        "--language", action="append", metavar="L", help="only passages in it; may be repeated"
    )
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search once and print."""
    if not args.query.strip():
        raise InputError("the query is empty; type some words, in any language")
    settings = load_settings(index=args.index)
    from index.search import Searcher  # noqa: PLC0415 - wrong use is told at once
    from ui.cli import output  # noqa: PLC0415

    with Searcher.open(settings.index) as searcher:
        _check_languages(args.language or [], searcher.manifest.languages)
        filters = Filter(languages=args.language or ())
        hits = searcher.search(args.query, args.k, retriever=args.retriever, filters=filters)
    if args.json:
        print_json({"query": args.query, "hits": [output.hit_json(hit) for hit in hits]})
    else:
        print("\n\n".join(map(output.hit_text, hits)) or "no passage matches")
    return 0


def _check_languages(wanted: Iterable[str], held: Iterable[str]) -> None:
    lacking = [language for language in wanted if language not in held]
    if lacking:
        known = ", ".join(sorted(held))
        raise InputError(f"the index holds nothing in '{lacking[0]}'; its languages are {known}")
