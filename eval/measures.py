"""Measures of a run, by ir_measures (MacAvaney, Macdonald & Ounis 2022)."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures

from eval.datasets import Dataset
from eval.runs import Run
from index.errors import DatasetError, InputError

# As ir_measures prints them.
MEASURES = ("nDCG@10", "R@1", "R@5", "R@100", "RR", "AP")

_NAME = re.compile(r"(\w+)(?:@([1-9]\d*))?")

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Means:
    """The mean of each measure over `n_queries` queries."""

    n_queries: int
    values: Values


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run, measured: over all queries, over those of each language, and each by itself.

    A query that the run lacks counts as 0, one without qrels not at all.
    """

    dataset: str
    run: str
    measures: tuple[str, ...]
    overall: Means
    by_language: Mapping[str, Means]
    per_query: Mapping[str, Values]


def evaluate(dataset: Dataset, run: Run, measures: Sequence[str] = MEASURES) -> Evaluation:
    """Measure a run.

    Raises DatasetError when no query has qrels, InputError for a measure that is not known.
    """
    check_judged(dataset)
    parsed = {name: parse_measure(name) for name in measures}
    names = tuple(dict.fromkeys(map(str, parsed.values())))
    per_query: dict[str, dict[str, float]] = {query_id: {} for query_id in dataset.qrels}
    qrels = {query_id: dict(row) for query_id, row in dataset.qrels.items()}
    for metric in ir_measures.iter_calc(list(set(parsed.values())), qrels, _ranked(run)):
        per_query[metric.query_id][str(metric.measure)] = float(metric.value)
    groups: dict[str, list[str]] = {}
    for query in dataset.queries:
        if query.query_id in per_query:
            groups.setdefault(query.language, []).append(query.query_id)
    by_language = {
        language: _means(names, [per_query[i] for i in ids])
        for language, ids in sorted(groups.items())
    }
    overall = _means(names, list(per_query.values()))
    return Evaluation(dataset.name, run.name, names, overall, by_language, per_query)


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


def _ranked(run: Run) -> dict[str, dict[str, float]]:
    """The run with ranks as scores: trec_eval reads scores in single precision and puts the greater
    id first among equals, which would undo our order."""
    return {
        query_id: {doc_id: float(-rank) for rank, (doc_id, _) in enumerate(pairs)}
        for query_id, pairs in run.found.items()
        if pairs
    }


def parse_measure(name: str) -> ir_measures.Measure:
    """The measure of that name (`nDCG@10`, `RR`); the cutoff is what stands after the @.

    ir_measures' own parser leans on parts of `ast` that Python 3.12 deprecates and 3.14 lacks.
    Raises InputError.
    """
    match = _NAME.fullmatch(name)
    measure = getattr(ir_measures, match[1], None) if match else None
    if match and isinstance(measure, ir_measures.Measure):
        try:
            found = measure @ int(match[2]) if match[2] else measure
            if _computable(found):
                return found
        except (TypeError, ValueError, AssertionError):
            pass
    raise InputError(f"'{name}' is no measure that can be computed; try {', '.join(MEASURES)}")


def _computable(measure: ir_measures.Measure) -> bool:
    """Whether it is a mean over queries that needs nothing but qrels and scores."""
    if not isinstance(measure.aggregator(), ir_measures.MeanAgg):
        return False
    return bool(ir_measures.pytrec_eval.supports(measure) or ir_measures.msmarco.supports(measure))
