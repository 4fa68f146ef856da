"""An answer and what it rests on."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.explain import Explanation
from index.types import Hit

NoteKind = Literal["failed", "refused", "unmarked", "removed", "dropped", "differ", "dated"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands: `document.text[start:end] == quote`, always.

    `number` counts from 1, in the order in which the answer uses them. `anchor` finds the place
    again after changes (see `assistant.anchors`); it is empty until the answer is whole.
    """

    number: int
    doc_id: str
    passage_id: str
    title: str | None
    date: datetime.date | None
    language: str
    outlet: str | None
    url: str | None
    quote: str
    start: int
    end: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer without its markers.

    `citations` are the numbers it rests on; `support` is how well they carry it, 0 to 1. `words`
    are the words of it that answer, as `(start, end)` within `text`, in order; none where that is
    not clear.
    """

    text: str
    citations: tuple[int, ...]
    support: float
    words: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know of how an answer came about.

    A language model `failed` (`detail` says how), `refused` or cited nothing (`unmarked`), and the
    answer is quotations instead; or of its text `n` markers of passages that it was not given were
    `removed`, `n` sentences without support `dropped`. Or documents `differ` in what answers
    (`detail` has each value with its citation and the date of its document), or the answer hangs on
    when it is given, and is `dated` by those of `detail`.
    """

    kind: NoteKind
    detail: str = ""
    n: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or a refusal (then `sentences` and `citations` are empty).

    `query` is what was searched; `confidence` the estimated probability, 0 to 1, that the quoted
    sentences hold the answer, calibrated by `calibration` (a pair of languages, `en>ar`, or what
    pools several pairs); `language` the question's; `hits` are in rank order. In a stream
    all but the last are not `whole`, and `pending` is what a language model has written but not
    finished, and nobody checked yet. `explanations` say why the passages it cites, or those nearest
    to a refused question, were found, by passage id.
    """

    question: str
    query: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    refused: bool
    confidence: float
    language: str
    generator: str
    fingerprint: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    whole: bool = True
    pending: str = ""
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    calibration: str = ""

    @property
    def text(self) -> str:
        """The sentences with their `[n]` markers, or the empty string for a refusal."""
        return " ".join(
            sentence.text + " " + "".join(f"[{number}]" for number in sentence.citations)
            for sentence in self.sentences
        )
