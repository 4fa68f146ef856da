"""`sanad eval run`: how well the search finds."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from index.reranker import NONE
from ui.cli import eval_sets
from ui.cli.options import add_json, add_reranker, examples, path
from ui.cli.text import clean, print_json

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from eval.experiment import Measured
    from eval.measures import Evaluation
    from index.search import Searcher
    from index.types import Document

_CACHE = Path("data/eval")

_RUN_EXAMPLES = """Questions in Arabic on Arabic documents; then on English ones:
  sanad eval run bench/xquad-r --query-language ar --corpus-language ar
  sanad eval run bench/xquad-r --query-language ar --corpus-language en

examples:
  sanad eval run bench/xquad-r --retriever bm25 --retriever dense --retriever hybrid
  sanad eval run bench/xquad-r bench/arcd-dev --corpus-language ar --split report
  sanad eval run bench/xquad-r --measure nDCG@10 'P(rel=2)@5' Judged@10 --json
  sanad eval run xquad.ru.json --language ru
  sanad eval run corpus.jsonl --topics topics.txt --qrels qrels.txt
  sanad eval run --topics topics.tsv --qrels qrels.txt --index data/index
  sanad eval run bench/xquad-r --save out/xquad-r
  sanad eval run bench/xquad-r --run out/xquad-r/bm25.trec --retriever hybrid
"""


def add_parser(parts: Any) -> None:
    """Add `run` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "run",
        help="how well the search finds",
        description="Measure the search on a BEIR folder (corpus.jsonl, queries.jsonl, "
        "qrels/*.tsv), a JSON file in SQuAD's format, or several as one; or on topics and qrels of "
        "TREC. What is measured is the entry of the corpus, by its best passage.",
        **examples(_RUN_EXAMPLES),
    )
    eval_sets.add_sets(parser)
    parser.add_argument(
        "--retriever",
        action="append",
        choices=("bm25", "dense", "hybrid"),
        help="default hybrid; may be repeated",
    )
    parser.add_argument(
        "--run",
        dest="runs",
        action="append",
        type=path,
        metavar="FILE.trec",
        help="score a saved TREC run, called by its file's name; may be repeated",
    )
    parser.add_argument(
        "--measure",
        action="append",
        nargs="+",
        metavar="M",
        help="as ir_measures names it, e.g. nDCG@10 'P(rel=2)@5' Judged@10; may be repeated",
    )
    parser.add_argument(
        "--save",
        type=path,
        metavar="DIR",
        help="keep qrels.trec and, for each run, its ranking as NAME.trec and its figures, "
        "those of each question too, as NAME.json",
    )
    parser.add_argument(
        "--matrix",
        action=argparse.BooleanOptionalAction,
        help="search the documents of each language by themselves, too, and print the measures "
        "given (else the first) by the language of questions and documents (default: where both "
        "are in several languages and none is chosen)",
    )
    add_reranker(parser)
    add_index(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def add_index(parser: argparse.ArgumentParser) -> None:
    """`--index DIR`, an index to measure instead of one built for it."""
    parser.add_argument(
        "--index",
        type=path,
        metavar="DIR",
        help=f"an index that holds the documents (default: one is built under {_CACHE})",
    )


def run(args: argparse.Namespace) -> int:
    """Measure every run that was asked for, print the figures."""
    from eval import datasets, experiment, measures  # noqa: PLC0415 - wrong use is told at once

    names = list(map(str, map(measures.parse_measure, chain(*args.measure or [measures.MEASURES]))))
    whole = eval_sets.read(args)
    dataset = datasets.select(whole, args.query_language, args.corpus_language, args.split)
    data = eval_sets.names(args)
    source = experiment.Source(
        *(data, args.split, args.query_language, args.corpus_language, args.language),
        index=str(args.index) if args.index else None,
    )
    measures.check_judged(dataset)
    if args.save:
        experiment.check_savable(dataset, args.save)
    made: list[Evaluation] = []
    for measured in _measured(args, whole, dataset, names):
        made.append(measured.evaluation)
        if args.save:
            experiment.save(measured, dataset, source, args.save)
    _print(made, names if args.measure else names[:1], args)
    return 0


def _print(
    evaluations: "Sequence[Evaluation]", matrices: "Sequence[str]", args: argparse.Namespace
) -> None:
    from eval import report  # noqa: PLC0415

    if args.json:
        made = list(map(report.to_json, evaluations))
        several = len([*(args.retriever or []), *(args.runs or [])]) > 1
        print_json(made if several else made[0])
    else:
        print("\n".join(map(clean, report.to_text(evaluations, matrices).split("\n"))))


def _measured(
    args: argparse.Namespace, whole: "Dataset", dataset: "Dataset", measures: "Sequence[str]"
) -> "Iterator[Measured]":
    """The saved runs, all read before the first search; then one run a retriever."""
    from eval.experiment import crosses, measure_file, measure_system  # noqa: PLC0415
    from eval.retrieval import Search  # noqa: PLC0415

    saved = [measure_file(dataset, file, measures) for file in dict.fromkeys(args.runs or [])]
    retrievers = list(dict.fromkeys(args.retriever or ([] if saved else ["hybrid"])))
    _check_names([*(found.run.name for found in saved), *retrievers])
    yield from saved
    if not retrievers:
        return
    free = not (args.query_language or args.corpus_language)
    pairs = free and crosses(dataset) if args.matrix is None else args.matrix
    # One index serves every cut of a set; one that was given need hold no more than is measured.
    documents = (dataset if args.index else whole).documents
    with open_searcher(documents, args.index, args.reranker or NONE) as searcher:
        for retriever in retrievers:
            system = Search(searcher, retriever, progress=True)
            yield measure_system(dataset, system, measures, args.corpus_language, pairs)


def _check_names(names: "Sequence[str]") -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two runs are called '{name}'; rename a file to tell them apart")


def open_searcher(
    documents: "Sequence[Document]", index_dir: Path | None, reranker: str = NONE
) -> "Searcher":
    """The index in `index_dir`, which must hold the documents; without one, an index of them as
    `sanad index` builds it, kept from one time to the next."""
    from eval.retrieval import cached_searcher, check_holds  # noqa: PLC0415
    from index.config import AUTO, IndexConfig  # noqa: PLC0415
    from index.reranker import load_reranker  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415

    last = load_reranker(reranker)
    if index_dir is None:
        config = IndexConfig(AUTO)
        return cached_searcher(documents, config, _CACHE, progress=True, reranker=last)
    searcher = Searcher.open(index_dir, last)
    check_holds(searcher, documents, index_dir)
    return searcher


def seed_documents(questions: Path) -> "list[Document]":
    """The documents in the folder beside a file of questions; unreadable ones are named."""
    from index.loading import Skipped, find_files, load_all  # noqa: PLC0415

    documents: list[Document] = []
    for item in load_all(find_files([questions.parent / "documents"])):
        if isinstance(item, Skipped):
            print(f"skipped {clean(item.path)}: {clean(item.reason)}", file=sys.stderr)
        else:
            documents.append(item)
    return documents
