"""Questions that went wrong, each with what was quoted and where the answer stands, to be read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from eval.answers import Outcome, Said
from eval.datasets import document_language
from index.text import fold, fold_with_offsets
from index.types import Document
from ui.bidi import direction
from ui.escaping import escape
from ui.marking import marked_html

# In the order in which they are told.
KINDS = {
    "wrong": "Answered, but not with an acceptable answer from a relevant document",
    "invented": "Answered, though nothing answers",
    "refused": "Refused, though what would have been quoted answers",
    "missed": "Refused, and what would have been quoted does not answer",
}
_MEANT = {
    "wrong": "The surest first: what misled is what to mend.",
    "invented": "The surest first. Some may be answered by a passage that nobody judged.",
    "refused": "The least sure first.",
    "missed": "The surest first.",
}
# Characters of a document that are shown around what answers.
_AROUND = 220


def kind_of(outcome: Outcome) -> str | None:
    """The kind of failure; None where nothing is to be mended."""
    if not outcome.asking.answerable:
        return None if outcome.refused else "invented"
    if outcome.right:
        return "refused" if outcome.refused else None
    return "missed" if outcome.refused else "wrong"


def failures(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """By kind, in the order in which they are worth reading."""
    found: dict[str, list[Outcome]] = {kind: [] for kind in KINDS}
    for outcome in sorted(outcomes, key=lambda o: -o.confidence):
        if (kind := kind_of(outcome)) is not None:
            found[kind].append(outcome)
    found["refused"].reverse()
    return {kind: own for kind, own in found.items() if own}


def heading_html(kind: str, n_shown: int, n: int) -> str:
    """What the questions below have in common."""
    return (
        f"<h2>{escape(KINDS[kind])}</h2><p>{n_shown} of {n} questions are shown. "
        f"{escape(_MEANT[kind])}</p>"
    )


def failure_html(outcome: Outcome, documents: Mapping[str, Document]) -> str:
    """One question, closed until it is clicked."""
    query = outcome.asking.query
    pair = outcome.asking.pair or query.language
    return (
        f"<details><summary><b>{outcome.confidence:.2f}</b> "
        f'<span class="question" dir="{direction(query.text)}" lang="{escape(query.language)}">'
        f"{escape(query.text)}</span> "
        f'<span class="small"><bdi>{escape(query.query_id)}</bdi> · <bdi>{escape(pair)}</bdi>'
        f"</span></summary>"
        f'<div class="columns"><section><h3>{_verb(outcome)}</h3>'
        f"{''.join(map(_said_html, _marked(outcome)))}</section>"
        f"<section><h3>What answers</h3>{_answer_html(outcome, documents)}</section></div>"
        "</details>"
    )


def _verb(outcome: Outcome) -> str:
    return "Refused; would have quoted" if outcome.refused else "Quoted"


def _marked(outcome: Outcome) -> list[tuple[Said, bool]]:
    """Each sentence, and whether it rests on a relevant document."""
    relevant = outcome.asking.relevant
    return [(said, any(c.doc_id in relevant for c in said.citations)) for said in outcome.said]


def _said_html(pair: tuple[Said, bool]) -> str:
    said, relevant = pair
    flags = ["relevant document"] if relevant else []
    flags += ["holds an acceptable answer"] if said.holds else []
    sources = ", ".join(dict.fromkeys(c.doc_id for c in said.citations)) or "nothing cited"
    language = said.citations[0].language if said.citations else "und"
    return (
        f'<article class="{"relevant" if relevant else "other"}"><p class="small">'
        f'<bdi>{escape(sources)}</bdi> <span class="flag">{", ".join(flags)}</span></p>'
        f'<p dir="{direction(said.text)}" lang="{escape(language)}">'
        f"{_with_marks(said.text, said.words)}</p></article>"
    )


def _with_marks(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _answer_html(outcome: Outcome, documents: Mapping[str, Document]) -> str:
    asking = outcome.asking
    if not asking.query.answerable:
        return "<p>Nothing in these documents, as they were judged.</p>"
    said = "".join(f"<li><bdi>{escape(answer)}</bdi></li>" for answer in asking.answers)
    places = "".join(_places_html(asking.answers, map(documents.get, sorted(asking.relevant))))
    return f"<ul>{said}</ul><p>{escape(_rank(outcome))}</p>{places}"


def _rank(outcome: Outcome) -> str:
    if outcome.asking.left_out:
        return "The documents below were left out of the search."
    if outcome.rank is None:
        return "No passage that was read is of a relevant document and holds it."
    return f"The passage at rank {outcome.rank} holds it."


def _places_html(answers: Sequence[str], relevant: Iterable[Document | None]) -> Iterator[str]:
    """Each relevant document around the first place where an answer stands."""
    for document in relevant:
        if document is None:
            continue
        folded = fold_with_offsets(document.text)
        found = (span for a in answers for span in folded.find_all(fold(a).strip()))
        start, end = next(found, (0, 0))
        low, high = _window(document.text, start, end)
        shown = marked_html(document, [(start, end)] if end else [], low, high)
        yield (
            f'<article class="relevant"><p class="small"><bdi>{escape(document.doc_id)}</bdi> · '
            f"{escape(document_language(document))}</p>{shown}</article>"
        )


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """From a blank before the place to one after it."""
    low = text.rfind(" ", 0, max(0, start - _AROUND)) + 1
    high = text.find(" ", min(len(text), end + _AROUND))
    return low, len(text) if high < 0 else high
