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
from urllib.parse import SplitResult, urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from index import given
from index.errors import InputError
from index.given import LeftOut
from ui.assets import STATIC
from ui.gate import Gate
from ui.guard import Guard, Prefix
from ui.site import Site, words_of
from ui.users import Users

HOST = "127.0.0.1"
LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
# Tabs that Gradio remembers, at some tens of kilobytes each; the oldest is forgotten first.
N_SESSIONS = 1000


@dataclass(frozen=True, slots=True)
class Options:
    """How an app is reached: by requests that are addressed to one of `names`; over MCP, too; by
    `users` alone. `judgements` is the folder of what readers say of passages: without one they are
    not asked; `index_dir` is that of the index, `uploads` the folder of the archive that readers
    may add files to, if they may.

    Behind a proxy that shows it elsewhere, `root` is the path there (`/sanad`) or the whole address
    (`https://archive.example.org/sanad`).
    """

    names: Sequence[str] = LOOPBACK
    mcp: bool = False
    root: str = ""
    users: Users | None = None
    judgements: Path | None = None
    index_dir: Path | None = None
    uploads: Path | None = None

    @property
    def prefix(self) -> str:
        """The path at which the app is shown; "" for the whole of its host."""
        return urlsplit(self.root).path.rstrip("/")

    @property
    def shown_at(self) -> SplitResult | None:
        """The address at which the app is shown, if it is known."""
        parts = urlsplit(self.root)
        return parts if parts.netloc else None

    @property
    def site(self) -> Site:
        """What the plain pages need to know of it."""
        return Site(self.prefix, self.users is not None, self.uploads is not None)

    def left_out(self) -> Sequence[LeftOut]:
        """The files that the last build of the index could not read."""
        return given.read(self.index_dir).left_out if self.index_dir else ()


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
    _look_less_often(page)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _protect(app, options)
    app.router.routes.extend(routes)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        root_path=options.root or None,
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
    _explain_missing(app, options.site)
    return app


def _look_less_often(page: gr.Blocks) -> None:
    """Gradio looks a thousand times a second whether an event waits, and a hundred times how far
    others are: a server that nobody asks took a thirtieth of a core."""
    page._queue.sleep_when_free = 0.02
    page._queue.progress_update_sleep_when_free = 0.2


def _explain_missing(app: FastAPI, site: Site) -> None:
    """Readers are told in a page of ours that there is none at an address; programs, as ever."""

    async def missing(request: Request, error: Exception) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return site.problem(request, words_of(request)["no_page"], 404)
        return JSONResponse({"detail": getattr(error, "detail", "Not Found")}, 404)

    for mounted in (route.app for route in app.routes if isinstance(route, Mount)):
        if isinstance(mounted, FastAPI):
            mounted.add_exception_handler(404, missing)


def _protect(app: FastAPI, options: Options) -> None:
    """What every request passes, the last of these first."""
    if options.users:
        app.add_middleware(Gate, users=options.users, site=options.site)
    shown_at = options.shown_at
    app.add_middleware(Guard, origins=[shown_at.netloc] if shown_at else [])
    app.add_middleware(Prefix, prefix=options.prefix)  # the guard sees what the app will see
    # A page elsewhere may not reach this one through a name of its own (DNS rebinding).
    known = [shown_at.hostname] if shown_at and shown_at.hostname else []
    names = [*options.names, *known]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)


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
        if "*" in names and options.uploads and not options.users:
            raise InputError(
                f"at {host or bound} anybody could add files; say who may come in with --auth "
                "FILE, or leave out --allow-upload"
            )
        server = build_server(make_app(replace(options, names=names)))
        shown = f"[{host}]" if ":" in host else host or bound
        print(f"Sanad is at http://{shown}:{taken}  (Ctrl+C to stop)", flush=True)
        if options.root:
            print(f"Behind the proxy it is at {options.root}", flush=True)
        if "*" in names and not options.users:
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
