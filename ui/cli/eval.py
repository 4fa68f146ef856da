"""`sanad eval`: does it find, and does it answer."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from ui.cli import (
    eval_compare,
    eval_dialogues,
    eval_gate,
    eval_judge,
    eval_run,
    eval_speed,
    eval_support,
)
from ui.cli.options import add_answering, add_json, add_reranker, examples, path
from ui.cli.text import clean, print_json
from ui.settings import load_settings, origins

if TYPE_CHECKING:
    from eval.datasets import Dataset

_QUESTIONS = Path("seeds/questions.jsonl")

_EXAMPLES = """examples:
  sanad eval run bench/xquad-r --retriever bm25 --retriever hybrid --save out
  sanad eval compare out/bm25.json out/hybrid.json --html compared.html
  sanad eval answers --split reporting
  sanad eval seeds out/seeds
"""
_ANSWERS_EXAMPLES = """examples:
  sanad eval answers
  sanad eval answers --split reporting --json
  sanad eval answers archive/questions.jsonl --index data/archive
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
    eval_compare.add_parser(parts)
    eval_gate.add_parser(parts)
    eval_judge.add_parser(parts)
    eval_support.add_parser(parts)
    eval_dialogues.add_parser(parts)
    eval_speed.add_parser(parts)
    _add_answers(parts)
    _add_seeds(parts)


def _add_answers(parts: Any) -> None:
    parser = parts.add_parser(
        "answers",
        help="how well questions are answered",
        description="Ask every question of a file and count: answers whose quotations hold what "
        "was asked, refusals right and wrong.",
        **examples(_ANSWERS_EXAMPLES),
    )
    _add_questions(parser)
    add_answering(parser)
    add_reranker(parser)
    parser.add_argument("--split", choices=("tuning", "reporting"), help="one half of them")
    eval_run.add_index(parser)
    add_json(parser)
    parser.set_defaults(run=run, action=_answers)


def _add_seeds(parts: Any) -> None:
    parser = parts.add_parser(
        "seeds",
        help="write the seed questions as a BEIR folder",
        description="Write the seed documents, the questions on them and their qrels as a BEIR "
        "folder.",
        **examples(_SEEDS_EXAMPLES),
    )
    parser.add_argument("folder", type=path, metavar="OUT_DIR")
    _add_questions(parser)
    parser.set_defaults(run=run, action=_seeds)


def _add_questions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "questions",
        nargs="?",
        type=path,
        default=_QUESTIONS,
        metavar="QUESTIONS.jsonl",
        help=f"default {_QUESTIONS}; the documents are in the folder 'documents' beside it",
    )


def run(args: argparse.Namespace) -> int:
    """Do the part that was asked for."""
    code: int = args.action(args)
    return code


def _answers(args: argparse.Namespace) -> int:
    names = ("index", "hits", "min_confidence", "reranker")
    flags = {name: getattr(args, name) for name in names}
    settings = load_settings(**flags)
    sources = {origin.name: origin.source for origin in origins(**flags)}
    index_dir = None if sources["index"] == "default" else settings.index
    from tqdm import tqdm  # noqa: PLC0415

    from assistant.assistant import Assistant  # noqa: PLC0415 - wrong use is told at once
    from eval import answers, datasets  # noqa: PLC0415

    dataset = datasets.select(_seeds_dataset(args.questions), split=args.split)
    languages = {d.doc_id: datasets.document_language(d) for d in dataset.documents}
    with eval_run.open_searcher(dataset.documents, index_dir, settings.reranker) as searcher:
        bar = tqdm(dataset.queries, "asking", unit=" questions")
        ask = Assistant(searcher, settings.answers).ask
        scores = answers.score_answers(bar, ask, dataset.qrels, languages)
    if args.json:
        print_json(answers.to_json(scores))
    else:
        print("\n".join(map(clean, answers.to_text(scores).split("\n"))))
    return 0


def _seeds(args: argparse.Namespace) -> int:
    from eval.beir import write_beir  # noqa: PLC0415 - wrong use is told at once

    dataset = _seeds_dataset(args.questions)
    try:
        write_beir(dataset, args.folder)
    except OSError as error:
        raise InputError(f"'{args.folder}' cannot be written: {error}") from None
    counts = f"{len(dataset.documents)} documents, {len(dataset.queries)} questions"
    print(f"{counts} → '{clean(args.folder)}'")
    return 0


def _seeds_dataset(questions: Path) -> "Dataset":
    """The questions, and the documents beside them."""
    from eval.seeds import seeds_dataset  # noqa: PLC0415

    return seeds_dataset(eval_run.seed_documents(questions), questions)
