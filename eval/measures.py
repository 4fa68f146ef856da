"""Measures of a run, by ir_measures (MacAvaney, Macdonald & Ounis 2022)."""

import ast
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from subprocess import SubprocessError
from typing import Any

import ir_measures

from eval.datasets import Dataset
from eval.runs import Means, Run, Values
from index.errors import DatasetError, InputError

# As ir_measures prints them.
MEASURES = ("nDCG@10", "R@1", "R@5", "R@100", "RR", "AP")

_LONGEST_NAME = 200

# Per query, the relevance of a document, or its score.
Rows = dict[str, dict[str, int]]
Scores = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run, measured: over all queries, over those of each language, and each by itself.

    A query that the run lacks counts as 0, one without qrels not at all. `by_pair["en>ar"]` is
    over questions in English, with corpus and qrels cut to Arabic; empty unless measured.
    """

    dataset: str
    run: str
    measures: tuple[str, ...]
    overall: Means
    by_language: Mapping[str, Means]
    per_query: Mapping[str, Values]
    by_pair: Mapping[str, Means] = field(default_factory=dict)


def evaluate(dataset: Dataset, run: Run, measures: Sequence[str] = MEASURES) -> Evaluation:
    """Measure a run.

    Raises DatasetError when no query has qrels, InputError for a measure that is not known.
    """
    check_judged(dataset)
    parsed = {str(measure): measure for measure in map(parse_measure, measures)}
    qrels, ranked = _numbered(dataset, run)
    columns = {name: _values(measure, qrels, ranked) for name, measure in parsed.items()}
    per_query = {
        query_id: {name: columns[name][str(i)] for name in parsed}
        for i, query_id in enumerate(dataset.qrels)
    }
    groups: dict[str, list[str]] = {}
    for query in dataset.queries:
        if query.query_id in per_query:
            groups.setdefault(query.language, []).append(query.query_id)
    by_language = {
        language: _means(parsed, [per_query[i] for i in ids])
        for language, ids in sorted(groups.items())
    }
    overall = _means(parsed, list(per_query.values()))
    return Evaluation(dataset.name, run.name, tuple(parsed), overall, by_language, per_query)


def check_judged(dataset: Dataset) -> None:
    """Raise DatasetError when no query has qrels."""
    if not dataset.qrels:
        raise DatasetError(
            f"no query of '{dataset.name}' has a judged document, so there is nothing to measure; "
            "choose other languages or another split"
        )


def _means(names: Iterable[str], rows: Sequence[Values]) -> Means:
    values = {name: math.fsum(row[name] for row in rows) / len(rows) for name in names}
    return Means(len(rows), values)


def _numbered(dataset: Dataset, run: Run) -> tuple[Rows, Scores]:
    """Qrels and run of the judged queries, with numbers for ids and ranks for scores: gdeval takes
    `ar-12` for `12`; trec_eval reads scores in single precision and puts the greater id first
    among equals, which would undo our order."""
    qrels: Rows = {}
    ranked: Scores = {}
    for i, (query_id, row) in enumerate(dataset.qrels.items()):
        found = [doc_id for doc_id, _ in run.found.get(query_id, ())]
        number = {doc_id: str(n) for n, doc_id in enumerate(dict.fromkeys([*found, *row]))}
        qrels[str(i)] = {number[doc_id]: relevance for doc_id, relevance in row.items()}
        if found:
            ranked[str(i)] = {number[doc_id]: float(-n) for n, doc_id in enumerate(found)}
    return qrels, ranked


def _values(measure: ir_measures.Measure, qrels: Rows, ranked: Scores) -> dict[str, float]:
    """What one measure gives for each query. It is computed by itself: pytrec_eval, as ir_measures
    drives it, may give one nDCG the gains of another. Raises InputError where it fails."""
    if measure.NAME == "RBP":
        return {i: _rbp(measure, row, ranked.get(i, {})) for i, row in qrels.items()}
    try:
        metrics = list(ir_measures.iter_calc([measure], qrels, ranked))
    except (ArithmeticError, ValueError, SubprocessError) as error:
        raise InputError(
            f"'{measure}' cannot be computed of this run ({error}); choose another measure"
        ) from None
    return dict.fromkeys(qrels, 0.0) | {m.query_id: float(m.value) for m in metrics}


def _rbp(
    measure: ir_measures.Measure, relevances: Mapping[str, int], ranked: Mapping[str, float]
) -> float:
    """Rank-biased precision (Moffat & Zobel 2008), which ir_measures leaves to packages of its own:
    (1 - p) Σ gain · p^(rank - 1), the gain being the relevance, or with `rel` whether it is
    reached."""
    p, rel = measure["p"], measure.params.get("rel")
    found = [relevances.get(i, 0) for i in list(ranked)[: measure.params.get("cutoff")]]
    gains = [max(0, r) if rel is None else int(r >= rel) for r in found]
    return float((1 - p) * math.fsum(gain * p**n for n, gain in enumerate(gains)))


def parse_measure(name: str) -> ir_measures.Measure:
    """The measure of that name (`nDCG@10`, `P(rel=2)@5`), as ir_measures spells them.

    ir_measures' own parser leans on parts of `ast` that Python 3.12 deprecates and 3.14 lacks.
    Raises InputError.
    """
    try:
        measure = _parsed(ast.parse(name[:_LONGEST_NAME].strip(), mode="eval").body)
        measure.validate_params()  # type: ignore[no-untyped-call]
        _check_numbers(measure)
    except (SyntaxError, ValueError, KeyError, TypeError, AssertionError, RecursionError):
        raise InputError(
            f"'{name}' is no measure that can be computed; try {', '.join(MEASURES)}"
        ) from None
    _check_computable(measure)
    return measure


def _parsed(node: ast.expr) -> ir_measures.Measure:
    """`Name`, `Name(key=value, …)`, and either with `@cutoff`. Raises ValueError, or what a lookup
    or ir_measures raises."""
    params: dict[str, object] = {}
    at = None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        at, node = ast.literal_eval(node.right), node.left
    if isinstance(node, ast.Call) and not node.args:
        params = {str(word.arg): ast.literal_eval(word.value) for word in node.keywords}
        node = node.func
    if not isinstance(node, ast.Name):
        raise ValueError
    measure = ir_measures.measures.registry[node.id]
    if at is not None:
        params[measure.AT_PARAM] = at
    made: ir_measures.Measure = measure(**params)
    return made


def _check_numbers(measure: ir_measures.Measure) -> None:
    """Raise ValueError for what ir_measures lets through and computes nonsense with."""
    for name, value in measure.params.items():
        whole = measure.SUPPORTED_PARAMS[name].dtype is int
        if whole and (isinstance(value, bool) or value < 1) and name != "min_rel":
            raise ValueError
    if not 0 <= measure.params.get("p", 0) <= 1:
        raise ValueError


def _check_computable(measure: ir_measures.Measure) -> None:
    """Raise InputError unless it is a mean over queries that this installation computes."""
    if not isinstance(measure.aggregator(), ir_measures.MeanAgg):
        raise InputError(f"'{measure}' is a count, no mean over queries; try P@10 or R@100")
    pipeline: Any = ir_measures.DefaultPipeline
    if measure.NAME == "RBP" or pipeline.supports(measure):
        return
    lacking = [provider for provider in pipeline.providers if provider.supports(measure)]
    needed = lacking[0].install_instructions() if lacking else "give it a cutoff, as in ERR@20"
    raise InputError(f"'{measure}' cannot be computed here; {needed}")
