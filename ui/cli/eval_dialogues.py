"""`sanad eval dialogues`: are follow-up questions understood."""

import argparse
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from ui.cli import eval_run
from ui.cli.options import add_json, add_llm, examples, llm_flags, path
from ui.cli.text import clean, print_json
from ui.settings import load_settings

_DIALOGUES = Path("seeds/dialogues.jsonl")
_EXAMPLES = """examples:
  sanad eval dialogues
  sanad eval dialogues --split reporting --json
"""


def add_parser(parts: Any) -> None:
    """Add `dialogues` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "dialogues",
        help="how well follow-up questions are understood",
        description="Hold every dialogue of a file and count the later turns that find the right "
        "passage first: as they are resolved, by themselves, and joined to the question before.",
        **examples(_EXAMPLES),
    )
    parser.add_argument(
        "dialogues",
        nargs="?",
        type=path,
        default=_DIALOGUES,
        metavar="DIALOGUES.jsonl",
        help=f"default {_DIALOGUES}; the documents are in the folder 'documents' beside it",
    )
    parser.add_argument("--split", choices=("tuning", "reporting"), help="one half of them")
    add_llm(parser)
    eval_run.add_index(parser)
    add_json(parser)
    parser.set_defaults(run=_run, action=_run)


def _run(args: argparse.Namespace) -> int:
    settings = load_settings(**llm_flags(args))
    from assistant.assistant import Assistant  # noqa: PLC0415 - wrong use is told at once
    from eval import dialogues  # noqa: PLC0415
    from ui.llm import open_generator  # noqa: PLC0415

    documents = eval_run.seed_documents(args.dialogues)
    read = dialogues.read_dialogues(args.dialogues, documents)
    wanted = [d for d in read if args.split in {None, d.split}]
    if not wanted:
        raise DatasetError(f"'{args.dialogues}' holds no dialogue of that half")
    with (
        open_generator(settings) as generator,
        eval_run.open_searcher(documents, args.index) as searcher,
    ):
        assistant = Assistant(searcher, settings.answers, generator)
        outcomes = dialogues.hold(wanted, assistant.ask, searcher.search)
    if args.json:
        print_json(dialogues.to_json(outcomes))
    else:
        print("\n".join(map(clean, dialogues.to_text(outcomes).split("\n"))))
    return 0
