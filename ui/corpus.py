"""The corpus page: every document with its date, outlet and language, and what was left out."""

import math
import re
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.anchors import anchors_in
from index.catalogue import Holdings
from index.given import LeftOut
from index.text import fold
from index.types import Document, Section
from ui.bidi import direction
from ui.escaping import escape
from ui.facts import day_html
from ui.links import document_path, passage_path
from ui.naming import name_at
from ui.site import Site, language_of, words_of
from ui.telling import reason_in
from ui.words import language_name, number

# Documents on a page, and files that were left out that are listed at all.
PAGE = 100
_MOST_LEFT_OUT = 500
_MOST_OUTLETS = 20


class Holding(Protocol):
    """What the page needs of a searcher: `index.search.Searcher` has it."""

    def sections(self) -> Mapping[str, Sequence[Section]]:
        """What is known of the articles in each document, by `doc_id`."""

    def holdings(self) -> Holdings:
        """What there is, counted."""

    def document(self, doc_id: str) -> Document | None:
        """The document of that id, or None."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is listed, its `title` empty where it has none; `folded` is what a search
    of the list looks at."""

    doc_id: str
    title: str
    day: date | None
    outlet: str
    languages: tuple[str, ...]
    n_articles: int
    folded: str


class Catalogue:
    """The documents of an index, the latest first; made anew when the index is another. It holds
    no index: one that is no longer searched is closed, whenever its list was last looked at."""

    def __init__(self, holding: Callable[[], Holding]) -> None:
        self._holding = holding
        self._lock = threading.Lock()
        self._of: Callable[[], Holding | None] = lambda: None
        self._entries: list[Entry] = []

    def entries(self) -> list[Entry]:
        """All of them."""
        with self._lock:
            now = self._holding()
            if now is not self._of():
                made = [_entry(*item) for item in now.sections().items()]
                made.sort(key=lambda e: (-(e.day.toordinal() if e.day else 0), e.doc_id))
                self._of, self._entries = weakref.ref(now), made
            return self._entries

    def holdings(self) -> Holdings:
        """What there is, counted."""
        return self._holding().holdings()

    def named(self, entry: Entry) -> Entry:
        """The same with a name where it has no title: its first words are read, and only if it is
        shown."""
        document = None if entry.title else self._holding().document(entry.doc_id)
        name = name_at(document, 0) if document else entry.title or entry.doc_id
        return replace(entry, title=name)


def _entry(doc_id: str, sections: Sequence[Section]) -> Entry:
    title = next((s.title for s in sections if s.title), "")
    outlet = next((s.outlet for s in sections if s.outlet), "") or ""
    days = [s.date for s in sections if s.date]
    languages = tuple(sorted({s.language for s in sections}))
    folded = fold(" ".join([doc_id, outlet, *(s.title or "" for s in sections)]))
    return Entry(doc_id, title, max(days, default=None), outlet, languages, len(sections), folded)


def found(entries: Iterable[Entry], query: str, language: str) -> list[Entry]:
    """Those that hold every word of `query`, however it is spelled, and are in a language, if one
    is given."""
    wanted = fold(query).split()
    return [
        entry
        for entry in entries
        if all(word in entry.folded for word in wanted)
        and (not language or language in entry.languages)
    ]


def route(
    site: Site, holding: Callable[[], Holding], left_out: Callable[[], Sequence[LeftOut]]
) -> Route:
    """The page at `/corpus`."""
    catalogue = Catalogue(holding)

    def corpus(request: Request) -> Response:
        said, held = words_of(request), catalogue.holdings()
        asked = request.query_params
        query = asked.get("q", "")[:500]
        if cited := next(anchors_in(query), None):
            path = passage_path(str(cited))
            return RedirectResponse(site.address_in(request, path) + "#passage", 303)
        shown = found(catalogue.entries(), query, asked.get("in", ""))
        upload = site.address(request, "/upload")
        add = f'<p><a href="{upload}">{escape(said["add"])}</a></p>' if site.uploads else ""
        body = (
            f"<h1>{escape(said['corpus'])}</h1>{_summary(held, request)}{add}"
            f"{_search(site, held, request)}{_list(site, catalogue, shown, request)}"
            f"{_left_out(left_out(), request)}"
        )
        return site.page(request, said["corpus"], body)

    return site.route("/corpus", corpus)


def _summary(held: Holdings, request: Request) -> str:
    """How much there is, of what, from when."""
    said, language = words_of(request), language_of(request)
    facts = [
        (said["documents"], number(held.n_documents, language)),
        (said["passages"], number(held.n_passages, language)),
        (
            said["languages"],
            _counted({language_name(x, language): n for x, n in held.languages.items()}, language),
        ),
        (said["dates"], f"<bdi>{held.first} – {held.last}</bdi>" if held.first else ""),
        (said["outlets"], _counted(held.outlets, language)),
    ]
    items = "".join(f"<dt>{escape(name)}</dt><dd>{fact}</dd>" for name, fact in facts if fact)
    return f'<dl class="facts">{items}</dl>'


