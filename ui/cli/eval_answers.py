"""`sanad eval answers`: how well questions are answered, and refused."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli import eval_run, eval_sets
from ui.cli.options import (
    add_answering,
    add_json,
    add_llm,
    add_reranker,
    examples,
    llm_flags,
    whole,
)
from ui.cli.text import clean, print_json
from ui.settings import Settings, load_settings, origins

if TYPE_CHECKING:
    from eval.answer_report import Answers
    from eval.answerers import Assisted
    from eval.answers import Answerer
    from eval.askings import Among, Asking
    from eval.datasets import Dataset
    from index.search import Searcher

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
        choices=("all", "own", "each"),
        default="all",
        help="ask among all documents (default), those in the question's own language, or those "
        "of each language by themselves",
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
    add_llm(parser, "--generator")
    add_answering(parser)
    add_reranker(parser)
    eval_run.add_index(parser)
    add_json(parser)
    parser.set_defaults(run=run)


@dataclass(frozen=True)
class _Set:
    """What is measured: the questions as they are cut, and where they and their documents are
    from."""

    dataset: "Dataset"
    whole: "Dataset"
    index: Path | None


def run(args: argparse.Namespace) -> int:
    """Measure, and print."""
    settings, found = _settings(args), _read(args)
    from eval import answer_report  # noqa: PLC0415 - wrong use is told at once
    from eval.askings import askings  # noqa: PLC0415

    asked = askings(found.dataset, found.whole, _among(args), args.limit, args.without_relevant)
    with _opened(settings, found) as (searcher, answerer):
        made = _measured(asked, answerer, searcher, found, args.baselines)
    if args.json:
        print_json(answer_report.to_json(made))
    else:
        print("\n".join(map(clean, answer_report.to_text(made).split("\n"))))
    return 0


def _among(args: argparse.Namespace) -> "Among":
    """Among all documents means those of the language that is chosen."""
    among: Among = args.among
    return "each" if args.corpus_language and among == "all" else among


def _settings(args: argparse.Namespace) -> Settings:
    return load_settings(**_flags(args))


def _flags(args: argparse.Namespace) -> dict[str, Any]:
    names = ("index", "hits", "min_confidence", "reranker")
    return {**{name: getattr(args, name) for name in names}, **llm_flags(args)}


def _read(args: argparse.Namespace) -> _Set:
    """A file of questions beside its documents, or sets of any kind."""
    from eval.datasets import select  # noqa: PLC0415

    if not _beside_documents(args):
        whole_set = eval_sets.read(args)
        cut = select(whole_set, args.query_language, args.corpus_language, args.split)
        return _Set(cut, whole_set, args.index)
    if args.split not in {None, *HALVES}:
        args.wrong(f"argument --split: '{args.split}' is neither of {', '.join(HALVES)}")
    whole_set = seeds(args.places[0] if args.places else QUESTIONS)
    cut = select(whole_set, args.query_language, args.corpus_language, args.split)
    sources = {origin.name: origin.source for origin in origins(**_flags(args))}
    index = None if sources["index"] == "default" else _settings(args).index
    return _Set(cut, whole_set, index)


def _beside_documents(args: argparse.Namespace) -> bool:
    places: list[Path] = args.places
    return args.topics is None and (
        not places or (len(places) == 1 and places[0].suffix.lower() == ".jsonl")
    )


def seeds(questions: Path) -> "Dataset":
    """The questions, and the documents beside them."""
    from eval.seeds import seeds_dataset  # noqa: PLC0415

    return seeds_dataset(eval_run.seed_documents(questions), questions)


@contextmanager
def _opened(settings: Settings, found: _Set) -> "Iterator[tuple[Searcher, Assisted]]":
    """An index that holds the documents, and who answers from it."""
    from eval.answerers import Assisted  # noqa: PLC0415
    from ui.llm import open_generator  # noqa: PLC0415

    documents = (found.dataset if found.index else found.whole).documents
    with (
        open_generator(settings) as generator,
        eval_run.open_searcher(documents, found.index, settings.reranker) as searcher,
    ):
        yield searcher, Assisted(searcher, settings.answers, generator)


def _measured(
    asked: "Sequence[Asking]",
    answerer: "Assisted",
    searcher: "Searcher",
    found: _Set,
    baselines: bool,
) -> "Answers":
    from tqdm import tqdm  # noqa: PLC0415

    from eval.answer_report import Answers  # noqa: PLC0415
    from eval.answerers import plain_ways  # noqa: PLC0415
    from eval.answers import outcomes_of  # noqa: PLC0415

    beside = plain_ways(searcher, answerer.n_hits) if baselines else []
    systems: list[Answerer] = [answerer, *beside]
    own, *others = (
        list(outcomes_of(tqdm(asked, one.name, unit=" questions"), one)) for one in systems
    )
    named = {one.name: outcomes for one, outcomes in zip(beside, others, strict=True)}
    return Answers(found.dataset.name, answerer.name, own, named)
