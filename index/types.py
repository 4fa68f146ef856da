"""What passes between the rooms: documents, their sections, passages and hits.

Every offset counts Unicode code points. A date is that of publication, never of an event told.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Calendar = Literal["gregorian", "hijri", "jalali"]


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day as a text gives it, in whichever calendar; months and days count from 1."""

    calendar: Calendar
    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Section:
    """One article of a document: `document.text[start:end]`, and what is known of it.

    `furniture` are the spans of the document within it that are no part of the article (captions,
    read-also boxes), in order and without overlap: no passage covers any of them. `date` is
    Gregorian always; `stated` is it as the article gives it, when that is in another calendar.
    `byline` is who wrote it, as it says.
    """

    start: int
    end: int
    title: str | None = None
    date: datetime.date | None = None
    outlet: str | None = None
    url: str | None = None
    language: str = "und"
    furniture: tuple[tuple[int, int], ...] = ()
    byline: str | None = None
    stated: CalendarDate | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as loaded. Sections do not overlap and stand in order; text between them is furniture.

    `doc_id` is the path relative to the corpus root; `sha256` is that of the file's bytes.
    """

    doc_id: str
    text: str
    sha256: str
    sections: tuple[Section, ...]

    def section_at(self, offset: int) -> Section | None:
        """The section that holds the character at `offset`, or None."""
        return next((x for x in self.sections if x.start <= offset < x.end), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section: `document.text[start:end] == text`, always.

    `sentences` are `(start, end)` pairs within `text`, in order, without the space between them.
    """

    passage_id: str
    doc_id: str
    start: int
    end: int
    text: str
    language: str
    sentences: tuple[tuple[int, int], ...]
    title: str | None = None
    date: datetime.date | None = None
    outlet: str | None = None
    url: str | None = None

    def sentence(self, i: int) -> str:
        """The text of sentence `i`."""
        start, end = self.sentences[i]
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A folded word of a query as the terms of one language's passages, with their probabilities:
    itself, or its translations. `weight`, at most 1, is its share in a score; `idf` is 0.0 when no
    passage holds any of them, or nobody has looked it up."""

    word: str
    terms: Mapping[str, float]
    weight: float = 1.0
    idf: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; `rank` counts from 1, a higher score is better.

    `scores` holds what each retriever gave (`bm25`, `dense`, `sentence`; absent when it did not
    find the passage), how the passage words the query (`form`, `near`; absent when nobody looked),
    1 for the query's `language`, and what a `reranker` said; `sentence_scores` the cosine of each
    sentence with the query, in order; cosines are on the scale of `index.scale`. `ranks` are its
    places, from 1, among what each half found (absent when it was not among them); `shares` what
    each of `scores` adds to `score`.
    """

    passage: Passage
    score: float
    rank: int
    scores: Mapping[str, float] = field(default_factory=dict)
    sentence_scores: tuple[float, ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
