"""The reading pane: a whole document, open at a passage, with what supports the answer marked."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from index.errors import SanadError
from index.matching import matched_spans
from index.types import Document, Passage
from ui.bidi import plain
from ui.escaping import escape
from ui.library import Library
from ui.marking import Marks, Span
from ui.naming import name_at
from ui.render import around_html, problem_html
from ui.sources import head_html
from ui.telling import told
from ui.words import page_words, spoken

_NOWHERE = (0, 0)

_log = logging.getLogger("sanad")


@dataclass(frozen=True, slots=True)
class Place:
    """What a reader wants to see: a quotation of a document (`start` to `end`, and its text then;
    empty when nothing is quoted), the passage it stands in, and the text whose words are marked in
    that."""

    document: str
    passage: str
    start: int
    end: int
    quote: str
    wanted: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Place":
        """From what the page sends; raises KeyError or ValueError for what is none."""
        texts = {name: str(data[name]) for name in ("document", "passage", "quote", "wanted")}
        return cls(**texts, start=int(data["start"]), end=int(data["end"]))


def open_place(library: Library, data: Mapping[str, Any]) -> str:
    """The HTML of a place; `data` are the fields of `Place`, and the `language` of the page. What
    goes wrong is told in it."""
    language = spoken(str(data.get("language", "")))
    said = page_words(language)
    try:
        place = Place.of(data)
        document = library.document(place.document)
        if document is None:
            return problem_html(said["document_gone"])
        return pane_html(document, place, library.passage(place.passage), language)
    except SanadError as error:
        return told(error, language)
    except Exception:
        _log.exception("while opening a document")
        return problem_html(said["not_opened"])


def pane_html(document: Document, place: Place, passage: Passage | None, language: str) -> str:
    """A document around a place: the quotation marked, where it stands now if the document has
    changed since; the words that support it marked in the passage."""
    if passage and document.text[passage.start : passage.end] != passage.text:
        passage = None
    quote = _where(document.text, place)
    here = (passage.start, passage.end) if passage else quote
    marks = Marks(quote, _supporting(document.text, here, place.wanted, passage), here)
    written = passage.language if passage else "und"
    note = page_words(language)["changed"] if place.quote and quote == _NOWHERE else ""
    changed = f'<p class="note" dir="auto">{escape(note)}</p>' if note else ""
    text = around_html(document, marks, here, language, written)
    if passage and not passage.title:
        passage = replace(passage, title=name_at(document, passage.start))
    return f"{_head(document, passage, language)}{changed}{text}"


def _where(text: str, place: Place) -> Span:
    """Where the quotation stands in a text; nowhere when nothing is quoted, or it is gone. The page
    has it as it is shown, with bidi overrides made visible."""
    if plain(text[place.start : place.end]) == place.quote:
        return place.start, place.end
    found = text.find(place.quote)
    return (found, found + len(place.quote)) if found >= 0 else _NOWHERE


def _supporting(text: str, here: Span, wanted: str, passage: Passage | None) -> list[Span]:
    if passage is None:
        return []
    spans = matched_spans(wanted, text[slice(*here)], passage.language)
    return [(here[0] + start, here[0] + end) for start, end in spans]


def _head(document: Document, passage: Passage | None, language: str) -> str:
    if passage:
        return head_html(passage, language, "sanad-read")
    name = escape(document.doc_id)
    return f'<header><h4 id="sanad-read-t" dir="ltr">{name}</h4></header>'
