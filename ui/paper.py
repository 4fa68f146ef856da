"""A page to read as one HTML file that asks nothing of the outside: no script, no font, no picture.

What questions, documents and file names say is escaped, and should an escape be forgotten, the
policy in the page's head still forbids every script and everything that would be fetched.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from ui.escaping import escape
from ui.words import RTL_LANGUAGES

_STATIC = Path(__file__).parent / "static"
# A page beyond this is slow to open and to send; what matters less is left out.
MOST_BYTES = 1_900_000
CLOSING = "</main></body></html>\n"


def opening(title: str, style: str = "paper", language: str = "en") -> str:
    """Everything up to the page's content, in a style sheet of ours and a language's direction."""
    sheet = (_STATIC / f"{style}.css").read_text("utf-8")
    way = "rtl" if language in RTL_LANGUAGES else "ltr"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{way}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(sheet)}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{sheet}</style></head><body><main>"
    )


def policy(style: str) -> str:
    """A policy that allows this style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Figures: the first row is the head, the first column names the others."""
    head = "".join(f"<th><bdi>{escape(name)}</bdi></th>" for name in rows[0])
    body = "".join(
        f"<tr><th><bdi>{escape(row[0])}</bdi></th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[1:]
    )
    return (
        f'<div class="wide"><table class="figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def fitting(blocks: Iterable[str], room: int) -> list[str]:
    """The first blocks, as many as fit into `room` bytes together."""
    kept: list[str] = []
    for block in blocks:
        room -= len(block.encode())
        if room < 0:
            break
        kept.append(block)
    return kept
