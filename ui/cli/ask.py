"""`sanad ask`: one question, or a file of them, answered with citations."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import InputError
from ui.cli.options import add_index, add_json, examples
from ui.settings import load_settings

_EXAMPLES = """examples:
  sanad ask "متى تأسست منظمة التعاون الإسلامي؟"
  sanad ask "Who has headed the group since 2014?" --json
  sanad ask --input questions.jsonl --json > answers.jsonl
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "ask",
        help="answer a question with citations",
        description="Answer a question from the index, every sentence with its source, or say "
        "that the archive does not say.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument(
        "--input", type=Path, metavar="FILE.jsonl", help="one object a line, field 'question'"
    )
    parser.add_argument("--hits", type=int, metavar="N", help="passages to draw from (default 8)")
    parser.add_argument(
        "--min-confidence", type=float, metavar="P", help="refuse below it (0 to 1; default 0.5)"
    )
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Answer one question or each of a file, in one process."""
    if (args.question is None) == (args.input is None):
        args.parser.error("give one QUESTION, or --input FILE.jsonl")
    settings = load_settings(index=args.index, hits=args.hits, min_confidence=args.min_confidence)
    questions = [args.question] if args.input is None else list(_read(args.input))
    from assistant.assistant import Assistant  # noqa: PLC0415 - wrong use is told at once
    from assistant.config import AnswerConfig  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415
    from ui.cli import output  # noqa: PLC0415

    with Searcher.open(settings.index) as searcher:
        config = AnswerConfig(n_hits=settings.hits, min_confidence=settings.min_confidence)
        assistant = Assistant(searcher, config)
        for question in questions:
            answer = assistant.ask(question)
            if args.json:
                print(json.dumps(output.answer_json(answer), ensure_ascii=False), flush=True)
            else:
                print(output.answer_text(answer), flush=True)
    return 0


def _read(file: Path) -> Iterator[str]:
    """The questions of a JSON Lines file; `-` is standard input."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{file}' cannot be read: {error}") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)["question"]
        except (ValueError, KeyError, TypeError):
            question = None
        if not isinstance(question, str):
            raise InputError(
                f"line {number} of '{file}' is not a JSON object with a text field 'question'"
            )
        yield question
