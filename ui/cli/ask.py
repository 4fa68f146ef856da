"""`sanad ask`: one question, or a file of them, answered with citations."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from assistant.config import MAX_QUESTION_CHARS
from index.errors import InputError, NothingToFind
from index.queries import parse
from ui.cli.filtering import add_filters, check_filters, filters_of
from ui.cli.options import (
    add_answering,
    add_index,
    add_json,
    add_llm,
    add_reranker,
    examples,
    llm_flags,
    path,
)
from ui.cli.text import one_line, print_json, shows_bold, why
from ui.settings import load_settings

_EXAMPLES = """examples:
  sanad ask "متى تأسست منظمة التعاون الإسلامي؟"
  sanad ask "Which OIC secretary general held talks with Lavrov in October 2022?" --json
  sanad ask "Сколько человек собрал KazanForum в 2023 году?" --llm ollama/qwen3:4b
  sanad ask "How many people took part in KazanForum in 2023?" --max-risk 0.3
  sanad ask "Сколько человек собрал KazanForum в 2023 году?" --since 2024 --outlet "RT Arabic"
  sanad ask 'Who spoke about "منتدى قازان"?' --path 001
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
        "--input", type=path, metavar="FILE.jsonl", help="one object a line, field 'question'"
    )
    add_filters(parser)
    add_answering(parser)
    add_reranker(parser)
    add_llm(parser)
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Answer one question or each of a file, in one process."""
    if (args.question is None) == (args.input is None):
        args.parser.error("give one QUESTION, or --input FILE.jsonl")
    filters = filters_of(args)
    settings = load_settings(
        index=args.index,
        hits=args.hits,
        max_risk=args.max_risk,
        reranker=args.reranker,
        **llm_flags(args),
    )
    questions = [args.question] if args.input is None else _read(args.input)
    from assistant.assistant import Assistant  # noqa: PLC0415 - wrong use is told at once
    from index.reranker import load_reranker  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415
    from ui.cli import output  # noqa: PLC0415
    from ui.llm import open_generator  # noqa: PLC0415

    reranker = load_reranker(settings.reranker)
    with (
        open_generator(settings) as generator,
        Searcher.open(settings.index, reranker) as searcher,
    ):
        check_filters(searcher, filters)
        assistant = Assistant(searcher, settings.answers, generator)
        for i, question in enumerate(questions):
            answer = assistant.ask(question, filters=filters)
            if args.json:
                print_json(output.answer_json(answer))
                continue
            if args.input is not None:
                print("\n" * (i > 0) + f"# {one_line(question)}\n")
            print(output.answer_text(answer, bold=shows_bold()), flush=True)
    return 0


def _read(file: Path) -> list[str]:
    """The questions of a JSON Lines file, all of them fit to be asked; `-` is standard input."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{file}' cannot be read: {why(error)}") from None
    lines = enumerate(text.split("\n"), start=1)
    return [_question(line, f"line {i} of '{file}'") for i, line in lines if line.strip()]


def _question(line: str, where: str) -> str:
    try:
        question = json.loads(line)["question"]
    except (ValueError, KeyError, TypeError, RecursionError):
        question = None
    if not isinstance(question, str):
        raise InputError(f"{where} is not a JSON object with a text field 'question'")
    try:
        parse(question)
    except NothingToFind as error:
        raise InputError(f"{where}: {error}") from None
    question = question.strip()
    if not question:
        raise InputError(f"{where} has an empty question; write one, or leave the line out")
    if len(question) > MAX_QUESTION_CHARS:
        raise InputError(
            f"{where} has a question of {len(question):,} characters; at most "
            f"{MAX_QUESTION_CHARS:,} can be asked at once"
        )
    return question
