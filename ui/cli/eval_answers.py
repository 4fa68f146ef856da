"""`sanad eval answers`: how well questions are answered, and refused."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from ui.cli import eval_run, eval_sets
from ui.cli.options import (
    add_answering,
    add_json,
    add_llm,
    add_reranker,
    examples,
    llm_flags,
    path,
    whole,
)
from ui.cli.text import clean, print_json
from ui.settings import load_settings, origins

if TYPE_CHECKING:
    from eval.answer_runs import Option, SavedAnswers, Way
    from eval.answers import Answerer, Answers, Outcome
    from eval.askings import Asking
    from eval.datasets import Dataset

QUESTIONS = Path("seeds/questions.jsonl")
HALVES = ("tuning", "reporting")

_EXAMPLES = """The questions on the seed documents; then those of a set on passages of their own
language, and across languages:
  sanad eval answers --split reporting
  sanad eval answers bench/xquad-r --split report --among own --limit 300
  sanad eval answers bench/xquad-r --query-language ar --corpus-language en

examples:
  sanad eval answers bench/arcd-dev bench/pquad-dev --among own --without-relevant --baselines
  sanad eval answers squad.ru.json --language ru --json
  sanad eval answers bench/xquad-r --generator ollama/qwen3:4b --limit 20
  sanad eval answers archive/questions.jsonl --index data/archive
