"""The plain pages beside the chat: what all of them share.

They are made whole on the server, work without a script, and may do less than Gradio's page: their
policy allows files of this server alone. Every address in them begins with `prefix`, where a proxy
shows the app ("" without one).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.errors import SanadError
from ui.assets import STATIC
from ui.escaping import escape
from ui.render import problem_html
from ui.telling import line_of, told
from ui.words import RTL_LANGUAGES, SPOKEN, site_words, spoken

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_FILES = frozenset({"chat.css", "site.css", "site.js", "upload.js", "favicon.png"})

_log = logging.getLogger("sanad")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the app is shown, and whether its readers sign in, and may add documents."""

    prefix: str = ""
    signed: bool = False
    uploads: bool = False

    def page(
        self, request: Request, title: str, body: str, status: int = 200, links: bool = True
    ) -> Response:
        """A whole page around `body`, which is HTML; without `links` to the others for who may not
        see them yet."""
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-cache"}
        return HTMLResponse(self._frame(request, title, body, links), status, headers)

    def problem(self, request: Request, line: str, status: int) -> Response:
        """A page with one line on what went wrong."""
        return self.page(request, line, problem_html(line), status)

    def address(self, request: Request, path: str, **query: object) -> str:
        """The address of another page of ours, in the language of this one, as HTML. `path` is
        quoted already."""
        return escape(self.address_in(request, path, **query))

    def address_in(self, request: Request, path: str, **query: object) -> str:
        """The same as it is."""
        given = request.query_params.get("lang")
        return self.address_of(path, **({"lang": given} if given else {}), **query)

    def address_of(self, path: str, **query: object) -> str:
        """The address of a page of ours, as it is."""
        return self.prefix + path + ("?" + urlencode(query) if query else "")

    def route(self, path: str, show: Callable[[Request], Response]) -> Route:
        """A page at `path`; what goes wrong in it is one line, its details in the terminal."""

        def shown(request: Request) -> Response:
            try:
                return show(request)
            except SanadError as error:
                language = language_of(request)
                line, body = line_of(error, language), told(error, language)
                return self.page(request, line, body, 500)
            except Exception:
                _log.exception("while showing %s", path)
                return self.problem(request, words_of(request)["went_wrong"], 500)

        return Route(path, shown)

    def files(self) -> Route:
        """The route of the files that the pages are made of."""

        def file(request: Request) -> Response:
            name = request.path_params["name"]
            if name not in _FILES:
                return PlainTextResponse("There is no such file.", 404)
            return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})

        return Route("/site/{name}", file)

    def _frame(self, request: Request, title: str, body: str, links: bool) -> str:
        language = language_of(request)
        direction = "rtl" if language in RTL_LANGUAGES else "ltr"
        home, at = self.address(request, "/"), escape(self.prefix)
        return (
            f'<!doctype html><html lang="{language}" dir="{direction}"><head>'
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{escape(title)} · Sanad</title>"
            f'<link rel="icon" href="{at}/site/favicon.png">'
            f'<link rel="stylesheet" href="{at}/site/chat.css">'
            f'<link rel="stylesheet" href="{at}/site/site.css"></head><body>'
            f'<script src="{at}/site/site.js"></script><div class="sanad plain">'
            f'<header class="bar"><a class="home" href="{home}">Sanad <span lang="ar">سند</span>'
            f"</a>{self._links(request) if links else ''}</header>"
            f"<main>{body}</main></div></body></html>"
        )

    def _links(self, request: Request) -> str:
        """Links to the other pages."""
        said = words_of(request)
        shown = {"/": said["chat"], "/corpus": said["corpus"]}
        if self.signed:
            shown["/logout"] = said["sign_out"]
        items = "".join(
            f'<a href="{self.address(request, path)}">{escape(name)}</a>'
            for path, name in shown.items()
        )
        return f'<nav aria-label="{escape(said["site"])}">{items}</nav>'


def words_of(request: Request) -> Mapping[str, str]:
    """The words of the plain pages in the reader's language."""
    return site_words(language_of(request))


def language_of(request: Request) -> str:
    """The first language we speak of those that the address (`?lang=`) or else the browser asks
    for; English where there is none."""
    if asked := request.query_params.get("lang"):
        return spoken(asked)
    wanted = request.headers.get("accept-language", "").split(",")
    codes = (entry.split(";")[0].strip().split("-")[0].lower() for entry in wanted)
    return next((code for code in codes if code in SPOKEN), "en")


def quoted(name: str) -> str:
    """An id as part of a path."""
    return quote(name, safe="/")
