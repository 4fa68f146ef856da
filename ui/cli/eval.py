"""`sanad eval`: does it find, and does it answer."""

import argparse
from typing import Any

from index.errors import InputError
from ui.cli import (
    eval_answers,
    eval_compare,
    eval_dialogues,
    eval_differing,
    eval_gate,
    eval_judge,
    eval_run,
    eval_speed,
    eval_support,
    eval_verify,
)
from ui.cli.eval_answers import QUESTIONS
from ui.cli.options import examples, path
from ui.cli.text import clean

_EXAMPLES = """examples:
  sanad eval run bench/xquad-r --retriever bm25 --retriever hybrid --save out
  sanad eval compare out/bm25.json out/hybrid.json --html compared.html
  sanad eval answers --split reporting
  sanad eval answers bench/xquad-r --split report --among own
  sanad eval seeds out/seeds
"""
_SEEDS_EXAMPLES = """examples:
  sanad eval seeds out/seeds
  sanad eval run out/seeds
"""


def add_parser(commands: Any) -> None:
    """Add the command and its parts to the parser."""
    parser = commands.add_parser(
        "eval",
        help="measure the search and the answers",
        description="Measure how well passages are found and questions answered.",
        **examples(_EXAMPLES),
    )
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    eval_run.add_parser(parts)
    eval_answers.add_parser(parts)
    eval_compare.add_parser(parts)
    eval_gate.add_parser(parts)
    eval_judge.add_parser(parts)
    eval_support.add_parser(parts)
    eval_dialogues.add_parser(parts)
    eval_differing.add_parser(parts)
    eval_speed.add_parser(parts)
    eval_verify.add_parser(parts)
    _add_seeds(parts)


def _add_seeds(parts: Any) -> None:
    parser = parts.add_parser(
        "seeds",
        help="write the seed questions as a BEIR folder",
        description="Write the seed documents, the questions on them and their qrels as a BEIR "
        "folder.",
        **examples(_SEEDS_EXAMPLES),
    )
    parser.add_argument("folder", type=path, metavar="OUT_DIR")
    parser.add_argument(
        "questions",
        nargs="?",
        type=path,
        default=QUESTIONS,
        metavar="QUESTIONS.jsonl",
        help=f"default {QUESTIONS}; the documents are in the folder 'documents' beside it",
    )
    parser.set_defaults(run=_seeds)


def _seeds(args: argparse.Namespace) -> int:
    from eval.beir import write_beir  # noqa: PLC0415 - wrong use is told at once

    dataset = eval_answers.seeds(args.questions)
    try:
        write_beir(dataset, args.folder)
    except OSError as error:
        raise InputError(f"'{args.folder}' cannot be written: {error}") from None
    counts = f"{len(dataset.documents)} documents, {len(dataset.queries)} questions"
    print(f"{counts} → '{clean(args.folder)}'")
    return 0
