"""A source as people paste it: a quotation with its reference, a footnote, a link to the words."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from assistant.markdown import escaped, linked
from assistant.references import Source
from assistant.styles import Formatted, Rich, formatted, plain

_MARKS = {"ar": "«»", "fa": "«»", "ru": "«»", "en": "“”"}
_INNER = {"«»": "“”", "“”": "‘’"}
_WEB = re.compile(r"https?://[^\s<>\"]+$", re.I)
# A longer quotation is linked by its first and last words, as browsers themselves do.
_MAX_LINKED_CHARS, _LINKED_WORDS = 200, 5


def quoted(text: str, language: str) -> str:
    """`text` in the quotation marks of its language, and those in it as inner ones."""
    marks = _MARKS.get(language, "“”")
    inner = _INNER[marks]
    text = re.sub(r'"([^"]*)"', rf"{inner[0]}\1{inner[1]}", text)
    for outer, changed in zip(marks, inner, strict=True):
        text = text.replace(outer, changed)
    return f"{marks[0]}{text}{marks[1]}"


def with_reference(source: Source, reference: Formatted) -> str:
    """The quotation, and on the next line its entry in the list of references."""
    words = quoted(source.quote, source.reference.language)
    return f"{words}\n{plain(reference.entry)}"


def fragment_url(source: Source) -> str | None:
    """The address of the article's page at the words quoted (WICG, URL Fragment Text Directives):
    browsers go to them and mark them. None when no address is known."""
    url = source.reference.url
    if not url or not _WEB.match(url):
        return None
    words = source.quote.split()
    if len(source.quote) <= _MAX_LINKED_CHARS or len(words) <= 2 * _LINKED_WORDS:
        directive = _encoded(source.quote)
    else:
        ends = (words[:_LINKED_WORDS], words[-_LINKED_WORDS:])
        directive = ",".join(_encoded(" ".join(end)) for end in ends)
    return f"{url}{'' if '#' in url else '#'}:~:text={directive}"


def markdown_footnotes(sources: Sequence[Source], style: str, language: str | None = None) -> str:
    """Every quotation with a footnote mark, and the footnotes below."""
    by_key = {
        f.reference.key: f for f in formatted([s.reference for s in sources], style, language)
    }
    labels = footnote_labels(sources)
    quotes = (
        f"{escaped(quoted(s.quote, s.reference.language))}[^{label}]"
        for s, label in zip(sources, labels, strict=True)
    )
    notes = (
        f"[^{label}]: {markdown_note(s, by_key[s.reference.key])}"
        for s, label in zip(sources, labels, strict=True)
    )
    return "\n\n".join([*quotes, *notes])


def footnote_labels(sources: Sequence[Source]) -> list[str]:
    """The key of each source's article, with a number where it is not the first one from it."""
    seen: dict[str, int] = {}
    labels = []
    for source in sources:
        key = source.reference.key
        n = seen[key] = seen.get(key, 0) + 1
        labels.append(key if n == 1 else f"{key}-{n}")
    return labels


def markdown_note(source: Source, reference: Formatted) -> str:
    """A note as Markdown: the reference and the anchor, which leads to the words on their page."""
    url = fragment_url(source)
    place = f"[{source.anchor}](<{url}>)" if url else str(source.anchor)
    return f"{markdown(reference.note)} {place}"


def markdown(text: Rich) -> str:
    """A reference as Markdown, its addresses as links."""
    return "".join(_faced(linked(run.text), run.italic, run.bold) for run in text)


def _faced(text: str, italic: bool, bold: bool) -> str:
    marks = "*" * (italic + 2 * bold)
    return f"{marks}{text}{marks}" if text.strip() else text


def _encoded(text: str) -> str:
    """Percent-encoded, the hyphen too, which would set a prefix or suffix apart."""
    return quote(text, safe="").replace("-", "%2D")
