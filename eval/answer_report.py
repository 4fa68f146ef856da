"""Measured answers as text for people and as objects for scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eval.answer_measures import Group, Measured, measure
from eval.answer_tally import Tally, tallies, tally_json, tally_rows
from eval.answers import Answers, Outcome
from eval.reliability import bins, risk_coverage
from eval.report import aligned

Rows = list[list[str]]

# As many points of a risk–coverage curve are told.
_POINTS = 50

_QUOTED = {
    "recall@1": "answer_recall@1",
    "recall@2": "answer_recall@2",
    "passage@5": "passage@5",
    "sentences": "quoted_sentences",
    "cited P": "citation_precision",
    "cited R": "citation_recall",
    "marked": "marked",
    "EM": "exact_match",
    "F1": "f1",
    "strict EM": "exact_match_strict",
    "strict F1": "f1_strict",
}
# What a confidence and a refusal are worth, by the names of their columns.
TRUST = {
    "answered": "answered",
    "recall@2 then": "answered_recall@2",
    "refusal P": "refusal_precision",
    "refusal R": "refusal_recall",
    "aurc": "aurc",
    "by score": "aurc_score",
    "ece": "ece",
}
_BESIDE = {"recall@1": "answer_recall@1", "recall@2": "answer_recall@2"}


def to_json(answers: Answers) -> dict[str, Any]:
    """The object that `sanad eval answers --json` prints; scripts rely on its fields. A measure of
    nothing is null."""
    found, counts = measure(answers.outcomes), tallies(answers.outcomes)
    return {
        "dataset": answers.dataset,
        "generator": answers.generator,
        "n_questions": len(answers.outcomes),
        "measures": dict(found.overall.measures),
        "by_language": _groups(found.by_language, counts.by_language),
        "by_pair": _groups(found.by_pair, counts.by_pair),
        "overall": tally_json(counts.overall),
        "by_reach": {name: tally_json(t) for name, t in counts.by_reach.items()},
        "by_kind": {name: tally_json(t) for name, t in counts.by_kind.items()},
        **_places(answers.outcomes),
        **curves(answers.outcomes),
        "baselines": {name: _beside(measure(own)) for name, own in answers.beside.items()},
    }


def _groups(found: Mapping[str, Group], counts: Mapping[str, Tally]) -> dict[str, Any]:
    return {
        name: {"n_questions": group.n_questions, **group.measures}
        | (tally_json(counts[name]) if name in counts else {})
        for name, group in found.items()
    }


def _places(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return {
        "n_citations": sum(o.n_citations for o in outcomes),
        "n_wrong_places": sum(o.n_wrong_places for o in outcomes),
    }


def curves(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The bins of the reliability diagram, and some points of the risk–coverage curve."""
    right, sure = [o.right for o in outcomes], [o.confidence for o in outcomes]
    points = risk_coverage(sure, right)
    step = max(1, len(points) // _POINTS)
    return {
        "reliability": [asdict(one) for one in bins(sure, right)],
        "risk_coverage": [list(point) for point in points[step - 1 :: step]],
    }


def _beside(found: Measured) -> dict[str, Any]:
    return {
        "measures": dict(found.overall.measures),
        "by_language": _groups(found.by_language, {}),
        "by_pair": _groups(found.by_pair, {}),
    }


def to_text(answers: Answers) -> str:
    """Every table below its heading, whether every citation is in its place, and the time."""
    last = f"{places_text(answers.outcomes)}; {_time_text(answers.outcomes)}"
    return f"{tables_text(answers)}\n\n{last}"


def tables_text(answers: Answers) -> str:
    """Every table below its heading."""
    blocks = [f"{head}\n{aligned(rows)}" if head else aligned(rows) for head, rows in _all(answers)]
    return "\n\n".join(blocks)


def _all(answers: Answers) -> list[tuple[str, Rows]]:
    counts, *others = tables(answers)
    return [("", counts[1]), *others]


def tables(answers: Answers) -> list[tuple[str, Rows]]:
    """Heading and rows of each: what became of the questions; what is quoted; what confidence and
    refusals are worth; and the plain ways beside it."""
    found = measure(answers.outcomes)
    made = [
        ("questions", tally_rows(tallies(answers.outcomes))),
        ("answerable questions, as if none were refused", _quoted(found)),
        ("all questions, with refusals", _trust(found)),
    ]
    return [*made, ("who chose the sentences", _chosen(answers))] if answers.beside else made


def _chosen(answers: Answers) -> Rows:
    """Recall within the first sentence and the first two, by who chose them."""
    found = {one.generator: measure(one.outcomes) for one in answers.each}
    columns = [*_BESIDE.values(), "quoted_sentences"]
    rows = [["", "questions", "", *_BESIDE, "sentences"]]
    for name, own in named(found[answers.generator]).items():
        if not own.n_answerable:
            continue
        for system, of in found.items():
            cells = [_cell(named(of)[name].measures[column]) for column in columns]
            rows.append([name, str(own.n_answerable), system, *cells])
    return rows


def named(found: Measured) -> dict[str, Group]:
    """Every group; a pair that is all of its language is not told twice."""
    pairs = {
        name: group
        for name, group in found.by_pair.items()
        if group.n_questions != found.by_language[name.partition(">")[0]].n_questions
    }
    return {"overall": found.overall, **found.by_language, **pairs}


def _quoted(found: Measured) -> Rows:
    groups = {name: group for name, group in named(found).items() if group.n_answerable}
    return _rows(groups, {name: group.n_answerable for name, group in groups.items()}, _QUOTED)


def _trust(found: Measured) -> Rows:
    groups = named(found)
    return _rows(groups, {name: group.n_questions for name, group in groups.items()}, TRUST)


def _rows(
    groups: Mapping[str, Group], counts: Mapping[str, int], columns: Mapping[str, str]
) -> Rows:
    rows = [
        [name, str(counts[name]), *(_cell(group.measures[m]) for m in columns.values())]
        for name, group in groups.items()
    ]
    return [["", "questions", *columns], *rows]


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def places_text(outcomes: Sequence[Outcome]) -> str:
    """Whether every citation quotes what stands at its place, in a passage that was found."""
    places = _places(outcomes)
    return f"{places['n_wrong_places']} of {places['n_citations']} citations are not in their place"


def _time_text(outcomes: Sequence[Outcome]) -> str:
    measures = measure(outcomes).overall.measures
    return (
        f"{measures['seconds'] or 0:.3f} s an answer, 95 % within "
        f"{measures['seconds_p95'] or 0:.3f} s"
    )
