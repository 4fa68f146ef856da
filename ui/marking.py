"""Text of a document with what matters in it marked: words that a question meets, a quotation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.datasets import document_language
from index.types import Document
from ui.bidi import direction
from ui.escaping import escape

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a text, by offsets into it: the `quote`, the `words` that support an
    answer, in order, and the `passage` that they stand in."""

    quote: Span = (0, 0)
    words: Sequence[Span] = ()
    passage: Span = (0, 0)


def lines_html(text: str, marks: Marks, language: str, start: int = 0, end: int = -1) -> str:
    """`text[start:end]` (to its end without `end`), each line a paragraph of its own direction:
    the quote in `<mark>`, the words in `<b class="met">`, and the lines that the passage stands in
    of the class `here`. Without a known `language` (`und`) the lines have none."""
    lang = "" if language == "und" else f' lang="{escape(language)}"'
    lines = _LINE.finditer(text, start, len(text) if end < 0 else end)
    return "".join(
        f'<p dir="{direction(line.group())}"{lang}{_here(line.span(), marks.passage)}>'
        f"{_line(text, *line.span(), marks)}</p>"
        for line in lines
    )


def _here(line: Span, passage: Span) -> str:
    return ' class="here"' if line[0] < passage[1] and passage[0] < line[1] else ""


def _line(text: str, start: int, end: int, marks: Marks) -> str:
    first, last = max(start, marks.quote[0]), min(end, marks.quote[1])
    if first >= last:
        return _tagged(text, start, end, marks.words, 'b class="met"')
    before, quote, after = (
        _tagged(text, a, b, marks.words, 'b class="met"')
        for a, b in ((start, first), (first, last), (last, end))
    )
    return f"{before}<mark>{quote}</mark>{after}"


def marked_html(document: Document, spans: Sequence[Span], start: int, end: int) -> str:
    """`document.text[start:end]`, each line a paragraph of its own direction, the `spans` of the
    text in `<mark>`; an ellipsis where text was cut off."""
    return "".join(_paragraphs(document, spans, start, end))


def _paragraphs(document: Document, spans: Sequence[Span], start: int, end: int) -> Iterator[str]:
    text, language = document.text, escape(document_language(document))
    lines = list(_LINE.finditer(text, start, end))
    for i, line in enumerate(lines):
        before = "… " if i == 0 and start else ""
        after = " …" if i == len(lines) - 1 and end < len(text) else ""
        yield (
            f'<p dir="{direction(line.group())}" lang="{language}">'
            f"{before}{_tagged(text, *line.span(), spans, 'mark')}{after}</p>"
        )


def words_html(text: str, spans: Sequence[Span], tag: str) -> str:
    """`text` with each of `spans`, in order, in an element."""
    return _tagged(text, 0, len(text), spans, tag)


def _tagged(text: str, start: int, end: int, spans: Sequence[Span], tag: str) -> str:
    """`text[start:end]`, those of the spans that lie in it in an element; `tag` may have
    attributes."""
    parts, close = [], f"</{tag.partition(' ')[0]}>"
    for first, last in spans:
        if start <= first and last <= end:
            parts += [escape(text[start:first]), f"<{tag}>", escape(text[first:last]), close]
            start = last
    return "".join([*parts, escape(text[start:end])])
