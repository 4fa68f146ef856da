"""Markdown and HTML → readable text, and what the file says of its first article."""

import re
from collections.abc import Callable
from typing import Any

from index.dates import parse_date
from index.sections import Known

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?P<fields>(?:(?!---[ \t]*\n).*\n){0,200})---[ \t]*(?:\n|\Z)"
)
_FIELD = re.compile(r"(?P<name>[A-Za-z_-]{1,30})[ \t]*:[ \t]*(?P<value>\S.*)")
_OUTLETS = ("outlet", "source", "publisher", "sitename", "site")

# Quantifiers are bounded, and no alternative can begin inside another, so that a megabyte of
# brackets takes no longer than one of prose.
_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\n]{0,1000}\)")
_TITLE = re.compile(r"\A\s*#[ \t]+(.*)$", re.M)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$", re.M)
_UNDERLINE = re.compile(r"^(\S.*)\n(?:=+|-{3,})[ \t]*$", re.M)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*(?![\w*])")
_RULE_LINE = re.compile(r"^ {0,3}(?:[*_-][ \t]*){3,}$\n?", re.M)


def plain(text: str) -> tuple[str, Known]:
    """Text as it is."""
    return text, Known()


def markdown(text: str) -> tuple[str, Known]:
    """Markdown without front matter, images, comments and the marks of headings, links and
    emphasis; a first-level heading is the title unless the front matter has one."""
    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        fields = _fields(front["fields"])
        text = text[front.end() :]
    heading = _TITLE.match(text[:2000])
    title = fields.get("title") or (_inline(_unmarked(heading)) or None if heading else None)
    text = _COMMENT.sub("", text)
    text = _RULE_LINE.sub("", _UNDERLINE.sub(r"\1", _HEADING.sub(_unmarked, text)))
    outlet = next((fields[name] for name in _OUTLETS if name in fields), None)
    day = parse_date(fields.get("date", ""))
    url = fields.get("url") or fields.get("link")
    byline = fields.get("author") or fields.get("byline")
    return _inline(text), Known(title, day, outlet, url, byline)


def _unmarked(heading: re.Match[str]) -> str:
    """The text of a heading without the number signs that may close it."""
    return heading[1].strip(" \t").rstrip("#").rstrip(" \t")


def _fields(front_matter: str) -> dict[str, str]:
    found = (_FIELD.fullmatch(line.rstrip()) for line in front_matter.splitlines())
    return {m["name"].lower(): m["value"].strip("\"' ") for m in found if m}


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    return _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text))


def html(text: str) -> tuple[str, Known]:
    """The main text of a page and its metadata; of a page without a recognisable article, all its
    text. Never fetches anything."""
    from trafilatura import bare_extraction, html2txt  # noqa: PLC0415 - only HTML needs it

    # A date guessed from anywhere in the page may be of anything; only declared ones count.
    dates = {"original_date": True, "extensive_search": False}
    page: Any = bare_extraction(
        text, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    body = (page.text if page else None) or html2txt(f"<html><body>{text}</body></html>")
    known = Known(
        _known(page, "title"),
        parse_date(_known(page, "date") or ""),
        _known(page, "sitename"),
        _known(page, "url"),
        _known(page, "author"),
    )
    if known.title and known.title not in body[: len(known.title) + 200]:
        body = f"{known.title}\n\n{body}"
    return body, known


def _known(page: Any, name: str) -> str | None:
    return (getattr(page, name, None) or None) if page else None


READERS: dict[str, Callable[[str], tuple[str, Known]]] = {
    "": plain,
    ".txt": plain,
    ".text": plain,
    ".md": markdown,
    ".markdown": markdown,
    ".html": html,
    ".htm": html,
    ".xhtml": html,
}
