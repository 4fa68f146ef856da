"""`sanad search`: ranked passages with the score of each retriever."""

import argparse
from typing import Any

from index.errors import InputError
from ui.cli.filtering import add_filters, check_filters, filters_of
from ui.cli.options import add_index, add_json, add_reranker, examples, whole
from ui.cli.text import clean, print_json
from ui.settings import load_settings

_EXAMPLES = """examples:
  sanad search "قمة قازان"
  sanad search "Lavrov press conference" -k 3 --language ar
  sanad search '"KazanForum 2024" -تركيا' --since 2024-01 --until 2024-06-30
  sanad search "قمة" --outlet "RT Arabic" --path 001
  sanad search "summit" --path '*.html'
  sanad search "When was the OIC founded?" -k 3 --explain
  sanad search "گروه دیدگاه راهبردی" --retriever bm25 --json
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "search",
        help="find passages",
        description="Print the passages that match best, with the score of each retriever. "
        'A phrase in quotation marks ("…", «…», “…”) must be in the passage, word for word; '
        "-word must not.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("query", metavar="QUERY", help="words, then any -words to leave out")
    parser.add_argument(
        "-k", type=whole(1, 1000), default=10, metavar="N", help="passages (default 10)"
    )
    parser.add_argument("--retriever", choices=("bm25", "dense", "hybrid"), default="hybrid")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say why: words met, translated or by sound, best sentence, what each retriever adds",
    )
    add_filters(parser)
    add_reranker(parser)
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search once and print."""
    if not args.query.strip():
        raise InputError("the query is empty; type some words, in any language")
    filters = filters_of(args)
    settings = load_settings(index=args.index, reranker=args.reranker)
    from index.reranker import load_reranker  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415 - wrong use is told at once
    from ui.cli import output  # noqa: PLC0415

    with Searcher.open(settings.index, load_reranker(settings.reranker)) as searcher:
        check_filters(searcher, filters)
        hits = searcher.search(args.query, args.k, retriever=args.retriever, filters=filters)
        why = [searcher.explain(args.query, hit) if args.explain else None for hit in hits]
    if args.json:
        found = list(map(output.hit_json, hits, why))
        print_json({"query": args.query, "hits": found})
    else:
        print("\n\n".join(map(output.hit_text, hits, why)) or clean(_nothing(args.query)))
    return 0


def _nothing(query: str) -> str:
    """That nothing was found, and why that may be."""
    from index.queries import Query, parse  # noqa: PLC0415

    if parse(query) == Query(query):
        return "no passage matches"
    return f"no passage meets every demand of: {query}"
