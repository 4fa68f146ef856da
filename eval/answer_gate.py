"""Has a measure of answers fallen too far, in any language or pair of languages?"""

from collections.abc import Iterator, Mapping

import numpy as np

from eval.answer_measures import LOWER_IS_BETTER, NAMES, Group
from eval.answer_runs import SavedAnswers, SavedQuestion
from eval.compare import OVERALL
from eval.gate import Change
from eval.statistics import mean_intervals
from index.errors import InputError

Paired = list[tuple[SavedQuestion, SavedQuestion]]


def changes(
    baseline: SavedAnswers, run: SavedAnswers, allowed: Mapping[str, float]
) -> tuple[Change, ...]:
    """How each measure of `allowed` changed: overall, in each language, in each pair. A measure
    that is better when lower may rise by so much.

    Raises InputError for a measure that is not known or that neither has a value of, and where
    questions or documents differ.
    """
    _check_known(allowed)
    _check_comparable(baseline, run)
    pairs = [(before, run.questions[key]) for key, before in baseline.questions.items()]
    found = tuple(
        change
        for measure, drop in allowed.items()
        for change in _changes(baseline, run, pairs, measure, drop)
    )
    for measure in allowed:
        if not any(change.measure == measure for change in found):
            raise InputError(
                f"'{measure}' has no value in both; measure with what it needs (--without-relevant "
                "for refusals), or choose another"
            )
    return found


def _check_known(allowed: Mapping[str, float]) -> None:
    for measure in allowed:
        if measure not in NAMES:
            raise InputError(f"'{measure}' is no measure of answers; known: {', '.join(NAMES)}")


def _check_comparable(baseline: SavedAnswers, run: SavedAnswers) -> None:
    if baseline.corpus_sha256 != run.corpus_sha256:
        raise InputError("the two were measured on different documents; measure both on the same")
    differing = baseline.questions.keys() ^ run.questions.keys()
    if differing:
        raise InputError(
            f"the two were asked different questions, '{min(differing)}' for one; ask both the same"
        )


def _changes(
    baseline: SavedAnswers, run: SavedAnswers, pairs: Paired, measure: str, allowed: float
) -> Iterator[Change]:
    for name, before in _groups(baseline).items():
        value, now = before.measures[measure], _groups(run)[name].measures[measure]
        if value is None or now is None:
            continue
        own = [pair for pair in pairs if name in {OVERALL, pair[0].language, pair[0].pair}]
        lowest = measure in LOWER_IS_BETTER
        size = sum(measure in question.values for question, _ in own) or before.n_questions
        yield Change(name, measure, size, value, now, *_interval(own, measure), allowed, lowest)


def _groups(saved: SavedAnswers) -> dict[str, Group]:
    """What is all of another group is not told twice."""
    overall = Group(saved.n_questions, saved.n_questions, saved.measures)
    groups = {OVERALL: overall, **(saved.by_language if len(saved.by_language) > 1 else {})}
    for pair, group in saved.by_pair.items():
        whole = groups.get(pair.partition(">")[0], overall)
        if group.n_questions != whole.n_questions:
            groups[pair] = group
    return groups


def _interval(pairs: Paired, measure: str) -> tuple[float | None, float | None]:
    """95 % bounds of the change of a mean over questions; of none for another measure, nor where it
    is over other questions now."""
    rows = [(before.values.get(measure), now.values.get(measure)) for before, now in pairs]
    if any((before is None) != (now is None) for before, now in rows):
        return None, None
    known = [now - before for before, now in rows if before is not None and now is not None]
    if len(known) < 2:
        return None, None
    low, high = mean_intervals(np.array([known]))[0]
    return float(low), float(high)
