"""`sanad eval judge`: say of passages that runs found whether they answer."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from ui.cli.options import examples, filled, path, whole
from ui.cli.text import clean

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from eval.judging import Sitting
    from eval.runs import Run

_EXAMPLES = """The judgements are qrels; with those of the data they measure the runs again:
  sanad eval judge out/bm25.json out/hybrid.json --qrels bench/xquad-r/qrels/test_judged.tsv
  sanad eval run bench/xquad-r --run out/bm25.trec --run out/hybrid.trec

examples:
  sanad eval judge other.trec --data bench/xquad-r --qrels judged.tsv --depth 5
"""


def add_parser(parts: Any) -> None:
    """Add `judge` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "judge",
        help="judge passages that nobody has judged",
        description="Serve a page on this machine that shows the best unjudged passages of one or "
        "more runs, without telling which run found them, and appends each judgement to a qrels "
        "file (0 not relevant, 1 related, 2 answers). Stop with Ctrl+C; go on any time.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("runs", nargs="+", type=path, metavar="RUN", help="RUN.json or RUN.trec")
    parser.add_argument(
        "--data",
        action="append",
        type=path,
        metavar="DIR",
        help="the data set (default: where the first RUN.json found it); may be repeated",
    )
    parser.add_argument(
        "--qrels", required=True, type=path, metavar="OUT.tsv", help="where judgements are added"
    )
    parser.add_argument(
        "--depth",
        type=whole(1, 1000),
        default=10,
        metavar="N",
        help="passages of each run and question (default 10)",
    )
    parser.add_argument(
        "--seed",
        type=whole(0, 2**31),
        default=0,
        metavar="N",
        help="of the order of a question's passages (default 0)",
    )
    parser.add_argument("--host", type=filled, default="127.0.0.1", help="default 127.0.0.1")
    parser.add_argument(
        "--port", type=whole(0, 65535), default=7861, help="default 7861; 0 takes a free one"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Pool, serve."""
    sitting = _sitting(args)
    if not sitting.items:
        print(f"nothing is left to judge among the first {args.depth} of each question")
        return 0
    n_questions = len({item.query.query_id for item in sitting.items})
    print(f"{len(sitting.items)} passages for {n_questions} questions → '{clean(args.qrels)}'")
    print("opening the judging page …", flush=True)
    from ui.judge import serve  # noqa: PLC0415 - gradio takes five seconds

    serve(sitting, args.host, args.port)
    print(f"{sitting.n_done} judged → '{clean(args.qrels)}'")
    return 0


def _sitting(args: argparse.Namespace) -> "Sitting":
    from eval import judgements  # noqa: PLC0415 - wrong use is told at once
    from eval.judging import Sitting  # noqa: PLC0415
    from eval.pooling import pooled  # noqa: PLC0415

    dataset, runs = _dataset(args), list(map(_run, args.runs))
    try:
        judged = judgements.judged(args.qrels)
        judgements.prepare(args.qrels)
    except OSError as error:
        raise InputError(f"'{args.qrels}' cannot be written: {error}") from None
    return Sitting(pooled(runs, dataset, args.depth, args.seed, judged), args.qrels)


def _run(file: Path) -> "Run":
    from eval.trec import read_run  # noqa: PLC0415

    return read_run(file.with_suffix(".trec") if file.suffix == ".json" else file)


def _dataset(args: argparse.Namespace) -> "Dataset":
    """The data, whole: a passage of any language or split may be judged."""
    from eval.rankings import read_data  # noqa: PLC0415
    from eval.runs import read_saved  # noqa: PLC0415
    from eval.sources import read_sets  # noqa: PLC0415

    if args.data:
        return read_sets(args.data)
    saved = next((file for file in args.runs if file.suffix == ".json"), None)
    if saved is None:
        raise InputError("a RUN.trec does not say where its data are; give --data DIR")
    return read_data(read_saved(saved))[0]
