"""The one name of an article in all pages: its title, else its first words, as in references."""

from dataclasses import replace
from typing import TypeVar

from assistant.references import title_of
from assistant.types import Answer, Citation
from index.types import Document, Passage, Section
from ui.library import Library

_Part = TypeVar("_Part", Citation, Passage)


def name_at(document: Document, start: int) -> str:
    """The name of the article that stands at an offset of a document."""
    section = document.section_at(start) or Section(0, len(document.text))
    return title_of(document, section)


def named(answer: Answer, library: Library) -> Answer:
    """The answer with a name for each of its sources that has no title."""
    citations = tuple(_named(citation, library) for citation in answer.citations)
    hits = tuple(replace(hit, passage=_named(hit.passage, library)) for hit in answer.hits)
    return replace(answer, citations=citations, hits=hits)


def _named(part: _Part, library: Library) -> _Part:
    document = None if part.title else library.document(part.doc_id)
    return replace(part, title=name_at(document, part.start)) if document else part
