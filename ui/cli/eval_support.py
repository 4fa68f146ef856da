"""`sanad eval support`: does the check of a model's sentences tell right from wrong."""

import argparse
from typing import Any

from ui.cli.eval_run import add_index, open_searcher
from ui.cli.options import add_json, examples, path
from ui.cli.text import clean, print_json

_EXAMPLES = """examples:
  sanad eval support bench/xquad-r --split report
"""


def add_parser(parts: Any) -> None:
    """Add `support` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "support",
        help="how well a model's sentences are checked",
        description="On a BEIR folder of translated passages: the share of sentences that count "
        "as supported by the passage that translates theirs (aligned), by the next one (near) "
        "and by any other (shuffled).",
        **examples(_EXAMPLES),
    )
    parser.add_argument("folder", type=path, metavar="DIR")
    parser.add_argument("--split", metavar="S", help="only entries of questions whose split is S")
    add_index(parser)
    add_json(parser)
    parser.set_defaults(run=_run, action=_run)


def _run(args: argparse.Namespace) -> int:
    from eval import support  # noqa: PLC0415 - wrong use is told at once
    from eval.beir import read_beir  # noqa: PLC0415

    dataset = read_beir(args.folder)
    pairs = support.pairs(dataset, args.split)
    with open_searcher(dataset.documents, args.index) as searcher:
        shares = support.supported_shares(pairs, searcher)
    if args.json:
        print_json({"dataset": dataset.name, "split": args.split, "by_direction": shares})
    else:
        print("\n".join(map(clean, support.to_text(shares).split("\n"))))
    return 0
