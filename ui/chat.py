"""The chat page: a question goes in, an answer with the passages it rests on comes out.

Gradio's own chat component does not draw the thread, because it lays every line out in one
direction and its sanitizer lets images and styles through: the page is one `gr.HTML` whose thread
is filled with what `ui.render` escaped. Answers come from `ui.answering`, all else that the page
asks for by Gradio's server functions. A conversation lives in the browser that holds it, and
nowhere else.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr
from fastapi import FastAPI

from ui import answering, pages, programs, serving, taking, verdicts
from ui.assets import static
from ui.filtering import count
from ui.glossing import gloss_html
from ui.offering import offered
from ui.reading import open_place
from ui.serving import HOST, PLAIN, Options, inert
from ui.turns import Answering, draw_turns
from ui.words import SPOKEN, texts

PORT = 7860
# The parts of the page's script, in order; they share one scope.
_SCRIPTS = (
    "store",
    "words",
    "source",
    "filters",
    "answering",
    "thread",
    "taking",
    "drawer",
    "page",
)


def build_page(
    assistant: Answering,
    examples: Sequence[str] = (),
    title: str = "Sanad",
    options: Options = PLAIN,
) -> gr.Blocks:
    """The page as Gradio blocks; `build_app` puts it into an app with its style and its policy."""
    judgements = options.judgements

    def open_document(place: Mapping[str, Any]) -> str:
        return open_place(assistant.searcher, place)

    def draw(turns: Mapping[str, Any]) -> list[str]:
        return draw_turns(turns)

    def count_passages(chosen: Mapping[str, Any]) -> int | None:
        return count(assistant.searcher, chosen)

    def gloss(place: Mapping[str, Any]) -> str:
        return gloss_html(assistant, place)

    def archive(_: Any) -> dict[str, Any]:
        return offered(assistant.searcher, examples)

    def judge(said: Mapping[str, Any]) -> bool:
        return verdicts.judge(assistant.searcher, judgements, said)

    def cite(data: Mapping[str, Any]) -> dict[str, str]:
        return taking.cite_source(assistant.searcher, data)

    def export_talk(data: Mapping[str, Any]) -> dict[str, str]:
        return taking.export_talk(assistant.searcher, data)

    page = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with page:
        programs.add(assistant)
        gr.HTML(
            html_template=_shell(assistant, title, examples, options),
            js_on_load=script(),
            apply_default_css=False,
            server_functions=[
                open_document,
                draw,
                count_passages,
                gloss,
                judge,
                archive,
                cite,
                export_talk,
            ],
        )
    return page


def script() -> str:
    """The page's script, with what it says in every language."""
    said = {language: texts(language)["page"] for language in SPOKEN}
    parts = "\n".join(static(f"chat/{name}.js") for name in _SCRIPTS)
    return f"const WORDS = {json.dumps(said, ensure_ascii=False)};\n{parts}"


def build_app(
    assistant: Answering,
    examples: Sequence[str] = (),
    title: str = "Sanad",
    options: Options = PLAIN,
) -> FastAPI:
    """The web application: the page with its answers, the plain pages beside it, and what programs
    may call."""
    plain = pages.routes(options, lambda: assistant.searcher)
    return serving.build_app(
        lambda: build_page(assistant, examples, title, options),
        ["chat.css", "frame.css", "panes.css"],
        options,
        [answering.route(assistant), *plain],
    )


def serve(  # noqa: PLR0913 - what is served, and how
    assistant: Answering,
    host: str = HOST,
    port: int = PORT,
    *,
    examples: Sequence[str] = (),
    title: str = "Sanad",
    options: Options = PLAIN,
) -> None:
    """Serve the page until Ctrl+C; `InputError` when the address cannot be had."""
    serving.serve(
        lambda options: build_app(assistant, examples, title, options),
        host,
        port,
        "whoever does can ask and read"
        + (", and judge what was found." if options.judgements else "."),
        options,
    )


def _shell(assistant: Answering, title: str, examples: Sequence[str], options: Options) -> str:
    can = {
        "translates": assistant.translates,
        "judges": options.judgements is not None,
        "signed": options.users is not None,
    }
    archive = json.dumps(offered(assistant.searcher, examples), ensure_ascii=False)
    filled = {
        "%TITLE%": inert(title),
        "%CAN%": " ".join(name for name, does in can.items() if does),
        "%ARCHIVE%": inert(archive),
    }
    shell = static("chat.html")
    for blank, text in filled.items():
        shell = shell.replace(blank, text)
    return shell
