"""What a reader says of an answer and of its passages, on its way to the judgements."""

import logging
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from assistant.config import MAX_QUESTION_CHARS
from assistant.types import Answer
from index.queries import language_of
from ui.escaping import escape
from ui.feedback import ANSWERS, WRONG, record, take_back
from ui.library import Library
from ui.words import page_words

# An answer cites fewer passages.
_MOST_PASSAGES = 20
_THUMB = (
    "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5V9H19c1 0 1.8.9 1.6 2l-1.3 7.3c-.2 1-1 1.7-2 1.7H7"
)

_writing = Lock()
_log = logging.getLogger("sanad")


def thumbs_html(answer: Answer, language: str) -> str:
    """Buttons that say of all passages of an answer that they answer its question, or not."""
    ids = list(dict.fromkeys(citation.passage_id for citation in answer.citations))
    return "".join(
        judge_html(answer.query, ids, grade, page_words(language)[name], _icon(name))
        for name, grade in (("good", ANSWERS), ("bad", WRONG))
    )


def wrong_html(answer: Answer, passage_id: str, language: str) -> str:
    """The button that says of one passage that it does not answer."""
    name = page_words(language)["wrong_passage"]
    return judge_html(answer.query, [passage_id], WRONG, name, escape(name))


def judge_html(question: str, passage_ids: list[str], grade: int, name: str, shown: str) -> str:
    """A button that judges passages, and when pressed again takes that back; it is called `name`
    and holds `shown`, which is HTML. A page that keeps no judgements hides it."""
    ids = escape("\n".join(passage_ids))
    return (
        f'<button type="button" class="judge" aria-pressed="false" data-grade="{grade}" '
        f'data-question="{escape(question)}" data-passages="{ids}" '
        f'aria-label="{escape(name)}" title="{escape(name)}">{shown}</button>'
    )


def _icon(name: str) -> str:
    return f'<svg class="{name}" viewBox="0 0 24 24" aria-hidden="true"><path d="{_THUMB}"/></svg>'


def judge(library: Library, folder: Path | None, data: Mapping[str, Any]) -> bool:
    """Keep what the page's reader says: `grade` of each of `passages` for `question`, or take it
    `back`. False, and the reason in the log, when it could not be kept."""
    try:
        grade, question = int(data["grade"]), str(data["question"])[:MAX_QUESTION_CHARS]
        ids = [str(name) for name in data["passages"]][:_MOST_PASSAGES]
        found = [passage for name in ids if (passage := library.passage(name))]
        if folder is None or not found or grade not in {ANSWERS, WRONG}:
            return False
        with _writing:
            for passage in found:
                if data.get("back"):
                    take_back(question, passage, folder)
                else:
                    record(question, passage, grade, folder, language_of(question))
    except Exception:
        _log.exception("while keeping a judgement")
        return False
    return True
