"""A page that is a file of its own and asks nothing of the outside: no script, font or picture."""

from index.types import Document
from ui.bidi import direction
from ui.escaping import escape
from ui.paper import CLOSING, opening


def sheet(title: str, body: str, language: str = "en") -> str:
    """The whole page around `body`, which is HTML."""
    return f"{opening(title, 'sheet', language)}{body}{CLOSING}"


def passage_sheet(document: Document, start: int, end: int, facts: str) -> str:
    """A whole document with `[start, end)` marked as `#quote`; `facts` are a line about it."""
    section = document.section_at(start)
    title = (section.title if section else None) or document.doc_id
    before, quote, after = document.text[:start], document.text[start:end], document.text[end:]
    return sheet(
        title,
        f'<p class="facts" dir="auto">{escape(facts)}</p>'
        f'<div class="text" dir="{direction(document.text)}">{escape(before)}'
        f'<mark id="quote">{escape(quote)}</mark>{escape(after)}</div>',
        section.language if section else "en",
    )
