"""`sanad eval`: does it find, and does it answer."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from ui.cli.options import add_json, examples

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from eval.measures import Evaluation
    from eval.runs import Run
    from index.search import Searcher
    from index.types import Document

_CACHE = Path("data/eval")
_QUESTIONS = Path("seeds/questions.jsonl")

_EXAMPLES = """examples:
  sanad eval run bench/xquad-r
  sanad eval answers --split reporting
  sanad eval seeds out/seeds
"""
_RUN_EXAMPLES = """Questions in Arabic on Arabic documents; then on English ones:
  sanad eval run bench/xquad-r --query-language ar --corpus-language ar
  sanad eval run bench/xquad-r --query-language ar --corpus-language en

examples:
  sanad eval run bench/xquad-r --retriever bm25 --retriever dense --retriever hybrid
  sanad eval run bench/xquad-r bench/arcd-dev --corpus-language ar --split report
  sanad eval run bench/xquad-r --measure nDCG@10 --measure RR@10 --json
  sanad eval run bench/xquad-r --save out/xquad-r --encoder intfloat/multilingual-e5-small
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
    """Add the command and its three parts to the parser."""
    parser = commands.add_parser(
        "eval",
        help="measure the search and the answers",
        description="Measure how well passages are found and questions answered.",
        **examples(_EXAMPLES),
    )
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    _add_run(parts)
    _add_answers(parts)
    _add_seeds(parts)


def _add_run(parts: Any) -> None:
    parser = parts.add_parser(
        "run",
        help="how well the search finds",
        description="Measure the search on a BEIR folder (corpus.jsonl, queries.jsonl, "
        "qrels/*.tsv), or on several as one. What is measured is the entry of the corpus, "
        "by its best passage.",
        **examples(_RUN_EXAMPLES),
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument(
        "--retriever",
        action="append",
        choices=("bm25", "dense", "hybrid"),
        help="default hybrid; may be repeated",
    )
    parser.add_argument("--query-language", metavar="L", help="only questions in it")
    parser.add_argument("--corpus-language", metavar="L", help="only documents in it")
    parser.add_argument("--split", metavar="S", help="only questions whose split is S")
    parser.add_argument(
        "--measure",
        action="append",
        metavar="M",
        help="as ir_measures names it, e.g. nDCG@10; may be repeated",
    )
    parser.add_argument(
        "--save", type=Path, metavar="DIR", help="keep qrels, runs and figures of each question"
    )
    parser.add_argument("--encoder", help="'bundled', a sentence-transformers folder or hub name")
    _add_index(parser)
    add_json(parser)
    parser.set_defaults(run=run, action=_run)


def _add_answers(parts: Any) -> None:
    parser = parts.add_parser(
        "answers",
        help="how well questions are answered",
        description="Ask every question of a file and count: answers whose quotations hold what "
        "was asked, refusals right and wrong.",
        **examples(_ANSWERS_EXAMPLES),
    )
    _add_questions(parser)
    parser.add_argument("--split", choices=("tuning", "reporting"), help="one half of them")
    _add_index(parser)
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
    parser.add_argument("folder", type=Path, metavar="OUT_DIR")
    _add_questions(parser)
    parser.set_defaults(run=run, action=_seeds)


def _add_questions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "questions",
        nargs="?",
        type=Path,
        default=_QUESTIONS,
        metavar="QUESTIONS.jsonl",
        help=f"default {_QUESTIONS}; the documents are in the folder 'documents' beside it",
    )


def _add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--index",
        type=Path,
        metavar="DIR",
        help=f"an index that holds the documents (default: one is built under {_CACHE})",
    )


def run(args: argparse.Namespace) -> int:
    """Do the part that was asked for."""
    code: int = args.action(args)
    return code


def _run(args: argparse.Namespace) -> int:
    from eval import datasets, measures, report  # noqa: PLC0415 - wrong use is told at once
    from eval.retrieval import run_retrieval  # noqa: PLC0415

    names = list(map(str, map(measures.parse_measure, args.measure or measures.MEASURES)))
    whole = datasets.pool([datasets.read_beir(folder) for folder in args.folders])
    dataset = datasets.select(whole, args.query_language, args.corpus_language, args.split)
    _check_measurable(dataset, args.save)
    # An index built for these documents holds no others; a given one may.
    languages = [args.corpus_language] if args.index and args.corpus_language else None
    evaluations: list[Evaluation] = []
    with _searcher(dataset.documents, args.index, args.encoder) as searcher:
        for retriever in dict.fromkeys(args.retriever or ["hybrid"]):
            found = run_retrieval(dataset, searcher, retriever, languages, progress=True)
            evaluations.append(measures.evaluate(dataset, found, names))
            if args.save:
                _save(dataset, found, evaluations[-1], args.save)
    if args.json:
        made = list(map(report.to_json, evaluations))
        print(json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False))
    else:
        print(report.to_text(evaluations))
    return 0


