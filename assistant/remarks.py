"""What a reader should know of quotations: that documents differ, and how old they are."""

from collections.abc import Sequence

from assistant.disagreement import Value
from assistant.types import Citation, Note


def remarks(values: Sequence[Value], timely: bool, citations: Sequence[Citation]) -> list[Note]:
    """The notes on an answer that cites `citations`: one where more than one of the `values` is
    among them, and, where the question hangs on time, one that names their dates."""
    notes = []
    told = [(value, c) for value in values if (c := _citation(value, citations))]
    if len(told) > 1:
        detail = " · ".join(f"“{value.text}” {_place(c)}" for value, c in told)
        notes.append(Note("differ", detail, len(told)))
    if timely and citations:
        notes.append(Note("dated", " · ".join(map(_place, citations)), len(citations)))
    return notes


def _citation(value: Value, citations: Sequence[Citation]) -> Citation | None:
    passage = value.evidence.hit.passage
    start = passage.start + passage.sentences[value.evidence.sentence][0]
    same = (c for c in citations if c.doc_id == passage.doc_id and c.start == start)
    return next(same, None)


def _place(citation: Citation) -> str:
    """[1] 2022-10-24, or a dash for a document without a date."""
    return f"[{citation.number}] {citation.date.isoformat() if citation.date else '–'}"
