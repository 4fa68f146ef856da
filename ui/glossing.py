"""A quotation in the reader's language, on demand: word by word from the translation tables, or by
a language model where one is set. It is labelled as what it is, and cannot be selected, so that
nobody quotes it by mistake."""

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from assistant.directions import is_rtl
from assistant.errors import GeneratorError
from index.gloss import can_gloss, gloss
from index.translation import bundled_tables
from ui.bidi import direction
from ui.escaping import escape
from ui.library import Library
from ui.render import problem_html
from ui.telling import told
from ui.words import page_words, spoken

# What is glossed at once, in characters: a long passage.
_MOST_CHARS = 3_000

_log = logging.getLogger("sanad")


class Translating(Protocol):
    """What holds the passages, and may translate: `assistant.assistant.Assistant` does."""

    @property
    def searcher(self) -> Library:
        """Where the passages are read."""

    def translate(self, text: str, language: str) -> str | None:
        """`text` in a language; None without a language model."""


def gloss_html(translating: Translating, data: Mapping[str, Any]) -> str:
    """What the page's `language` has for a quotation: `start` to `end` of a `passage`'s document,
    or all of the passage where both are 0."""
    language = spoken(str(data.get("language", "")))
    try:
        passage = translating.searcher.passage(str(data["passage"]))
        if passage is None:
            return problem_html(page_words(language)["document_gone"])
        start, end = (max(0, int(data[name]) - passage.start) for name in ("start", "end"))
        text = passage.text[start : end or None][:_MOST_CHARS]
        return _translated(translating, text, passage.language, language)
    except Exception:
        _log.exception("while glossing a passage")
        return problem_html(page_words(language)["not_opened"])


def _translated(translating: Translating, text: str, written: str, language: str) -> str:
    """By the language model; where it has nothing, word by word."""
    try:
        translated = translating.translate(text, language)
    except GeneratorError as error:
        return told(error, language) + _word_by_word(text, written, language)
    if translated is None:
        return _word_by_word(text, written, language)
    body = f'<p dir="{direction(translated)}" lang="{language}">{escape(translated)}</p>'
    return _labelled("translate_note", body, language)


def _word_by_word(text: str, written: str, language: str) -> str:
    if not can_gloss(written, language, bundled_tables()):
        return problem_html(page_words(language)["no_gloss"])
    parts, at = [], 0
    for item in gloss(text, written, language, bundled_tables()):
        told = (
            f'<small lang="{language}" dir="auto">{escape(" / ".join(item.words) or "·")}</small>'
        )
        word = f"<span>{escape(text[item.start : item.end])}</span>"
        parts += [escape(text[at : item.start]), f'<span class="pair">{word}{told}</span>']
        at = item.end
    parts.append(escape(text[at:]))
    way = "rtl" if is_rtl(text) else "ltr"  # `auto` does not see into the pairs
    body = f'<p class="pairs" dir="{way}" lang="{escape(written)}">{"".join(parts)}</p>'
    return _labelled("gloss_note", body, language)


def _labelled(name: str, body: str, language: str) -> str:
    note = escape(page_words(language)[name])
    return f'<p class="note" lang="{language}" dir="auto">{note}</p>{body}'
