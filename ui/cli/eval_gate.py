"""`sanad eval gate`: stop a change that makes the search or the answers worse."""

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError, SanadError
from index.reranker import NONE
from ui.cli import eval_answers
from ui.cli.eval_run import add_index, open_searcher
from ui.cli.options import add_json, examples, path
from ui.cli.text import clean, print_json

if TYPE_CHECKING:
    from eval.answer_runs import SavedAnswers
    from eval.gate import Change
    from eval.runs import SavedRun
    from index.search import Retriever

_EXAMPLES = """In continuous integration, against figures that are kept in the repository:
  sanad eval gate --baseline baseline/hybrid.json --max-drop nDCG@10=0.01

examples:
  sanad eval gate --baseline baseline/extractive.json --max-drop answer_recall@1=0.02
  sanad eval gate --baseline old/hybrid.json new/hybrid.json --max-drop R@5=0.02
  sanad eval gate --baseline baseline/hybrid.json --data bench/xquad-r \\
      --max-drop nDCG@10=0.01 --max-drop R@5=0.02

exit codes: 0 nothing fell by more than is allowed, 1 something did, 2 it could not be told
"""


def add_parser(parts: Any) -> None:
    """Add `gate` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "gate",
        help="fail when a measure falls in any language",
        description="Compare a run of the search, or measured answers, with a baseline, and fail "
        "when a measure becomes worse by more than is allowed in any language, or pair of "
        "languages. Without a run, what the baseline measured is measured again, on its data and "
        "in its way.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("--baseline", required=True, type=path, metavar="RUN.json")
    parser.add_argument("run_file", nargs="?", type=path, metavar="RUN.json")
    parser.add_argument(
        "--max-drop",
        required=True,
        action="append",
        type=_drop,
        metavar="M=D",
        help="how far a mean may fall, e.g. nDCG@10=0.01 or answer_recall@1=0.02 (or rise, as in "
        "ece=0.01); may be repeated",
    )
    parser.add_argument(
        "--data",
        action="append",
        type=path,
        metavar="DIR",
        help="where the baseline's data lie (default: where it found them); may be repeated",
    )
    add_index(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def _drop(text: str) -> tuple[str, float]:
    """The `type` of `--max-drop`."""
    measure, _, number = text.rpartition("=")
    try:
        drop = float(number)
    except ValueError:
        drop = math.nan
    if not measure.strip() or not 0 <= drop <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a measure=number from 0 to 1")
    return measure, drop


def run(args: argparse.Namespace) -> int:
    """Judge; 2 where nothing could be judged, so that no failure is taken for a fall."""
    try:
        return _judge(args)
    except (SanadError, OSError) as error:
        print(f"sanad: {clean(error)}", file=sys.stderr)
        return 2


def _judge(args: argparse.Namespace) -> int:
    from eval import gate  # noqa: PLC0415 - wrong use is told at once
    from eval.answer_runs import holds_answers  # noqa: PLC0415

    found = (_answers if holds_answers(args.baseline) else _search)(args)
    fell = any(change.fell for change in found)
    if args.json:
        print_json(gate.to_json(found))
    else:
        table = gate.to_text(found).split("\n") if fell else []
        print("\n".join(map(clean, [*table, gate.verdict(found)])))
    return int(fell)


def _answers(args: argparse.Namespace) -> "Sequence[Change]":
    """How saved answers changed."""
    from eval import answer_gate  # noqa: PLC0415
    from eval.answer_runs import read_answers  # noqa: PLC0415

    baseline = read_answers(args.baseline)
    now = read_answers(args.run_file) if args.run_file else _answered_again(baseline, args)
    return answer_gate.changes(baseline, now, dict(args.max_drop))


def _answered_again(baseline: "SavedAnswers", args: argparse.Namespace) -> "SavedAnswers":
    """The answers as they are now, to what the baseline was asked, with the options it was given;
    what these leave open is as the code has it now."""
    from eval import answer_runs  # noqa: PLC0415

    places = args.data or list(map(Path, baseline.way.data))
    whole = eval_answers.read_places(places, baseline.way.language)
    made = eval_answers.measured(baseline.way, whole, baseline.options, args.index)
    return answer_runs.saved_answers(made, whole, baseline.way, baseline.options)


def _search(args: argparse.Namespace) -> "Sequence[Change]":
    """How a saved run of the search changed."""
    from eval import gate, rankings  # noqa: PLC0415
    from eval.measures import parse_measure  # noqa: PLC0415
    from eval.runs import read_saved  # noqa: PLC0415

    allowed = {str(parse_measure(measure)): drop for measure, drop in args.max_drop}
    baseline = read_saved(args.baseline)
    if args.run_file:
        judged = {x: rankings.qrels_beside(x) for x in (args.baseline, args.run_file)}
        rankings.check_same_qrels({str(file): qrels for file, qrels in judged.items()})
        now = read_saved(args.run_file)
    else:
        now = _again(baseline, list(allowed), args)
    return gate.changes(baseline, now, allowed)


def _again(baseline: "SavedRun", measures: Sequence[str], args: argparse.Namespace) -> "SavedRun":
    """The search as it is now, in the way of the baseline and on its data."""
    from eval import experiment, rankings  # noqa: PLC0415 - a saved run needs no search
    from eval.retrieval import Search  # noqa: PLC0415

    retriever = _retriever(baseline)
    whole, dataset = rankings.read_data(baseline, args.data or (), args.index)
    before = rankings.qrels_beside(args.baseline)
    rankings.check_same_qrels({str(args.baseline): before, "the run of today": dataset.qrels})
    index = args.index or (Path(baseline.index) if baseline.index else None)
    source = experiment.Source(
        *(baseline.data, baseline.split, baseline.query_language, baseline.corpus_language),
        *(baseline.language, str(index) if index else None),
    )
    documents = (dataset if index else whole).documents
    reranker = str(baseline.config.get("reranker", NONE))
    with open_searcher(documents, index, reranker) as searcher:
        system = Search(searcher, retriever, _depth(baseline), progress=True)
        _check_same_way(baseline, system.config)
        measured = experiment.measure_system(
            dataset, system, measures, baseline.corpus_language, bool(baseline.by_pair)
        )
    return experiment.saved_run(measured, dataset, source)


def _depth(baseline: "SavedRun") -> int:
    """How many entries the baseline has for a question."""
    depth = baseline.config["k"]
    if not isinstance(depth, int) or depth < 1:
        raise InputError(f"the baseline '{baseline.run}' has no depth: its 'k' is '{depth}'")
    return depth


def _check_same_way(baseline: "SavedRun", now: "Mapping[str, str | int]") -> None:
    """Raise InputError where another encoder or other passages would be taken for a fall."""
    for name in ("encoder", "min_words", "max_words"):
        if name in baseline.config and baseline.config[name] != now.get(name):
            raise InputError(
                f"the baseline was searched with {name} '{baseline.config[name]}', this index with "
                f"'{now.get(name)}'; name an index like it (--index) or a second run"
            )


def _retriever(baseline: "SavedRun") -> "Retriever":
    for known in ("bm25", "dense", "hybrid"):
        if baseline.config.get("retriever") == known and "k" in baseline.config:
            return known
    raise InputError(
        f"the baseline '{baseline.run}' is no search of ours that could run again; name the run to "
        "compare it with"
    )
