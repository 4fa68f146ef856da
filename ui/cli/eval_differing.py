"""`sanad eval differing`: is it said when documents differ, and only then."""

import argparse
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from ui.cli import eval_run
from ui.cli.options import add_json, examples, path
from ui.cli.text import clean, print_json

_CASES = Path("eval/differing.jsonl")
_EXAMPLES = """examples:
  sanad eval differing --split reporting
"""


def add_parser(parts: Any) -> None:
    """Add `differing` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "differing",
        help="how well disagreement between documents is noticed",
        description="Ask small cases, in half of which documents give different values for the "
        "same thing, and count the answers that say so: how many of them rightly (precision), and "
        "how many of the differing cases (recall).",
        **examples(_EXAMPLES),
    )
    parser.add_argument(
        "cases",
        nargs="?",
        type=path,
        default=_CASES,
        metavar="CASES.jsonl",
        help=f"default {_CASES}",
    )
    parser.add_argument("--split", choices=("tuning", "reporting"), help="one half of them")
    eval_run.add_index(parser)
    add_json(parser)
    parser.set_defaults(run=_run, action=_run)


def _run(args: argparse.Namespace) -> int:
    from assistant.assistant import Assistant  # noqa: PLC0415 - wrong use is told at once
    from eval import differing  # noqa: PLC0415

    cases = differing.read_cases(args.cases)
    wanted = [case for case in cases if args.split in {None, case.split}]
    if not wanted:
        raise DatasetError(f"'{args.cases}' holds no case of that half")
    documents = [document for case in cases for document in case.documents]
    with eval_run.open_searcher(documents, args.index) as searcher:
        outcomes = differing.outcomes_of(wanted, Assistant(searcher).ask)
    if args.json:
        print_json(differing.to_json(outcomes))
    else:
        print("\n".join(map(clean, differing.to_text(outcomes).split("\n"))))
    return 0
