"""The judging page: passages that runs found, one at a time, to be said whether they answer.

Nothing on it tells which run found a passage, or how high. The thread is drawn as the chat's is:
one `gr.HTML`, filled with what was escaped here.
"""

import logging
from typing import Any

import gradio as gr
from fastapi import FastAPI

from eval.datasets import document_language
from eval.judging import Sitting
from eval.pooling import Item
from index.errors import SanadError
from index.matching import matched_spans
from ui import serving
from ui.assets import static
from ui.bidi import direction
from ui.escaping import escape
from ui.marking import marked_html
from ui.render import problem_html
from ui.serving import HOST, PLAIN, Options

PORT = 7861
# By their number: what a judge says of a passage.
GRADES = ("Not relevant", "Related", "Answers")
# A document is shown up to so many characters, so that a book does not stop the browser.
MOST_SHOWN = 20_000

_log = logging.getLogger("sanad")


def build_page(sitting: Sitting) -> gr.Blocks:
    """The page as Gradio blocks; `build_app` puts it into an app with its style and its policy."""

    def act(asked: dict[str, Any]) -> str:
        return answer(sitting, asked)

    page = gr.Blocks(title="Sanad: judge", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(
            html_template=static("judge.html"),
            js_on_load=static("judge.js"),
            apply_default_css=False,
            server_functions=[act],
        )
    return page


def answer(sitting: Sitting, asked: dict[str, Any]) -> str:
    """Do what the page asks, and give the card of the item to judge now.

    `asked["do"]` is `show`, `judge` with `item` and `grade`, `skip` with `item`, or `undo`.
    """
    try:
        _do(sitting, asked)
    except (SanadError, OSError) as error:
        return problem_html(f"It was not written: {error}") + card_html(sitting)
    except (KeyError, TypeError, ValueError, IndexError):
        _log.exception("while judging")
        return problem_html("The page asked for something odd; reload it.") + card_html(sitting)
    return card_html(sitting)


def _do(sitting: Sitting, asked: dict[str, Any]) -> None:
    what = asked["do"]
    if what == "undo":
        sitting.undo()
    if what in {"judge", "skip"}:
        item = range(len(sitting.items))[int(asked["item"])]
        if what == "skip":
            sitting.put_off(item)
        else:
            sitting.judge(item, range(len(GRADES))[int(asked["grade"])])


def card_html(sitting: Sitting) -> str:
    """The question, the passage and what can be said of it; or that all is done."""
    undo = '<button type="button" data-do="undo">Undo <kbd>U</kbd></button>'
    undo = undo if sitting.n_done else ""
    if sitting.next is None:
        return (
            f'<p class="done" tabindex="-1">All {len(sitting.items)} passages are judged. The '
            f'judgements are in <bdi dir="ltr">{escape(str(sitting.file))}</bdi>.</p>'
            f'<div class="tools">{undo}</div>'
        )
    item = sitting.items[sitting.next]
    buttons = "".join(
        f'<button type="button" class="grade" data-do="judge" data-grade="{grade}">'
        f"<kbd>{grade}</kbd> {name}</button>"
        for grade, name in enumerate(GRADES)
    )
    skip = '<button type="button" data-do="skip">Later <kbd>S</kbd></button>'
    return (
        f'<div class="card" data-item="{sitting.next}">{_progress(sitting)}{_question(item)}'
        f'{_passage(item)}<div class="grades" role="group" aria-label="Judgement">{buttons}</div>'
        f'<div class="tools">{skip}{undo}</div></div>'
    )


def _progress(sitting: Sitting) -> str:
    done, total = sitting.n_done, len(sitting.items)
    return (
        f'<p class="progress-line"><progress max="{total}" value="{done}" aria-hidden="true">'
        f"</progress> {done} of {total} judged</p>"
    )


def _question(item: Item) -> str:
    query = item.query
    known = "".join(f"<bdi>{escape(text)}</bdi>" for text in query.answers)
    answers = f'<p class="known">Known to answer: {known}</p>' if known else ""
    return (
        f'<h2 class="question" tabindex="-1" dir="{direction(query.text)}" '
        f'lang="{escape(query.language)}">{escape(query.text)}</h2>{answers}'
    )


def _passage(item: Item) -> str:
    document = item.document
    spans = matched_spans(item.query.text, document.text, document_language(document))
    text = marked_html(document, spans, 0, min(len(document.text), MOST_SHOWN))
    return f'<article class="source"><div class="text">{text}</div></article>'


def build_app(sitting: Sitting, options: Options = PLAIN) -> FastAPI:
    """The web application."""
    return serving.build_app(lambda: build_page(sitting), ["chat.css", "judge.css"], options)


def serve(sitting: Sitting, host: str = HOST, port: int = PORT) -> None:
    """Serve the page until Ctrl+C; `InputError` when the address cannot be had."""
    others = "whoever does can read the passages and judge."
    serving.serve(lambda options: build_app(sitting, options), host, port, others)
