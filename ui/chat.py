"""The chat page: a question goes in, an answer with the passages it rests on comes out.

Gradio carries the events. Its own chat component does not draw the thread, because it lays every
line out in one direction and its sanitizer lets images and styles through: the page is one
`gr.HTML` whose thread is filled with what `ui.render` escaped. A conversation lives in the browser
tab that holds it; the server keeps no more of it than the latest turn, which Gradio files under
the tab's own random key.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI

from assistant.config import MAX_QUESTION_CHARS
from assistant.conversation import MAX_TURNS, Conversation, Turn
from assistant.types import Answer
from index.errors import SanadError
from ui import links, serving
from ui.render import document_html, problem_html, question_html, turn_html
from ui.serving import HOST, LOOPBACK, inert, static
from ui.site import Site

PORT = 7860
WENT_WRONG = "Something went wrong. The question was not answered; the details are in the terminal."

_log = logging.getLogger("sanad")


class Answering(Protocol):
    """What the page needs of an assistant: `assistant.assistant.Assistant` has it."""

    @property
    def searcher(self) -> links.Reading:
        """Where the cited documents are read."""

    def stream(self, question: str, conversation: Conversation) -> Iterator[Answer]:
        """The answer as it comes; may be called from several threads at once."""


def build_page(
    assistant: Answering, examples: Sequence[str] = (), title: str = "Sanad"
) -> gr.Blocks:
    """The page as Gradio blocks; `build_app` puts it into an app with its style and its policy."""

    def ask(event: gr.EventData) -> Iterator[dict[str, Any]]:
        data = event._data if isinstance(event._data, dict) else {}
        turn = str(data.get("turn", ""))
        if re.fullmatch(r"t\d{1,6}", turn):
            said = conversation_of(data.get("before"))
            yield from answer_turn(assistant, str(data.get("question", "")), turn, said)

    def open_document(place: dict[str, Any]) -> str:
        return open_place(assistant, place)

    page = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with page:
        thread = gr.HTML(
            html_template=_shell(title, examples),
            js_on_load=static("chat.js"),
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


def conversation_of(before: Any) -> Conversation:
    """The turns that the tab remembers and sends along; whatever else it sends is left out."""
    turns = [turn for turn in before if isinstance(turn, dict)] if isinstance(before, list) else []
    return Conversation(
        tuple(
            Turn(*(str(turn.get(name, ""))[:MAX_QUESTION_CHARS] for name in ("query", "answer")))
            for turn in turns[-MAX_TURNS:]
            if turn.get("query")
        )
    )


def answer_turn(
    assistant: Answering, question: str, turn: str, conversation: Conversation
) -> Iterator[dict[str, Any]]:
    """One turn for the page, as it comes: its `html` (the question, then its answer or one line on
    what went wrong), whether it is `done`, and what of it to remember as `said`."""
    question = question.strip()
    head = question_html(question)
    try:
        for answer in assistant.stream(question, conversation):
            html = head + turn_html(answer, turn)
            said = asdict(Conversation().after(answer).turns[0]) if answer.whole else None
            yield {"turn": turn, "html": html, "done": answer.whole, "said": said}
    except SanadError as error:
        yield {"turn": turn, "html": head + problem_html(str(error)), "done": True}
    except Exception:
        _log.exception("while answering a question")
        yield {"turn": turn, "html": head + problem_html(WENT_WRONG), "done": True}


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
    routes = links.routes(Site(), lambda: assistant.searcher)
    return serving.build_app(
        lambda: build_page(assistant, examples, title), ["chat.css"], names, routes
    )


def serve(
    assistant: Answering,
    host: str = HOST,
    port: int = PORT,
    *,
    examples: Sequence[str] = (),
    title: str = "Sanad",
) -> None:
    """Serve the page until Ctrl+C; `InputError` when the address cannot be had."""
    serving.serve(
        lambda names: build_app(assistant, examples, title, names),
        host,
        port,
        "whoever does can ask and read.",
    )


def _shell(title: str, examples: Sequence[str]) -> str:
    items = "".join(
        f'<li><button type="button" class="example" dir="auto">{inert(text)}</button></li>'
        for text in examples
    )
    shell = static("chat.html").replace("%TITLE%", inert(title))
    return shell.replace("%EXAMPLES%", f'<ul class="examples">{items}</ul>' if items else "")
