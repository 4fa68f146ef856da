"""A page that is a file of its own and asks nothing of the outside: no script, font or picture."""

import base64
import hashlib
from pathlib import Path

from index.types import Document
from ui.bidi import direction
from ui.escaping import escape
from ui.words import RTL_LANGUAGES

_STYLE = Path(__file__).parent / "static" / "sheet.css"


def sheet(title: str, body: str, language: str = "en") -> str:
    """The whole page around `body`, which is HTML."""
    style = _STYLE.read_text("utf-8")
    way = "rtl" if language in RTL_LANGUAGES else "ltr"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{way}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>{body}"
        "</main></body></html>\n"
    )


def policy(style: str) -> str:
    """A policy that allows this style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


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
