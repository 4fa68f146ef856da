"""`sanad eval compare`: is one run better than another?"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import DatasetError, InputError
from ui.cli.options import add_json, examples, path, whole
from ui.cli.text import clean, print_json

if TYPE_CHECKING:
    from eval.compare import Comparison
    from eval.runs import SavedRun
    from ui.side_by_side import Evidence

_EXAMPLES = """Runs are the NAME.json of sanad eval run --save; the first is the baseline.

examples:
  sanad eval compare out/bm25.json out/hybrid.json
  sanad eval compare out/bm25.json out/dense.json out/hybrid.json --measure nDCG@10
  sanad eval compare old/hybrid.json new/hybrid.json --html compared.html
"""


def add_parser(parts: Any) -> None:
    """Add `compare` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "compare",
        help="whether one run is better than another",
        description="Compare saved runs with the first of them, question by question: differences "
        "with 95 % intervals, a paired randomization test corrected for the number of "
        "comparisons, wins and losses, and the questions that moved most.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("baseline", type=path, metavar="RUN.json")
    parser.add_argument("runs", nargs="+", type=path, metavar="RUN.json")
    parser.add_argument(
        "--measure",
        action="append",
        metavar="M",
        help="one of those the runs were measured by (default all); may be repeated",
    )
    parser.add_argument(
        "--common", action="store_true", help="where questions differ, compare by those of all runs"
    )
    parser.add_argument(
        "--moved",
        type=whole(0, 10_000),
        metavar="N",
        help="questions that moved most to show (default 10 in the table, 50 in the page)",
    )
    parser.add_argument("--html", type=path, metavar="FILE", help="write a page, for a browser")
    parser.add_argument(
        "--data",
        action="append",
        type=path,
        metavar="DIR",
        help="where the page finds the texts (default: where the runs found them); may be repeated",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compare, print, and write the page that was asked for."""
    from eval import compare, compare_text, rankings  # noqa: PLC0415 - wrong use is told at once

    files = [args.baseline, *args.runs]
    runs = compare.read_runs(files)
    named = dict(zip(runs, files, strict=True))
    rankings.check_same_qrels({name: rankings.qrels_beside(x) for name, x in named.items()})
    made = compare.compare(runs, args.measure or (), args.common)
    n_moved = 10 if args.moved is None else args.moved
    if args.json:
        print_json(compare.to_json(made, n_moved))
    else:
        print("\n".join(map(clean, compare_text.to_text(made, n_moved).split("\n"))))
    if args.html:
        _write_page(made, runs, named, args)
    return 0


def _write_page(
    made: "Comparison",
    runs: "Mapping[str, SavedRun]",
    files: "Mapping[str, Path]",
    args: argparse.Namespace,
) -> None:
    from eval.jsonl import write_text  # noqa: PLC0415
    from ui.comparison import comparison_html  # noqa: PLC0415

    evidence, notes = _evidence(runs, files, args.data or ())
    for note in notes:
        print(f"sanad: the page lacks something: {clean(note)}", file=sys.stderr)
    n_moved = 50 if args.moved is None else args.moved
    try:
        write_text(args.html, comparison_html(made, runs, evidence, notes, n_moved))
    except OSError as error:
        raise InputError(f"'{args.html}' cannot be written: {error}") from None
    print(f"page → '{clean(args.html)}'", file=sys.stderr)


def _evidence(
    runs: "Mapping[str, SavedRun]", files: "Mapping[str, Path]", folders: "Sequence[Path]"
) -> "tuple[Evidence, list[str]]":
    """What is at hand, and what is not and why."""
    from eval.rankings import read_data, read_rankings  # noqa: PLC0415
    from ui.side_by_side import Evidence  # noqa: PLC0415

    evidence, notes = Evidence(), []
    try:
        evidence = replace(evidence, rankings=read_rankings(files))
    except DatasetError as error:
        notes.append(f"No rankings: {error}.")
    try:
        _, data = read_data(next(iter(runs.values())), folders)
    except DatasetError as error:
        notes.append(f"No texts, only ids: {error}.")
        return evidence, notes
    questions = {query.query_id: query.text for query in data.queries}
    documents = {document.doc_id: document for document in data.documents}
    return replace(evidence, questions=questions, documents=documents), notes
