"""Measured answers as one HTML file: figures, plots, and the questions that went wrong."""

from collections.abc import Mapping, Sequence

from eval.answer_measures import interval, measure
from eval.answer_report import named, places_text, tables
from eval.answer_runs import SavedAnswers
from eval.answers import Answers, Outcome
from eval.reliability import bins, risk_coverage
from index.types import Document
from ui.escaping import escape
from ui.failures import failure_html, failures, heading_html
from ui.paper import CLOSING, MOST_BYTES, fitting, opening, table
from ui.plots import Dot, Interval, interval_plot, marker, path_plot, scatter_plot

_RECALLS = {
    "answer_recall@1": "an acceptable answer in the first sentence",
    "answer_recall@2": "in the first two sentences",
}
# Of each kind of failure.
N_SHOWN = 60


def answers_html(
    answers: Answers,
    saved: SavedAnswers,
    documents: Mapping[str, Document],
    n_shown: int = N_SHOWN,
) -> str:
    """The whole page; `documents` by their ids show where the answers stand."""
    start = (
        f"{opening(f'{answers.dataset}: answers of {answers.generator}')}{_head(answers, saved)}"
        f"{_plots(answers)}{_tables(answers)}"
    )
    return f"{start}{_failures(answers, documents, start, n_shown)}{CLOSING}"


def _head(answers: Answers, saved: SavedAnswers) -> str:
    facts = {
        "asked": _asked(saved),
        "options": ", ".join(f"{k} {v}" for k, v in saved.options.items()) or "as they come",
        "index": saved.fingerprint,
        "version": saved.version,
        "code": (saved.commit or "–")[:12],
    }
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td><bdi>{escape(fact)}</bdi></td></tr>"
        for name, fact in facts.items()
    )
    return (
        f"<h1><bdi>{escape(answers.dataset)}</bdi></h1>"
        f"<p>{len(answers.outcomes)} questions, answered by "
        f"<bdi>{escape(answers.generator)}</bdi>. {escape(places_text(answers.outcomes))}.</p>"
        f'<div class="wide"><table class="runs">{rows}</table></div>'
    )


_AMONG = {
    "all": "among all documents",
    "own": "among documents in the question's language",
    "each": "among the documents of each language by themselves",
}


def _asked(saved: SavedAnswers) -> str:
    way = saved.way
    cuts = {
        "split": way.split,
        "questions in": way.query_language,
        "documents in": way.corpus_language,
        "at most": way.limit and f"{way.limit} a pair of languages",
    }
    told = [_AMONG[way.among], *(f"{name} {value}" for name, value in cuts.items() if value)]
    told += ["each again with what answers it left out"] if way.without_relevant else []
    return "; ".join(told)


def _plots(answers: Answers) -> str:
    systems = "".join(
        f"<span>{marker(i)}<bdi>{escape(one.generator)}</bdi></span>"
        for i, one in enumerate(answers.each)
    )
    recalls = "".join(_recall(answers, name, title) for name, title in _RECALLS.items())
    return (
        f'<h2>Is the answer quoted?</h2><p class="key">{systems}</p><p class="small">Answerable '
        "questions, as if none were refused; means with 95 % intervals.</p>"
        f'<div class="plots">{recalls}</div>'
        "<h2>Can the confidence be trusted?</h2>"
        f'<p class="key"><span>{marker(0)}confidence</span><span>{marker(1)}score of the first '
        f"passage</span><span>{marker(2)}had one known</span></p>"
        f'<div class="plots">{_reliability(answers.outcomes)}{_risk(answers.outcomes)}</div>'
    )


def _recall(answers: Answers, name: str, title: str) -> str:
    groups = [x for x, group in named(measure(answers.outcomes)).items() if group.n_answerable]
    rows = [(group, _intervals(answers, group, name)) for group in groups]
    return interval_plot(title, rows)


def _intervals(answers: Answers, group: str, name: str) -> list[Interval]:
    found = (interval(_of(one.outcomes, group), name) for one in answers.each)
    return [Interval(i, *bounds) for i, bounds in enumerate(found) if bounds]


def _of(outcomes: Sequence[Outcome], group: str) -> list[Outcome]:
    return [o for o in outcomes if group in {"overall", o.asking.query.language, o.asking.pair}]


def _reliability(outcomes: Sequence[Outcome]) -> str:
    dots = [
        Dot(
            one.confidence,
            one.right,
            one.n,
            f"{one.n} answers of {one.low:.1f} to {one.high:.1f}: {one.confidence:.3f} sure on "
            f"average, {one.right:.3f} right",
        )
        for one in bins([o.confidence for o in outcomes], [o.right for o in outcomes])
    ]
    return scatter_plot("Reliability", "confidence", "share that is right", dots)


def _risk(outcomes: Sequence[Outcome]) -> str:
    right = [o.right for o in outcomes]
    scores = [
        [o.confidence for o in outcomes],
        [o.score for o in outcomes],
        list(map(float, right)),
    ]
    paths = [risk_coverage(one, right) for one in scores]
    return path_plot("Risk by coverage", "answered", "of it wrong", paths)


def _tables(answers: Answers) -> str:
    return "".join(
        f"<h2>{escape(head.capitalize())}</h2>{table(rows)}" for head, rows in tables(answers)
    )


def _failures(
    answers: Answers, documents: Mapping[str, Document], before: str, n_shown: int
) -> str:
    """Each kind may fill an equal part of the room that is left."""
    found = failures(answers.outcomes)
    room = (MOST_BYTES - len(before.encode())) // max(1, len(found))
    parts = []
    for kind, outcomes in found.items():
        blocks = fitting((failure_html(o, documents) for o in outcomes[:n_shown]), room)
        parts.append(heading_html(kind, len(blocks), len(outcomes)) + "".join(blocks))
    return "".join(parts)