def _check_measurable(dataset: "Dataset", save: Path | None) -> None:
    """Say before the work what would make it vain."""
    from eval.measures import check_judged  # noqa: PLC0415
    from eval.runs import check_ids  # noqa: PLC0415

    check_judged(dataset)
    if save:
        check_ids([*dataset.qrels, *(document.doc_id for document in dataset.documents)])
        try:
            save.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"'{save}' cannot be written: {error}") from None


def _searcher(
    documents: "Sequence[Document]", index_dir: Path | None, encoder: str | None = None
) -> "Searcher":
    from eval.retrieval import cached_searcher, check_holds  # noqa: PLC0415
    from index.config import BUNDLED, IndexConfig  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415

    if index_dir is None:
        return cached_searcher(documents, IndexConfig(encoder or BUNDLED), _CACHE, progress=True)
    searcher = Searcher.open(index_dir)
    if encoder not in (None, searcher.manifest.encoder):
        raise InputError(
            f"the index at '{index_dir}' was built with encoder '{searcher.manifest.encoder}', "
            f"not '{encoder}'; leave out one of --index and --encoder"
        )
    check_holds(searcher, documents, index_dir)
    return searcher


def _save(dataset: "Dataset", found: "Run", evaluation: "Evaluation", folder: Path) -> None:
    """`ir_measures FOLDER/qrels.trec FOLDER/hybrid.trec nDCG@10` gives the same figures."""
    from eval import report  # noqa: PLC0415
    from eval.runs import write_run, write_trec_qrels  # noqa: PLC0415

    write_trec_qrels(dataset.qrels, folder / "qrels.trec")
    write_run(found, folder / f"{found.name}.trec")
    figures = json.dumps(report.to_json(evaluation), ensure_ascii=False, indent=1) + "\n"
    (folder / f"{found.name}.json").write_text(figures, encoding="utf-8")
    (folder / f"{found.name}.queries.tsv").write_text(report.to_tsv(evaluation), encoding="utf-8")


def _answers(args: argparse.Namespace) -> int:
    from tqdm import tqdm  # noqa: PLC0415

    from assistant.assistant import Assistant  # noqa: PLC0415 - wrong use is told at once
    from eval import answers, datasets  # noqa: PLC0415

    dataset = datasets.select(_seeds_dataset(args.questions), split=args.split)
    languages = {d.doc_id: datasets.document_language(d) for d in dataset.documents}
    with _searcher(dataset.documents, args.index) as searcher:
        bar = tqdm(dataset.queries, "asking", unit=" questions")
        scores = answers.score_answers(bar, Assistant(searcher).ask, dataset.qrels, languages)
    if args.json:
        print(json.dumps(answers.to_json(scores), ensure_ascii=False))
    else:
        print(answers.to_text(scores))
    return 0


def _seeds(args: argparse.Namespace) -> int:
    from eval.datasets import write_beir  # noqa: PLC0415 - wrong use is told at once

    dataset = _seeds_dataset(args.questions)
    try:
        write_beir(dataset, args.folder)
    except OSError as error:
        raise InputError(f"'{args.folder}' cannot be written: {error}") from None
    print(f"{len(dataset.documents)} documents, {len(dataset.queries)} questions → '{args.folder}'")
    return 0


def _seeds_dataset(questions: Path) -> "Dataset":
    """The questions, and the documents beside them."""
    from eval.datasets import seeds_dataset  # noqa: PLC0415
    from index.loading import Skipped, find_files, load_all  # noqa: PLC0415

    documents: list[Document] = []
    for item in load_all(find_files([questions.parent / "documents"])):
        if isinstance(item, Skipped):
            print(f"skipped {item.path}: {item.reason}", file=sys.stderr)
        else:
            documents.append(item)
    return seeds_dataset(documents, questions)
