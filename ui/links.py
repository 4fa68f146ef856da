"""Addresses that go on working: `/passage/ID#passage`, a document at a passage, and
`/document/ID`."""

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.config import MAX_QUESTION_CHARS
from index.types import Document, Passage, Section
from ui.bidi import direction
from ui.escaping import escape
from ui.facts import address_html, day_html
from ui.library import Library
from ui.naming import name_at
from ui.render import DOCUMENT_WINDOW, document_html
from ui.site import Site, language_of, quoted, words_of
from ui.words import language_name


def passage_path(passage_id: str) -> str:
    """Where a passage is shown, without the prefix."""
    return "/passage/" + quoted(passage_id)


def document_path(doc_id: str) -> str:
    """Where a document is shown, without the prefix."""
    return "/document/" + quoted(doc_id)


def routes(site: Site, reading: Callable[[], Library]) -> list[Route]:
    """The routes of both; `reading` gives what is searched now."""

    def passage(request: Request) -> Response:
        searcher = reading()
        found = searcher.passage(request.path_params["id"])
        document = searcher.document(found.doc_id) if found else None
        if found is None or document is None:
            return site.problem(request, words_of(request)["passage_gone"], 404)
        return site.page(request, *_shown(site, request, document, found, found.start, found.end))

    def document(request: Request) -> Response:
        found = reading().document(request.path_params["id"])
        if found is None:
            return site.problem(request, words_of(request)["document_gone"], 404)
        at = _offset(request.query_params.get("at", ""), len(found.text))
        first = next(iter(found.sections), Section(0, 0))
        return site.page(request, *_shown(site, request, found, first, at, at))

    return [
        site.route("/passage/{id:path}", passage),
        site.route("/document/{id:path}", document),
        site.files(),
    ]


def _offset(text: str, length: int) -> int:
    return min(int(text), length) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _shown(  # noqa: PLR0913, PLR0917 - a page, and where in a document it is
    site: Site, request: Request, document: Document, about: Passage | Section, start: int, end: int
) -> tuple[str, str]:
    """The title and the body of a page that shows a document around `[start, end)`."""
    title = about.title or name_at(document, about.start)
    head = (
        f'<h1 dir="{direction(title)}" lang="{escape(about.language)}">{escape(title)}</h1>'
        f'<p class="meta">{_facts(request, about)}</p>'
    )
    text = document_html(document, start, end, language_of(request))
    # The first of the marks, for the fragment of a link; a "<" of the document itself is escaped.
    text = text.replace("<mark>", '<mark id="passage">', 1)
    around = _around(site, request, document, start, end)
    body = f'{head}<article class="document-body">{text}</article>{around}{_ask(site, request)}'
    return title, body


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
