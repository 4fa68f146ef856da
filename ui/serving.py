"""What the Gradio pages share: how one is put into an app, guarded, and served on this machine."""

import asyncio
import contextlib
import errno
import html
import ipaddress
import os
import re
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import InputError

STATIC = Path(__file__).parent / "static"
HOST = "127.0.0.1"
LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
# Tabs that Gradio remembers, at some tens of kilobytes each; the oldest is forgotten first.
N_SESSIONS = 1000

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


@dataclass(frozen=True, slots=True)
class Options:
    """How an app is reached: by requests that are addressed to one of `names`; over MCP, too.
    `judgements` is the folder of what readers say of passages: without one they are not asked."""

    names: Sequence[str] = LOOPBACK
    mcp: bool = False
    judgements: Path | None = None


PLAIN = Options()


def build_app(
    make_page: Callable[[], gr.Blocks],
    css: Sequence[str],
    options: Options,
    routes: Sequence[BaseRoute] = (),
) -> FastAPI:
    """The web application of a page styled by these files of `static/`, and of `routes` beside
    it."""

    async def build() -> FastAPI:
        return _build_app(make_page(), css, options, routes)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # Gradio makes event loops and forgets to close them where none is running.
        return asyncio.run(build())
    return _build_app(make_page(), css, options, routes)


def _build_app(
    page: gr.Blocks, css: Sequence[str], options: Options, routes: Sequence[BaseRoute]
) -> FastAPI:
    page.state_session_capacity = N_SESSIONS
    # After each event Gradio makes statistics of all before it, which nobody here is shown.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    page.queue(default_concurrency_limit=None, api_open=False)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Guard)
    # A page elsewhere may not reach this one through a name of its own (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=options.names, www_redirect=False)
    app.router.routes.extend(routes)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=options.mcp,
        pwa=False,
        favicon_path=str(STATIC / "favicon.png"),
        theme=_theme(),
        css_paths=[STATIC / name for name in css],
    )
    return app


def serve(
    make_app: Callable[[Options], FastAPI],
    host: str,
    port: int,
    others: str,
    options: Options = PLAIN,
) -> None:
    """Serve an app, made for the names it may be called by, until Ctrl+C; `others` says what those
    could do who reach it from other machines. `InputError` when the address cannot be had."""
    with claim(host, port) as listening:
        bound, taken = listening.getsockname()[:2]
        names = allowed_names(host, bound)
        server = build_server(make_app(replace(options, names=names)))
        shown = f"[{host}]" if ":" in host else host or bound
        print(f"Sanad is at http://{shown}:{taken}  (Ctrl+C to stop)", flush=True)
        if "*" in names:
            print(f"Other machines can reach the page: {others}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def claim(host: str, port: int) -> socket.socket:
    """A socket that listens at the address; port 0 is any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
        way_out = f"Choose another: --port {port + 1}, or 0 for any that is free"
        raise InputError(f"port {port} on {host} {why}. {way_out}") from error
    except OverflowError as error:
        raise InputError(f"port {port} does not exist. Choose one up to 65535: --port") from error


def build_server(app: FastAPI) -> uvicorn.Server:
    """A quiet server; a browser left open does not hold it back when it is stopped."""
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    return uvicorn.Server(config)


class _Guard:
    """ASGI middleware that sends the security headers with every response, and refuses what a page
    of another origin sends: a browser lets any page post a form to this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        if scope["type"] == "http" and _is_foreign(scope):
            refusal = PlainTextResponse("This page takes no requests from others.", 403)
            await refusal(scope, receive, send_with_policy)
        else:
            await self.app(scope, receive, send_with_policy)


def _is_foreign(scope: Scope) -> bool:
    """Whether a request that may change something comes from a page of another origin."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    reads = scope["method"] in {"GET", "HEAD"}
    return not reads and origin is not None and urlsplit(origin).netloc != headers.get("host")


def allowed_names(host: str, bound: str) -> list[str]:
    """The names a request may address: those of the loopback, or any when bound beyond it. `host`
    is the address asked for, `bound` the one that was had: "127.1" is 127.0.0.1, "" is any."""
    if ipaddress.ip_address(bound).is_loopback:
        return [*LOOPBACK, host.lower(), bound] if host else [*LOOPBACK, bound]
    return ["*"]


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with the fonts of the reader's own system."""
    sans = [gr.themes.Font(name) for name in ("system-ui", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("ui-monospace", "monospace")]
    return gr.themes.Base(font=sans, font_mono=mono)


def inert(text: str) -> str:
    """`text` for a place in a `gr.HTML` template, which reads `{{…}}`, `${…}` and backslashes."""
    return re.sub(r"[{}$`\\%]", lambda match: f"&#{ord(match.group())};", html.escape(text))


def static(name: str) -> str:
    """The text of a file of `static/`."""
    return (STATIC / name).read_text(encoding="utf-8")
