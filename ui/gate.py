"""The gate before an app that not everyone may see: people sign in on a page, programs send their
name and password with each request (HTTP Basic), or sign in as Gradio's client does."""

import base64
import binascii
from urllib.parse import parse_qs, urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.escaping import escape
from ui.render import problem_html
from ui.site import Site, words_of
from ui.users import SESSION_S, TooManyTries, Users

COOKIE = "sanad_session"
_MAX_FORM_BYTES = 4096


class Gate:
    """ASGI middleware: lets through who is signed in, and the files of the sign-in page."""

    def __init__(self, app: ASGIApp, users: Users, site: Site) -> None:
        self.app = app
        self.users = users
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        path = scope["path"].rstrip("/")
        if path == "/login":
            response: Response | None = await self._login(request)
        elif path == "/logout":
            response = self._logout(request)
        elif path.startswith("/site/") or await self._may(request):
            response = None
        else:
            response = self._refused(request)
        await (response or self.app)(scope, receive, send)

    async def _may(self, request: Request) -> bool:
        if self.users.user_of(request.cookies.get(COOKIE, "")):
            return True
        name, password = _basic(request.headers)
        return bool(name) and await self._check(name, password)

    async def _check(self, name: str, password: str) -> bool:
        try:
            return await run_sync(self.users.check, name, password)
        except TooManyTries:
            return False

    def _refused(self, request: Request) -> Response:
        if request.method == "GET" and _reads_html(request):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(self.site.address_of("/login", next=asked), 303)
        # A browser would cover the page with a box of its own.
        by_program = "sec-fetch-mode" not in request.headers
        asks = {"WWW-Authenticate": 'Basic realm="Sanad", charset="UTF-8"'} if by_program else {}
        return PlainTextResponse("Sign in first.", 401, asks)

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return self._page(request)
        form = await _form(request)
        name, password = form.get("username", ""), form.get("password", "")
        try:
            right = await run_sync(self.users.check, name, password)
        except TooManyTries:
            return self._page(request, "too_many_tries", 429)
        if not right:
            return self._page(request, "wrong_password", 401)
        return self._welcome(request, name, form.get("next", ""))

    def _welcome(self, request: Request, name: str, asked: str) -> Response:
        if _reads_html(request):
            response: Response = RedirectResponse(self.site.prefix + _inside(asked), 303)
        else:  # Gradio's client takes nothing but success
            response = JSONResponse({"success": True})
        response.set_cookie(
            COOKIE,
            self.users.sign_in(name),
            max_age=SESSION_S,
            path=self.site.prefix or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    def _logout(self, request: Request) -> Response:
        self.users.sign_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(self.site.address_in(request, "/login"), 303)
        response.delete_cookie(COOKIE, path=self.site.prefix or "/")
        return response

    def _page(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        said = words_of(request)
        problem = problem_html(said[wrong]) if wrong else ""
        asked = escape(_inside(request.query_params.get("next", "")))
        body = (
            f"<h1>{escape(said['sign_in'])}</h1>{problem}"
            f'<form class="sign-in" method="post" action="{escape(self.site.prefix)}/login">'
            f'<input type="hidden" name="next" value="{asked}">'
            f'<label for="username">{escape(said["name"])}</label><input id="username" '
            'name="username" dir="auto" required autofocus autocomplete="username" '
            f'maxlength="200"><label for="password">{escape(said["password"])}</label>'
            '<input id="password" name="password" type="password" dir="ltr" required '
            'autocomplete="current-password" maxlength="1000">'
            f"<button>{escape(said['sign_in'])}</button></form>"
        )
        return self.site.page(request, said["sign_in"], body, status, links=False)


def _reads_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _inside(asked: str) -> str:
    """A path of ours; the start where it is anything else, such as an address of another host."""
    try:
        parts = urlsplit(asked)
    except ValueError:  # "//["
        return "/"
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.netloc
    return asked if ours and asked.isprintable() and not parts.scheme else "/"


def _basic(headers: Headers) -> tuple[str, str]:
    kind, _, given = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form; nothing of one that is larger."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
