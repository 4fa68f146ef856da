"""Text of a document with the words that a question meets marked."""

import re
from collections.abc import Iterator, Sequence

from eval.datasets import document_language
from index.types import Document
from ui.bidi import direction
from ui.escaping import escape

_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")


def marked_html(document: Document, spans: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """`document.text[start:end]`, each line a paragraph of its own direction, the `spans` of the
    text in `<mark>`; an ellipsis where text was cut off."""
    return "".join(_paragraphs(document, spans, start, end))


def _paragraphs(
    document: Document, spans: Sequence[tuple[int, int]], start: int, end: int
) -> Iterator[str]:
    text, language = document.text, escape(document_language(document))
    lines = list(_LINE.finditer(text, start, end))
    for i, line in enumerate(lines):
        inside = [(a, b) for a, b in spans if line.start() <= a and b <= line.end()]
        before = "… " if i == 0 and start else ""
        after = " …" if i == len(lines) - 1 and end < len(text) else ""
        yield (
            f'<p dir="{direction(line.group())}" lang="{language}">'
            f"{before}{_marked(text, *line.span(), inside)}{after}</p>"
        )


def _marked(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    """`text[start:end]` with the spans in it marked."""
    parts = []
    for first, last in spans:
        parts += [escape(text[start:first]), "<mark>", escape(text[first:last]), "</mark>"]
        start = last
    return "".join([*parts, escape(text[start:end])])