def _counted(n_by_name: Mapping[str, int], language: str) -> str:
    """Names with their numbers of passages, the most first."""
    names = sorted(n_by_name, key=lambda name: (-n_by_name[name], name))
    shown = [name for name in names[:_MOST_OUTLETS] if name]
    parts = [f"<bdi>{escape(x)}</bdi> ({number(n_by_name[x], language)})" for x in shown]
    return " · ".join(parts) + (" …" if len(names) > _MOST_OUTLETS else "")


def _search(site: Site, held: Holdings, request: Request) -> str:
    said, asked = words_of(request), request.query_params
    choices = "".join(
        f'<option value="{escape(code)}"{" selected" if code == asked.get("in") else ""}>'
        f"{escape(language_name(code, language_of(request)))}</option>"
        for code in sorted(held.languages)
    )
    kept = (
        f'<input type="hidden" name="lang" value="{escape(asked["lang"])}">'
        if "lang" in asked
        else ""
    )
    return (
        f'<form class="ask" role="search" action="{escape(site.prefix)}/corpus">{kept}'
        f'<label for="q">{escape(said["find_by"])}</label><input id="q" name="q" type="search" '
        f'dir="auto" maxlength="500" value="{escape(asked.get("q", "")[:500])}">'
        f'<span class="pair"><label for="in">{escape(said["in_language"])}</label>'
        f'<select id="in" name="in"><option value="">{escape(said["any"])}</option>{choices}'
        "</select></span>"
        f"<button>{escape(said['find'])}</button></form>"
    )


def _list(site: Site, catalogue: Catalogue, shown: Sequence[Entry], request: Request) -> str:
    said, language = words_of(request), language_of(request)
    if not shown:
        return f'<p class="note" role="status">{escape(said["none_found"])}</p>'
    n_pages = math.ceil(len(shown) / PAGE)
    asked = request.query_params.get("page", "1")
    page = min(int(asked), n_pages) if re.fullmatch(r"[1-9][0-9]{0,8}", asked) else 1
    listed = map(catalogue.named, shown[(page - 1) * PAGE : page * PAGE])
    rows = "".join(_row(site, entry, request) for entry in listed)
    names = ("title", "date", "outlet", "language", "file")
    heads = "".join(f'<th scope="col">{escape(said["col_" + name])}</th>' for name in names)
    count = escape(said["n_found"].format(n=number(len(shown), language)))
    return (
        f'<p class="note" role="status">{count}</p><div class="list" tabindex="0" role="region" '
        f'aria-label="{escape(said["corpus"])}"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{_pages(page, n_pages, request)}"
    )


def _row(site: Site, entry: Entry, request: Request) -> str:
    said, language = words_of(request), language_of(request)
    more = (
        f" <small><bdi>{escape(said['n_articles'].format(n=number(entry.n_articles, language)))}"
        "</bdi></small>"
        if entry.n_articles > 1
        else ""
    )
    spoken = ", ".join(language_name(code, language) for code in entry.languages)
    written = entry.languages[0] if len(entry.languages) == 1 else "und"
    day = day_html(entry.day) if entry.day else ""
    return (
        f'<tr><td dir="{direction(entry.title)}"><a lang="{escape(written)}" '
        f'href="{site.address(request, document_path(entry.doc_id))}">{escape(entry.title)}</a>'
        f"{more}</td><td>{day}</td><td><bdi>{escape(entry.outlet)}</bdi></td>"
        f'<td>{escape(spoken)}</td><td><bdi dir="ltr">{escape(entry.doc_id)}</bdi></td></tr>'
    )


def _pages(page: int, n_pages: int, request: Request) -> str:
    said, language = words_of(request), language_of(request)

    def link(to: int, name: str) -> str:
        query = urlencode({**request.query_params, "page": to})
        return f'<a href="?{escape(query)}">{escape(said[name])}</a>' if 1 <= to <= n_pages else ""

    if n_pages == 1:
        return ""
    shown = {"n": number(page, language), "all": number(n_pages, language)}
    place = escape(said["page_of"].format(**shown))
    return (
        f'<nav class="around" aria-label="{escape(said["pages"])}">{link(page - 1, "before")}'
        f"<span>{place}</span> {link(page + 1, 'after')}</nav>"
    )


def _left_out(left_out: Sequence[LeftOut], request: Request) -> str:
    """What the last build could not read, and why."""
    said, language = words_of(request), language_of(request)
    if not left_out:
        return f'<p class="note">{escape(said["nothing_left_out"])}</p>'
    items = "".join(
        f'<li><bdi dir="ltr">{escape(each.doc_id)}</bdi>: '
        f"<bdi>{escape(reason_in(each.reason, language))}</bdi></li>"
        for each in left_out[:_MOST_LEFT_OUT]
    )
    more = (
        f"<li>… {number(len(left_out) - _MOST_LEFT_OUT, language)}</li>"
        if len(left_out) > _MOST_LEFT_OUT
        else ""
    )
    head = escape(said["left_out"].format(n=number(len(left_out), language)))
    return f'<section class="left-out"><h2>{head}</h2><ul>{items}{more}</ul></section>'
