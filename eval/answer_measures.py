"""Outcomes of askings → measures.

Over answerable questions, as if none were refused:

    answer_recall@1, @2        an acceptable answer stands in the first sentence, the first two
    supported_recall@1, @2     and that sentence rests on a relevant document
    passage@1, @5              the first passage answers, one of the first five does
    answer_recall@2_if_passage@5   answer_recall@2 where one of the first five passages answers
    quoted_sentences           how many
    citation_precision         the share of an answer's citations that are of relevant documents
    citation_recall            whether any is
    marked                     words of it are marked as those that answer; where they are:
    exact_match, f1            they are an acceptable answer, by rules adapted to our languages
    exact_match_strict, f1_strict  by SQuAD's own

Over the same, with refusals:

    answered                   not refused; where it is so:
    answered_recall@1, @2      answer_recall of what was given

Over all questions:

    refusal_precision          the share of the refused that nothing answers
    refusal_recall             the share of those that nothing answers that is refused
    aurc                       the mean risk of answering the surest 1, 2, … n (`reliability.area`);
                               an answer is right when it holds an acceptable one and rests on a
                               relevant document
    aurc_score                 the same, were the score of the first passage the confidence
    ece                        by how much confidence and truth differ, over ten bins
    seconds, seconds_p95       to an answer, the mean and the 95th percentile

A measure of nothing (no refusals, nothing to refuse, no marked words) is None.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.answers import Outcome, Said
from eval.marked import adapted, exact, f1, strict
from eval.reliability import area, bins, calibration_error
from eval.statistics import mean_intervals

# What a question has of each measure that is a mean over questions; it counts in those alone.
Values = Mapping[str, float]
Measures = Mapping[str, float | None]

PER_QUESTION = (
    "answer_recall@1",
    "answer_recall@2",
    "supported_recall@1",
    "supported_recall@2",
    "passage@1",
    "passage@5",
    "answer_recall@2_if_passage@5",
    "quoted_sentences",
    "citation_precision",
    "citation_recall",
    "marked",
    "exact_match",
    "f1",
    "exact_match_strict",
    "f1_strict",
    "answered",
    "answered_recall@1",
    "answered_recall@2",
)
OF_ALL = (
    "refusal_precision",
    "refusal_recall",
    "aurc",
    "aurc_score",
    "ece",
    "seconds",
    "seconds_p95",
)
NAMES = (*PER_QUESTION, *OF_ALL)
LOWER_IS_BETTER = frozenset({"quoted_sentences", *OF_ALL} - {"refusal_precision", "refusal_recall"})


@dataclass(frozen=True, slots=True)
class Group:
    """Some askings: how many, to how many of them there is an answer, and their measures."""

    n_questions: int
    n_answerable: int
    measures: Measures


@dataclass(frozen=True, slots=True)
class Measured:
    """Measures overall, by the language of the question, and by languages of question and documents
    (`en>ar`)."""

    overall: Group
    by_language: Mapping[str, Group]
    by_pair: Mapping[str, Group]


def measure(outcomes: Sequence[Outcome]) -> Measured:
    """Every measure of every group."""
    return Measured(
        group(outcomes),
        _grouped(outcomes, lambda o: o.asking.query.language),
        _grouped(outcomes, lambda o: o.asking.pair),
    )


def _grouped(outcomes: Iterable[Outcome], of: Callable[[Outcome], str | None]) -> dict[str, Group]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if (name := of(outcome)) is not None:
            groups.setdefault(name, []).append(outcome)
    return {name: group(groups[name]) for name in sorted(groups)}


def group(outcomes: Sequence[Outcome]) -> Group:
    """The measures of some outcomes."""
    rows = list(map(values, outcomes))
    means = {name: _mean(row[name] for row in rows if name in row) for name in PER_QUESTION}
    n_answerable = sum(outcome.asking.answerable for outcome in outcomes)
    found = {**means, **_refusals(outcomes), **_trust(outcomes)}
    return Group(len(outcomes), n_answerable, found)


def values(outcome: Outcome) -> dict[str, float]:
    """What one question has of the measures that are means over questions."""
    if not outcome.asking.answerable:
        return {}
    recalls = {
        f"{name}@{k}": float(any(of(said) for said in outcome.said[:k]))
        for name, of in _RECALLS.items()
        for k in (1, 2)
    }
    recall = {k: recalls[f"answer_recall@{k}"] for k in (1, 2)}
    within = _within(outcome, 5)
    given = {} if outcome.refused else {f"answered_recall@{k}": recall[k] for k in (1, 2)}
    return {
        **recalls,
        "passage@1": _within(outcome, 1),
        "passage@5": within,
        **({"answer_recall@2_if_passage@5": recall[2]} if within else {}),
        "quoted_sentences": float(len(outcome.said)),
        **_citations(outcome),
        **_marked(outcome),
        "answered": float(not outcome.refused),
        **given,
    }


_RECALLS: Mapping[str, Callable[[Said], bool]] = {
    "answer_recall": lambda said: said.holds,
    "supported_recall": lambda said: said.supported,
}


def _within(outcome: Outcome, k: int) -> float:
    return float(outcome.rank is not None and outcome.rank <= k)


def _citations(outcome: Outcome) -> dict[str, float]:
    """Each counts once for each sentence that rests on it; without any there is no precision."""
    cited = [c.doc_id in outcome.asking.relevant for said in outcome.said for c in said.citations]
    precision = {"citation_precision": sum(cited) / len(cited)} if cited else {}
    return {**precision, "citation_recall": float(any(cited))}


def _marked(outcome: Outcome) -> dict[str, float]:
    """By the first sentence that has marked words."""
    marked = next((said.marked for said in outcome.said if said.words), None)
    if marked is None:
        return {"marked": 0.0}
    answers = outcome.asking.answers
    return {
        "marked": 1.0,
        "exact_match": exact(marked, answers, adapted),
        "f1": f1(marked, answers, adapted),
        "exact_match_strict": exact(marked, answers, strict),
        "f1_strict": f1(marked, answers, strict),
    }


def _refusals(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    to_refuse = [o for o in outcomes if not o.asking.answerable]
    refused = [o for o in outcomes if o.refused] if to_refuse else []
    return {
        "refusal_precision": _mean(float(not o.asking.answerable) for o in refused),
        "refusal_recall": _mean(float(o.refused) for o in to_refuse),
    }


def _trust(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    right = [o.right for o in outcomes]
    sure = [o.confidence for o in outcomes]
    seconds = sorted(o.seconds for o in outcomes)
    last = math.ceil(0.95 * len(seconds)) - 1
    return {
        "aurc": area(sure, right),
        "aurc_score": area([o.score for o in outcomes], right),
        "ece": calibration_error(bins(sure, right)),
        "seconds": _mean(seconds),
        "seconds_p95": seconds[last] if seconds else None,
    }


def interval(outcomes: Iterable[Outcome], name: str) -> tuple[float, float, float] | None:
    """A mean over questions with its 95 % bounds; None where no question has a value."""
    rows = list(map(values, outcomes))
    found = np.array([[row[name] for row in rows if name in row]])
    if not found.size:
        return None
    low, high = mean_intervals(found)[0] if found.size > 1 else (found[0, 0], found[0, 0])
    return float(found.mean()), float(low), float(high)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return math.fsum(found) / len(found) if found else None
