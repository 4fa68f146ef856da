"""Addresses that go on working: `/passage/ID#passage`, a document at a passage, by its id or by the
anchor of a quotation in it, and `/document/ID`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.anchors import Place as Became
from assistant.anchors import find, parse_anchor
from assistant.config import MAX_QUESTION_CHARS
from assistant.errors import AnchorError
from index.types import Document, Passage, Section
from ui.bidi import direction
from ui.escaping import escape
from ui.facts import address_html, day_html
from ui.library import Library
from ui.naming import name_at
from ui.render import DOCUMENT_WINDOW, document_html
from ui.site import Site, language_of, quoted, words_of
from ui.words import language_name


@dataclass(frozen=True, slots=True)
class _Place:
    """`start` to `end` of a document, the article or passage that it is in, and what became of it
    since it was cited."""

    document: Document
    about: Passage | Section
    start: int
    end: int
    became: Became = "unchanged"


def passage_path(name: str) -> str:
    """Where a passage is shown, by its id or an anchor, without the prefix."""
    return "/passage/" + quoted(name)


def document_path(doc_id: str) -> str:
    """Where a document is shown, without the prefix."""
    return "/document/" + quoted(doc_id)


def routes(site: Site, reading: Callable[[], Library]) -> list[Route]:
    """The routes of both; `reading` gives what is searched now."""

    def passage(request: Request) -> Response:
        library, name = reading(), request.path_params["id"]
        place = _passage(library, name) or _cited(library, name)
        if place is None:
            return site.problem(request, words_of(request)["passage_gone"], 404)
        return site.page(request, *_shown(site, request, place))

    def document(request: Request) -> Response:
        found = reading().document(request.path_params["id"])
        if found is None:
            return site.problem(request, words_of(request)["document_gone"], 404)
        at = _offset(request.query_params.get("at", ""), len(found.text))
        first = next(iter(found.sections), Section(0, 0))
        return site.page(request, *_shown(site, request, _Place(found, first, at, at)))

    return [
        site.route("/passage/{id:path}", passage),
        site.route("/document/{id:path}", document),
        site.files(),
    ]


def _offset(text: str, length: int) -> int:
    return min(int(text), length) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _passage(library: Library, passage_id: str) -> _Place | None:
    found = library.passage(passage_id)
    document = library.document(found.doc_id) if found else None
    return _Place(document, found, found.start, found.end) if found and document else None


def _cited(library: Library, text: str) -> _Place | None:
    """Where the words of an anchor stand now."""
    try:
        found = find(parse_anchor(text), library)
    except AnchorError:
        return None
    if found is None:
        return None
    about = found.document.section_at(found.start) or Section(0, 0)
    return _Place(found.document, about, found.start, found.end, found.place)


def _shown(site: Site, request: Request, place: _Place) -> tuple[str, str]:
    """The title and the body of a page that shows a document at a place."""
    document, about = place.document, place.about
    title = about.title or name_at(document, about.start)
    head = (
        f'<h1 dir="{direction(title)}" lang="{escape(about.language)}">{escape(title)}</h1>'
        f'<p class="meta">{_facts(request, about)}</p>{_became(request, place)}'
    )
    text = document_html(document, place.start, place.end, language_of(request))
    # The first of the marks, for the fragment of a link; a "<" of the document itself is escaped.
    text = text.replace("<mark>", '<mark id="passage">', 1)
    around = _around(site, request, document, place.start, place.end)
    body = f'{head}<article class="document-body">{text}</article>{around}{_ask(site, request)}'
    return title, body


def _became(request: Request, place: _Place) -> str:
    if place.became == "unchanged":
        return ""
    return (
        f'<p class="note" role="status">{escape(words_of(request)["anchor_" + place.became])}</p>'
    )


def _facts(request: Request, about: Passage | Section) -> str:
    facts = [
        day_html(about.date) if about.date else "",
        f"<bdi>{escape(about.outlet)}</bdi>" if about.outlet else "",
        f"<bdi>{escape(language_name(about.language, language_of(request)))}</bdi>",
        address_html(about.url) if about.url else "",
    ]
    return "".join(f"<span>{fact}</span>" for fact in facts if fact)


def _around(site: Site, request: Request, document: Document, start: int, end: int) -> str:
    """Links to what a long document holds before and after the part that is shown."""
    said, path = words_of(request), document_path(document.doc_id)
    step, links = 2 * DOCUMENT_WINDOW, []
    if start > DOCUMENT_WINDOW:
        links.append(("earlier", max(0, start - step)))
    if end + DOCUMENT_WINDOW < len(document.text):
        links.append(("later", end + step))
    items = "".join(
        f'<a href="{site.address(request, path, at=at)}">{escape(said[name])}</a>'
        for name, at in links
    )
    return (
        f'<nav class="around" aria-label="{escape(said["parts"])}">{items}</nav>' if items else ""
    )


def _ask(site: Site, request: Request) -> str:
    """A box for a question, which the chat page asks."""
    said = words_of(request)
    return (
        f'<form class="ask" role="search" action="{escape(site.prefix)}/">'
        f'<label for="q">{escape(said["question"])}</label>'
        f'<input id="q" name="q" dir="auto" required maxlength="{MAX_QUESTION_CHARS}">'
        f"<button>{escape(said['ask'])}</button></form>"
    )