"""


def add_parser(parts: Any) -> None:
    """Add `answers` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "answers",
        help="how well questions are answered",
        description="Ask the questions of a file that has its documents in the folder 'documents' "
        f"beside it (default {QUESTIONS}), or of sets as sanad eval run takes them, and measure "
        "what is quoted, what is refused, and whether the confidence is to be trusted. A question "
        "that is refused is asked once more as if it were not.",
        **examples(_EXAMPLES),
    )
    eval_sets.add_sets(parser)
    parser.add_argument(
        "--among",
        choices=("all", "own", "each", "alone"),
        default="all",
        help="ask among all documents (default), those in the question's own language, those "
        "of each language by themselves, or all of which only those in one language answer (alone: "
        "each in turn, the others that answer left out)",
    )
    parser.add_argument(
        "--limit",
        type=whole(1, 1_000_000),
        metavar="N",
        help="at most N questions of each pair of languages, drawn always alike",
    )
    parser.add_argument(
        "--without-relevant",
        action="store_true",
        help="ask each question again with the documents that answer it left out, so that half "
        "of all are to be refused",
    )
    parser.add_argument(
        "--baselines",
        action="store_true",
        help="measure two plain ways to choose sentences on the same questions",
    )
    parser.add_argument(
        "--save",
        type=path,
        metavar="DIR",
        help="keep the figures, those of each question too, as NAME.json for each generator; "
        "sanad eval gate compares them",
    )
    parser.add_argument(
        "--html",
        type=path,
        metavar="FILE",
        help="write a page with plots and the questions that went wrong, for a browser",
    )
    add_llm(parser, "--generator")
    add_answering(parser)
    add_reranker(parser)
    eval_run.add_index(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, keep, and print."""
    from eval import answer_runs  # noqa: PLC0415 - wrong use is told at once

    way, options = _way(args), _options(args)
    whole_set = _whole(args)
    way.cut(whole_set)  # a wrong choice is told before the work
    index = _index(args, way)
    made = measured(way, whole_set, options, index, args.baselines)
    saved = [answer_runs.saved_answers(one, whole_set, way, options) for one in made.each]
    if args.save:
        _save(saved, args.save)
    if args.html:
        _write_page(made, saved[0], whole_set, args.html)
    _print(made, args)
    return 0


def _print(made: "Answers", args: argparse.Namespace) -> None:
    from eval import answer_report  # noqa: PLC0415 - wrong use is told at once

    if args.json:
        print_json(answer_report.to_json(made))
    else:
        print("\n".join(map(clean, answer_report.to_text(made).split("\n"))))


def _save(saved: "Sequence[SavedAnswers]", folder: Path) -> None:
    from eval.answer_runs import file_name, write_answers  # noqa: PLC0415

    for one in saved:
        try:
            write_answers(one, folder / file_name(one.generator))
        except OSError as error:
            raise InputError(f"'{folder}' cannot be written: {error}") from None


def _write_page(made: "Answers", saved: "SavedAnswers", whole_set: "Dataset", file: Path) -> None:
    from eval.jsonl import write_text  # noqa: PLC0415
    from ui.answers_page import answers_html  # noqa: PLC0415

    documents = {document.doc_id: document for document in whole_set.documents}
    try:
        write_text(file, answers_html(made, saved, documents))
    except OSError as error:
        raise InputError(f"'{file}' cannot be written: {error}") from None
    print(f"page → '{clean(file)}'", file=sys.stderr)


def _way(args: argparse.Namespace) -> "Way":
    """What is asked of what; exits when a half of the seeds' questions is called otherwise."""
    from eval.answer_runs import Way  # noqa: PLC0415

    seeds_file = _questions_beside(args)
    if seeds_file and args.split not in {None, *HALVES}:
        args.wrong(f"argument --split: '{args.split}' is neither of {', '.join(HALVES)}")
    return Way(
        data=(str(seeds_file),) if seeds_file else eval_sets.names(args),
        language=args.language,
        split=args.split,
        query_language=args.query_language,
        corpus_language=args.corpus_language,
        among=args.among,
        limit=args.limit,
        without_relevant=args.without_relevant,
    )


def _questions_beside(args: argparse.Namespace) -> Path | None:
    """The file of questions that has its documents beside it; None where sets are named."""
    places: list[Path] = args.places or [QUESTIONS]
    alone = len(places) == 1 and is_questions(places[0])
    return places[0] if alone and args.topics is None else None


def is_questions(place: Path) -> bool:
    """Whether a place is a file of questions on documents beside it."""
    return place.suffix.lower() == ".jsonl"


def _whole(args: argparse.Namespace) -> "Dataset":
    questions = _questions_beside(args)
    return seeds(questions) if questions else eval_sets.read(args)


def read_places(places: "Sequence[Path]", language: str | None) -> "Dataset":
    """The set at some places, of either kind."""
    from eval.sources import read_sets  # noqa: PLC0415

    if len(places) == 1 and is_questions(places[0]):
        return seeds(places[0])
    return read_sets(places, language)


def seeds(questions: Path) -> "Dataset":
    """The questions, and the documents beside them."""
    from eval.seeds import seeds_dataset  # noqa: PLC0415

    return seeds_dataset(eval_run.seed_documents(questions), questions)


def _options(args: argparse.Namespace) -> "dict[str, Option]":
    """The settings that were given, but for the index."""
    given = {name: getattr(args, name) for name in ("hits", "max_risk", "reranker")}
    return {name: x for name, x in {**given, **llm_flags(args)}.items() if x is not None}


def _index(args: argparse.Namespace, way: "Way") -> Path | None:
    """The index that is given; for questions beside their documents, also by another setting."""
    sources = {origin.name: origin.source for origin in origins(index=args.index)}
    if not is_questions(Path(way.data[-1])) or sources["index"] == "default":
        index: Path | None = args.index
        return index
    return load_settings(index=args.index).index


def measured(
    way: "Way",
    whole_set: "Dataset",
    options: "Mapping[str, Option]",
    index: Path | None,
    baselines: bool = False,
) -> "Answers":
    """Ask what is to be asked, with the plain ways beside it if they are wanted."""
    from eval.answerers import Assisted, plain_ways  # noqa: PLC0415
    from eval.answers import Answers  # noqa: PLC0415
    from ui.llm import open_generator  # noqa: PLC0415

    settings, asked = load_settings(**options), way.askings(whole_set)
    documents = (way.cut(whole_set) if index else whole_set).documents
    with (
        open_generator(settings) as generator,
        eval_run.open_searcher(documents, index, settings.reranker) as searcher,
    ):
        answerer = Assisted(searcher, settings.answers, generator)
        beside = plain_ways(searcher, settings.hits) if baselines else []
        own = _outcomes(asked, answerer)
        others = {one.name: _outcomes(asked, one) for one in beside}
        fingerprint = searcher.fingerprint
    return Answers(whole_set.name, answerer.name, own, others, fingerprint)


def _outcomes(asked: "Sequence[Asking]", answerer: "Answerer") -> "list[Outcome]":
    from tqdm import tqdm  # noqa: PLC0415

    from eval.answers import outcomes_of  # noqa: PLC0415

    return list(outcomes_of(tqdm(asked, answerer.name, unit=" questions"), answerer))
