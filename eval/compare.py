"""Is one run better than another, in which languages, and on which questions?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.runs import SavedRun, read_saved
from eval.statistics import Array, holm, mean_intervals, sign_flip_test
from index.errors import InputError

# What the group of all questions is called.
OVERALL = "overall"
# Values nearer than this are a tie.
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a measure over the questions of a language, with its 95 % interval."""

    run: str
    measure: str
    language: str
    n_queries: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of `run` less that of the baseline, with its 95 % interval.

    `p` is that of the paired randomization test, `p_holm` the same corrected for every difference
    of the comparison; `wins` counts the questions on which `run` is better than the baseline.
    """

    run: str
    measure: str
    language: str
    n_queries: int
    baseline: float
    value: float
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class Question:
    """What each run scored on one question, in the order of the runs, by the first measure."""

    query_id: str
    language: str
    values: tuple[float, ...]

    @property
    def change(self) -> float:
        """The difference from the baseline that is farthest from 0."""
        return max((value - self.values[0] for value in self.values[1:]), key=abs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs against the first of them, the baseline.

    `languages` are the groups, `OVERALL` first; the only language is not repeated below it.
    `questions` are all of them, those that moved most first.
    """

    dataset: str
    runs: tuple[str, ...]
    measures: tuple[str, ...]
    languages: tuple[str, ...]
    means: tuple[Mean, ...]
    differences: tuple[Difference, ...]
    questions: tuple[Question, ...]

    @property
    def moved(self) -> tuple[Question, ...]:
        """The questions that moved, most first."""
        return tuple(question for question in self.questions if abs(question.change) > TIE)


def read_runs(files: Sequence[Path]) -> dict[str, SavedRun]:
    """Saved runs by names that tell them apart: `hybrid`, or `old/hybrid` and `new/hybrid`."""
    return dict(zip(short_names(files), map(read_saved, files), strict=True))


def short_names(files: Sequence[Path]) -> list[str]:
    """The shortest endings of the paths, without suffix, that differ; InputError for a path that
    is given twice."""
    parts = [file.resolve().with_suffix("").parts for file in files]
    for n in range(1, max(map(len, parts)) + 1):
        names = ["/".join(part[-n:]) for part in parts]
        if len(set(names)) == len(names):
            return names
    raise InputError("a run is given twice; compare it with another")


def compare(
    runs: Mapping[str, SavedRun], measures: Sequence[str] = (), common: bool = False
) -> Comparison:
    """Compare runs with the first of them, by `measures` (those of all runs when none is given).

    Raises InputError for fewer than two runs, a measure that one lacks, runs over different
    documents, or over different questions; `common` leaves out those that one lacks.
    """
    check_comparable(runs, common)
    shared = _measures(runs, measures)
    first = next(iter(runs.values()))
    ids = [i for i in first.queries if all(i in run.queries for run in runs.values())]
    if not ids:
        raise InputError("the runs have no question in common, so there is nothing to compare")
    groups = _groups(first, ids)
    values = {
        (name, measure): np.array([run.queries[i].values[measure] for i in ids])
        for name, run in runs.items()
        for measure in shared
    }
    means, differences = _figures(tuple(runs), shared, groups, values)
    questions = (
        Question(query_id, first.queries[query_id].language, tuple(map(float, row)))
        for query_id, row in zip(
            ids, np.stack([values[name, shared[0]] for name in runs], axis=1), strict=True
        )
    )
    most_first = sorted(questions, key=lambda question: -abs(question.change))
    return Comparison(
        first.dataset, tuple(runs), shared, tuple(groups), means, differences, tuple(most_first)
    )


def check_comparable(runs: Mapping[str, SavedRun], common: bool = False) -> None:
    """Raise InputError unless differences between the runs are due to the runs alone."""
    if len(runs) < 2:
        raise InputError("one run alone cannot be compared; name another")
    (name, first), *others = runs.items()
    for other, run in others:
        if (run.corpus_sha256, run.corpus_language) != (first.corpus_sha256, first.corpus_language):
            raise InputError(
                f"'{name}' searched {_searched(first)}, '{other}' {_searched(run)}: their figures "
                "cannot be compared; run both on the same data"
            )
        _check_questions(name, first, other, run, common)


def _searched(run: SavedRun) -> str:
    cut = f" in '{run.corpus_language}'" if run.corpus_language else ""
    return f"{run.dataset}{cut} (documents {run.corpus_sha256[:8]})"


