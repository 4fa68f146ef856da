"""What stands before every request: headers that forbid other hosts, limits, and a proxy's prefix.

Middleware for any ASGI app; who may ask at all is for `ui.gate` to say.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing may be fetched from, sent to or framed by another host. Gradio's own scripts need
# 'unsafe-inline' and 'unsafe-eval'; script-src-attr 'none' still stops an onerror= or onclick=.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
# What a browser sends at once is a question, or a conversation to be drawn again.
MAX_BODY_BYTES = 8 << 20
# Files are sent to the pages of `ui.upload`, which count for themselves.
UPLOADS = "/upload/"
# Of Gradio, and used by no page of ours: uploads into its cache, files and other hosts by request.
_CLOSED = re.compile(
    r"/(gradio_api/)?(upload|upload_progress|file=|file/|proxy=|stream/|process_recording|deep_link"
    r"|vibe-|undo-vibe-|run-history|runs|monitoring|profiling|dev/)"
)
# Gradio's name of an upload is ours, too, without the prefix of its API.
_OURS = re.compile(r"/upload(/|$)")


class Guard:
    """Sends the security headers with every response, and refuses what a page of another origin
    sends (a browser lets any page post a form to this machine), what is too large, and what no page
    of ours asks for. `origins` are further hosts that the app is shown at."""

    def __init__(self, app: ASGIApp, origins: Collection[str] = ()) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                # Not "no-referrer": with that a form of our own would not say where it is from.
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        if scope["type"] == "websocket":  # nothing of ours speaks it
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and (refusal := self._refusal(scope)):
            await refusal(scope, receive, send_with_policy)
        else:
            await self.app(scope, _counted(scope, receive), send_with_policy)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if self._is_foreign(scope):
            return PlainTextResponse("This page takes no requests from others.", 403)
        if _CLOSED.match(scope["path"]) and not _OURS.match(scope["path"]):
            return PlainTextResponse("There is no such page.", 404)
        if _said_bytes(scope) > MAX_BODY_BYTES and not scope["path"].startswith(UPLOADS):
            return PlainTextResponse("This is too much at once.", 413)
        return None

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether a request that may change something comes from a page of another origin."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if scope["method"] in {"GET", "HEAD"} or origin is None:
            return False
        # No page can set the header of a proxy for another host without being asked for leave.
        shown_at = {headers.get("host"), headers.get("x-forwarded-host"), *self.origins}
        try:
            return urlsplit(origin).netloc not in shown_at
        except ValueError:  # "http://["
            return True


def _said_bytes(scope: Scope) -> int:
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if re.fullmatch(r"[0-9]{1,18}", said) else 0


def _counted(scope: Scope, receive: Receive) -> Receive:
    """`receive`, which ends as if the browser had gone when a body of no said length is too
    long."""
    if scope["type"] != "http" or scope["path"].startswith(UPLOADS):
        return receive
    n_bytes = 0

    async def counting() -> Message:
        nonlocal n_bytes
        message = await receive()
        n_bytes += len(message.get("body", b""))
        return message if n_bytes <= MAX_BODY_BYTES else {"type": "http.disconnect"}

    return counting


class Prefix:
    """Takes the prefix at which a proxy shows the app off the path, where the proxy left it on."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        # Not once only: Gradio takes it off again, behind the guard.
        while self.prefix and (path == self.prefix or path.startswith(self.prefix + "/")):
            path = path[len(self.prefix) :] or "/"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
