"""`sanad eval run`: how well the search finds."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from ui.cli.options import add_json, examples, path
from ui.cli.text import clean, print_json

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from eval.measures import Evaluation
    from eval.runs import Run
    from index.search import Searcher
    from index.types import Document

_CACHE = Path("data/eval")

_RUN_EXAMPLES = """Questions in Arabic on Arabic documents; then on English ones:
  sanad eval run bench/xquad-r --query-language ar --corpus-language ar
  sanad eval run bench/xquad-r --query-language ar --corpus-language en

examples:
  sanad eval run bench/xquad-r --retriever bm25 --retriever dense --retriever hybrid
  sanad eval run bench/xquad-r bench/arcd-dev --corpus-language ar --split report
  sanad eval run bench/xquad-r --measure nDCG@10 --measure RR@10 --json
  sanad eval run bench/xquad-r --save out/xquad-r
  sanad eval run bench/xquad-r --run out/xquad-r/bm25.trec --retriever hybrid
"""


def add_parser(parts: Any) -> None:
    """Add `run` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "run",
        help="how well the search finds",
        description="Measure the search on a BEIR folder (corpus.jsonl, queries.jsonl, "
        "qrels/*.tsv), or on several as one. What is measured is the entry of the corpus, "
        "by its best passage.",
        **examples(_RUN_EXAMPLES),
    )
    parser.add_argument("folders", nargs="+", type=path, metavar="DIR")
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
        "--save", type=path, metavar="DIR", help="keep qrels, runs and figures of each question"
    )
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
    from eval import datasets, measures, report  # noqa: PLC0415 - wrong use is told at once
    from eval.beir import read_beir  # noqa: PLC0415

    names = list(map(str, map(measures.parse_measure, args.measure or measures.MEASURES)))
    whole = datasets.pool([read_beir(folder) for folder in args.folders])
    dataset = datasets.select(whole, args.query_language, args.corpus_language, args.split)
    _check_measurable(dataset, args.save)
    evaluations: list[Evaluation] = []
    for found in _runs(args, dataset):
        evaluations.append(measures.evaluate(dataset, found, names))
        if args.save:
            _save(dataset, found, evaluations[-1], args.save)
    if args.json:
        made = list(map(report.to_json, evaluations))
        several = len([*(args.retriever or []), *(args.runs or [])]) > 1
        print_json(made if several else made[0])
    else:
        print("\n".join(map(clean, report.to_text(evaluations).split("\n"))))
    return 0


def _runs(args: argparse.Namespace, dataset: "Dataset") -> "Iterator[Run]":
    """The saved runs, all read before the first search; then one run a retriever."""
    from eval.retrieval import run_retrieval  # noqa: PLC0415
    from eval.runs import Run, read_run  # noqa: PLC0415

    saved = [Run(file.stem, read_run(file).found) for file in dict.fromkeys(args.runs or [])]
    retrievers = list(dict.fromkeys(args.retriever or ([] if saved else ["hybrid"])))
    _check_names([*(found.name for found in saved), *retrievers])
    for found in saved:
        if not found.found.keys() & dataset.qrels.keys():
            raise InputError(f"the run '{found.name}' holds no query of the data set")
    yield from saved
    if not retrievers:
        return
    # An index built for these documents holds no others; a given one may.
    languages = [args.corpus_language] if args.index and args.corpus_language else None
    with open_searcher(dataset.documents, args.index) as searcher:
        for retriever in retrievers:
            yield run_retrieval(dataset, searcher, retriever, languages, progress=True)


def _check_names(names: "Sequence[str]") -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two runs are called '{name}'; rename a file to tell them apart")


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


def open_searcher(documents: "Sequence[Document]", index_dir: Path | None) -> "Searcher":
    """The index in `index_dir`, which must hold the documents; without one, an index of them, kept
    from one time to the next."""
    from eval.retrieval import cached_searcher, check_holds  # noqa: PLC0415
    from index.config import IndexConfig  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415

    if index_dir is None:
        return cached_searcher(documents, IndexConfig(), _CACHE, progress=True)
    searcher = Searcher.open(index_dir)
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