def _check_questions(name: str, first: SavedRun, other: str, run: SavedRun, common: bool) -> None:
    n_both = len(first.queries.keys() & run.queries.keys())
    if not n_both:
        raise InputError(
            f"'{name}' and '{other}' share no question, so there is nothing to compare"
        )
    if not common and first.queries.keys() != run.queries.keys():
        raise InputError(
            f"'{name}' has {len(first.queries)} questions, '{other}' {len(run.queries)}, and "
            f"{n_both} are in both; --common compares by those"
        )


def _measures(runs: Mapping[str, SavedRun], wanted: Sequence[str]) -> tuple[str, ...]:
    """Those wanted, which every run must have; else those that every run has."""
    for measure in wanted:
        for name, run in runs.items():
            if measure not in run.measures:
                raise InputError(
                    f"'{name}' was not measured by {measure} but by {', '.join(run.measures)}; "
                    "choose one of these, or run it again with --measure"
                )
    first, *others = runs.values()
    shared = [m for m in first.measures if all(m in run.measures for run in others)]
    if not shared:
        raise InputError("the runs have no measure in common; run one again with --measure")
    return tuple(dict.fromkeys(wanted or shared))


def _groups(run: SavedRun, ids: Sequence[str]) -> dict[str, list[int]]:
    """The places of each group's questions in `ids`."""
    by_language: dict[str, list[int]] = {}
    for place, query_id in enumerate(ids):
        by_language.setdefault(run.queries[query_id].language, []).append(place)
    if len(by_language) == 1:
        by_language.clear()
    return {OVERALL: list(range(len(ids)))} | dict(sorted(by_language.items()))


def _figures(
    runs: tuple[str, ...],
    measures: tuple[str, ...],
    groups: Mapping[str, list[int]],
    values: Mapping[tuple[str, str], Array],
) -> tuple[tuple[Mean, ...], tuple[Difference, ...]]:
    """The means, and the differences with their p-values corrected for all of them."""
    means, differences = [], []
    for language, places in groups.items():
        cut = {key: row[places] for key, row in values.items()}
        means += _means(cut, language)
        differences += _differences(cut, runs, measures, language)
    corrected = holm([difference.p for difference in differences])
    paired = zip(differences, corrected, strict=True)
    return tuple(means), tuple(replace(found, p_holm=p) for found, p in paired)


def _means(values: Mapping[tuple[str, str], Array], language: str) -> list[Mean]:
    rows = np.stack(list(values.values()))
    return [
        Mean(run, measure, language, len(row), math.fsum(row) / len(row), float(low), float(high))
        for (run, measure), row, (low, high) in zip(values, rows, mean_intervals(rows), strict=True)
    ]


def _differences(
    values: Mapping[tuple[str, str], Array],
    runs: tuple[str, ...],
    measures: tuple[str, ...],
    language: str,
) -> list[Difference]:
    keys = [(run, measure) for run in runs[1:] for measure in measures]
    rows = np.stack([values[run, measure] - values[runs[0], measure] for run, measure in keys])
    figures = zip(keys, rows, mean_intervals(rows), sign_flip_test(rows), strict=True)
    return [
        Difference(
            run,
            measure,
            language,
            len(row),
            float(values[runs[0], measure].mean()),
            float(values[run, measure].mean()),
            float(row.mean()),
            float(low),
            float(high),
            float(p),
            float(p),
            int((row > TIE).sum()),
            int((np.abs(row) <= TIE).sum()),
            int((row < -TIE).sum()),
        )
        for (run, measure), row, (low, high), p in figures
    ]


def to_json(comparison: Comparison, n_moved: int) -> dict[str, Any]:
    """The object that `sanad eval compare --json` prints; scripts rely on its fields."""
    moved = [
        {
            "query_id": question.query_id,
            "language": question.language,
            "change": question.change,
            "values": dict(zip(comparison.runs, question.values, strict=True)),
        }
        for question in comparison.moved[:n_moved]
    ]
    return {
        "dataset": comparison.dataset,
        "baseline": comparison.runs[0],
        "runs": list(comparison.runs),
        "n_comparisons": len(comparison.differences),
        "means": list(map(asdict, comparison.means)),
        "differences": list(map(asdict, comparison.differences)),
        "moved_by": comparison.measures[0],
        "moved": moved,
    }
