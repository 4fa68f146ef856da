"""The chat page: a question goes in, an answer with the passages it rests on comes out.

Gradio carries the events. Its own chat component does not draw the thread, because it lays every
line out in one direction and its sanitizer lets images and styles through: the page is one
`gr.HTML` whose thread is filled with what `ui.render` escaped. A conversation lives in the browser
tab that holds it; the server keeps no more of it than the latest turn, which Gradio files under
the tab's own random key.
"""

import asyncio
import contextlib
import errno
import html
import ipaddress
import logging
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.types import Answer
from index.errors import InputError, SanadError
from index.types import Document
from ui.render import document_html, problem_html, question_html, turn_html

STATIC = Path(__file__).parent / "static"
HOST, PORT = "127.0.0.1", 7860
LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
# Tabs that Gradio remembers, at some tens of kilobytes each; the oldest is forgotten first.
N_SESSIONS = 1000
WENT_WRONG = "Something went wrong. The question was not answered; the details are in the terminal."

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

_log = logging.getLogger("sanad")


class Searching(Protocol):
    """What holds the documents of the answers."""

    def document(self, doc_id: str) -> Document | None:
        """The document of that name, or None."""


class Answering(Protocol):
    """What the page needs of an assistant: `assistant.assistant.Assistant` has it."""

    @property
    def searcher(self) -> Searching:
        """Where the cited documents are read."""

    def ask(self, question: str) -> Answer:
        """The answer; may be called from several threads at once."""


def build_page(
    assistant: Answering, examples: Sequence[str] = (), title: str = "Sanad"
) -> gr.Blocks:
    """The page as Gradio blocks; `build_app` puts it into an app with its style and its policy."""

    def ask(event: gr.EventData) -> dict[str, str]:
        data = event._data if isinstance(event._data, dict) else {}
        turn = str(data.get("turn", ""))
        if not re.fullmatch(r"t\d{1,6}", turn):
            return {}
        return {"turn": turn, "html": answer_turn(assistant, str(data.get("question", "")), turn)}

    def open_document(place: dict[str, Any]) -> str:
        return open_place(assistant, place)

    page = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with page:
        thread = gr.HTML(
            html_template=_shell(title, examples),
            js_on_load=_static("chat.js"),
            apply_default_css=False,
            server_functions=[open_document],
        )
        thread.ask(
            ask,
            outputs=thread,
            show_progress="hidden",
            concurrency_limit=None,
            trigger_mode="multiple",
            api_visibility="private",
        )
    return page


def answer_turn(assistant: Answering, question: str, turn: str) -> str:
    """The HTML of one turn: the question, then its answer or one line on what went wrong."""
    question = question.strip()
    try:
        body = turn_html(assistant.ask(question), turn)
    except SanadError as error:
        body = problem_html(str(error))
    except Exception:
        _log.exception("while answering a question")
        body = problem_html(WENT_WRONG)
    return question_html(question) + body


def open_place(assistant: Answering, place: dict[str, Any]) -> str:
    """The HTML of `place["document"]` with `start` to `end` marked."""
    try:
        document = assistant.searcher.document(str(place["document"]))
        if document is None:
            return problem_html("This document is no longer in the index.")
        return document_html(document, int(place["start"]), int(place["end"]))
    except SanadError as error:
        return problem_html(str(error))
    except Exception:
        _log.exception("while opening a document")
        return problem_html("This document could not be opened; the details are in the terminal.")


def build_app(
    assistant: Answering,
    examples: Sequence[str] = (),
    title: str = "Sanad",
    names: Sequence[str] = LOOPBACK,
) -> FastAPI:
    """The web application, which accepts only requests that were addressed to one of `names`."""

    async def build() -> FastAPI:
        return _build_app(build_page(assistant, examples, title), names)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # Gradio makes event loops and forgets to close them where none is running.
        return asyncio.run(build())
    return _build_app(build_page(assistant, examples, title), names)


def _build_app(page: gr.Blocks, names: Sequence[str]) -> FastAPI:
    page.state_session_capacity = N_SESSIONS
    page.queue(default_concurrency_limit=None, api_open=False)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Policy)
    # A page elsewhere may not reach this one through a name of its own (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
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
        mcp_server=False,
        pwa=False,
        favicon_path=str(STATIC / "favicon.png"),
        theme=_theme(),
        css_paths=[STATIC / "chat.css"],
    )
    return app


def serve(
    assistant: Answering,
    host: str = HOST,
    port: int = PORT,
    *,
    examples: Sequence[str] = (),
    title: str = "Sanad",
) -> None:
    """Serve the page until Ctrl+C; `InputError` when the address cannot be had."""
    with claim(host, port) as listening:
        bound, taken = listening.getsockname()[:2]
        names = allowed_names(host, bound)
        server = build_server(build_app(assistant, examples, title, names))
        shown = f"[{host}]" if ":" in host else host or bound
        print(f"Sanad is at http://{shown}:{taken}  (Ctrl+C to stop)", flush=True)
        if "*" in names:
            print("Other machines can reach the page: whoever does can ask and read.", flush=True)
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


class _Policy:
    """ASGI middleware that sends the security headers with every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, send_with_policy)


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


def _shell(title: str, examples: Sequence[str]) -> str:
    items = "".join(
        f'<li><button type="button" class="example" dir="auto">{_inert(text)}</button></li>'
        for text in examples
    )
    shell = _static("chat.html").replace("%TITLE%", _inert(title))
    return shell.replace("%EXAMPLES%", f'<ul class="examples">{items}</ul>' if items else "")


def _inert(text: str) -> str:
    """`text` for a place in a `gr.HTML` template, which reads `{{…}}`, `${…}` and backslashes."""
    return re.sub(r"[{}$`\\%]", lambda match: f"&#{ord(match.group())};", html.escape(text))


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
