"""Questions of a comparison with the rankings of every run side by side, matched words marked."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eval.compare import Comparison, Question
from eval.compare_text import signed
from eval.datasets import document_language
from eval.rankings import Rankings
from index.matching import matched_spans
from index.types import Document
from ui.bidi import direction
from ui.escaping import escape
from ui.figures import anchor
from ui.marking import marked_html
from ui.plots import marker

# Entries of each ranking that are shown, and characters of each.
N_SHOWN = 5
SNIPPET = 600


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is at hand beside the figures: the rankings (None: missing), the questions and the
    documents by their ids (empty: missing)."""

    rankings: Rankings | None = None
    questions: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)


def question_html(question: Question, made: Comparison, evidence: Evidence) -> str:
    """A question, closed until it is clicked or led to; its id where its text is not at hand."""
    text = evidence.questions.get(question.query_id, question.query_id)
    kind = "up" if question.change > 0 else "down"
    columns = "".join(_column(made, i, question, text, evidence) for i in range(len(made.runs)))
    return (
        f'<details><summary><b class="{kind}">{signed(question.change)}</b> '
        f'<span class="question" dir="{direction(text)}">{escape(text)}</span> '
        f'<span class="small"><bdi>{escape(question.query_id)}</bdi> · '
        f"<bdi>{escape(question.language)}</bdi></span></summary>"
        f'<div class="columns" id="{anchor(question.query_id)}">{columns}</div></details>'
    )


def _column(made: Comparison, i: int, question: Question, text: str, evidence: Evidence) -> str:
    name = made.runs[i]
    head = (
        f"<h3>{marker(i)}<bdi>{escape(name)}</bdi> "
        f'<span class="small">{escape(made.measures[0])} {question.values[i]:.3f}</span></h3>'
    )
    if evidence.rankings is None:
        return f"<section>{head}</section>"
    found = evidence.rankings.found[name].get(question.query_id, ())
    grades = evidence.rankings.qrels.get(question.query_id, {})
    entries = "".join(
        _entry(rank, doc_id, grades, text, evidence.documents.get(doc_id))
        for rank, doc_id in enumerate(found[:N_SHOWN], 1)
    )
    return (
        f"<section>{head}{entries or '<p>Nothing was found.</p>'}{_rest(found, grades)}</section>"
    )


def _entry(
    rank: int, doc_id: str, grades: Mapping[str, int], query: str, document: Document | None
) -> str:
    judged = grades.get(doc_id)
    relevant = judged is not None and judged > 0
    flag = f"relevant ({judged})" if relevant else "not judged" if judged is None else "judged 0"
    body = _passage(query, document) if document else ""
    return (
        f'<article class="{"relevant" if relevant else "other"}"><p class="small"><b>{rank}</b> '
        f'<bdi>{escape(doc_id)}</bdi> <span class="flag">{flag}</span></p>{body}</article>'
    )


def _rest(found: Sequence[str], grades: Mapping[str, int]) -> str:
    """Where the relevant entries stand that are not shown."""
    wanted = [doc_id for doc_id, grade in grades.items() if grade > 0]
    ranks = [n for n, doc_id in enumerate(found, 1) if doc_id in wanted and n > N_SHOWN]
    n_missing = sum(doc_id not in found for doc_id in wanted)
    said = [f"relevant at rank {', '.join(map(str, ranks))}"] if ranks else []
    said += [f"{n_missing} of {len(wanted)} relevant not found"] if n_missing else []
    return f'<p class="small rest">{"; ".join(said)}</p>' if said else ""


def _passage(query: str, document: Document) -> str:
    """The part of a document with most of the question's words, marked."""
    spans = matched_spans(query, document.text, document_language(document))
    return marked_html(document, spans, *_window(document.text, spans))


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """About `SNIPPET` characters of the text, those where most marked words begin; whole words."""
    if len(text) <= SNIPPET * 1.3:
        return 0, len(text)
    places = [start for start, _ in spans] or [0]
    best = max(places, key=lambda at: bisect_left(places, at + SNIPPET) - bisect_left(places, at))
    first = max(0, min(best - 60, len(text) - SNIPPET))
    start = text.find(" ", first, first + 60) + 1 or first if first else 0
    last = start + SNIPPET + 60
    return start, len(text) if last >= len(text) else max(text.rfind(" ", start, last), last - 60)
