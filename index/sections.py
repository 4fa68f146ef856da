"""A text → the articles in it, each with what it says of itself."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index import furniture
from index.analysis import terms
from index.bylines import byline_of, is_byline
from index.dates import Dated, is_dateline, published
from index.furniture import Kind, Span
from index.languages import detect
from index.sources import is_source, outlet_of, url_of
from index.types import CalendarDate, Section

_LINE = re.compile(r"\S[^\n]*")
_MAX_TITLE_WORDS = 30
_MAX_TITLE_CHARS = 250
# A full paragraph: that many words, or a third of it closed by a full stop.
_PARAGRAPH_WORDS = 20
_LANGUAGE_CHARS = 3000
_STOP = re.compile(r"[.!?…؟۔][\"'»”’)\]]*$")
_NO_TITLE = re.compile(r"(?:(?<!\.)\.|[:،,؛;۔])[\"'»”’)\]]*$")
# After these an article is over: what a read-also label then heads is not inside it.
_ENDINGS = (Kind.TAGS, Kind.CREDIT)


@dataclass(frozen=True, slots=True)
class Known:
    """What a file's own metadata says of its first article."""

    title: str | None = None
    date: datetime.date | None = None
    outlet: str | None = None
    url: str | None = None
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    kind: Kind | None
    gap: int  # line feeds between the line before and this one


def find_sections(text: str, known: Known | None = None) -> tuple[Section, ...]:
    """The articles of `text` in order. Only what an article itself says becomes its fields; `known`
    speaks for the first one and wins."""
    inside = list(furniture.inline(text))
    articles = _articles(list(_lines(text)))
    sections: list[Section] = []
    for article in articles:
        metadata = (known or Known()) if not sections else Known()
        if section := _section(text, article, inside, metadata):
            sections.append(section)
    return tuple(sections)


def _lines(text: str) -> Iterator[_Line]:
    end = 0
    for found in _LINE.finditer(text):
        line = found.group().rstrip()
        gap = text.count("\n", end, found.start())
        end = found.start() + len(line)
        yield _Line(found.start(), end, line, furniture.kind_of(line), gap)


def _articles(lines: list[_Line]) -> list[list[_Line]]:
    """Lines by article. A read-also label begins a second one when an article follows it, else it
    heads a box of links, which become furniture of the article around them."""
    articles: list[list[_Line]] = [[]]
    n = 0
    while n < len(lines):
        line = lines[n]
        n += 1
        if line.kind is not Kind.READ_ALSO:
            articles[-1].append(line)
        elif _article_follows(articles[-1], lines[n : n + 8]):
            articles.append([])
        else:
            n_links = _count_links(lines[n : n + 20])
            links = (replace(link, kind=Kind.LINK) for link in lines[n : n + n_links])
            articles[-1].extend((line, *links))
            n += n_links
    return articles


def _article_follows(before: Sequence[_Line], after: Sequence[_Line]) -> bool:
    """Whether the lines after a read-also label are a headline and its own paragraphs."""
    rest = [line for line in after if not line.kind and not _is_metadata(line)]
    if len(rest) < 3 or not _may_be_title(rest[0].text) or not _is_paragraph(rest[1].text):
        return False
    if sum(_is_paragraph(line.text) for line in rest[1:5]) < 2:
        return False
    if any(line.kind in _ENDINGS or is_source(line.text) for line in before[-4:]):
        return True
    # Without an end of the first article, one link inside it looks the same as a second article
    # after it; then the headline decides that shares more words with the paragraphs.
    story = " ".join(line.text for line in rest[1:3])[:2000]
    own = [line.text for line in before if not line.kind][:1]
    return not own or _share(rest[0].text, story) >= _share(own[0], story)


def _share(headline: str, story: str) -> float:
    """How much of a headline's words a story takes up."""
    words = {term for term in terms(headline[:_MAX_TITLE_CHARS], "ar") if len(term) > 2}
    return len(words & set(terms(story, "ar"))) / max(1, len(words))


def _count_links(lines: Sequence[_Line]) -> int:
    """How many lines below a read-also label are its links: set as closely as the first of them,
    and like headlines."""
    for n, line in enumerate(lines):
        if line.kind or line.gap != lines[0].gap or not _may_be_title(line.text):
            return n
        if _STOP.search(line.text) and len(line.text.split()) >= _PARAGRAPH_WORDS:
            return n
    return len(lines)


def _section(
    text: str, article: Sequence[_Line], inside: Sequence[Span], known: Known
) -> Section | None:
    lines = [line for line in article if not line.kind]
    title = known.title or _title(lines)
    first = _title_line(lines, title)
    lines = [line for line in lines if line is first or not _is_caption(line, title)]
    if not lines:
        return None
    texts = [line.text for line in lines]
    lines = _without_closing_sources(lines)
    start, end = lines[0].start, lines[-1].end
    kept = {line.start for line in lines}
    dropped = [(line.start, line.end) for line in article if line.start not in kept]
    language = detect(text[start : min(end, start + _LANGUAGE_CHARS)])
    dated = published(texts, language)
    return Section(
        start=start,
        end=end,
        title=title,
        date=known.date or (dated.day if dated else None),
        outlet=known.outlet or outlet_of(texts),
        url=known.url or url_of(texts),
        language=language,
        furniture=_merge([*dropped, *inside], start, end),
        byline=known.byline or byline_of(texts),
        stated=_stated(dated, known.date),
    )


def _stated(dated: Dated | None, known: datetime.date | None) -> CalendarDate | None:
    """How the article gives its date, when that is not the Gregorian one that its file gives."""
    if not dated or dated.stated.calendar == "gregorian":
        return None
    return dated.stated if known in (None, dated.day) else None


def _title(lines: Sequence[_Line]) -> str | None:
    """The headline: the first line that is no metadata, when text follows it."""
    content = [line for line in lines[:6] if not _is_metadata(line)]
    if len(content) < 2 or not _may_be_title(content[0].text):
        return None
    # Lower case goes on with a sentence that a narrow page broke.
    return None if content[1].text[0].islower() else content[0].text


def _title_line(lines: Sequence[_Line], title: str | None) -> _Line | None:
    """The first line that says the title: captions below repeat it."""
    return next((line for line in lines if title and _is_caption(line, title)), None)


def _without_closing_sources(lines: list[_Line]) -> list[_Line]:
    """The lines less the source lines at their end: those are the outlet, and as a passage of two
    words they would come up for every question with the word source in it."""
    n = len(lines)
    while n > 1 and is_source(lines[n - 1].text):
        n -= 1
    return lines[:n]


def _is_caption(line: _Line, title: str | None) -> bool:
    if not title or len(line.text) > len(title) + 10:
        return False
    return furniture.repeats(line.text, title)


def _is_metadata(line: _Line) -> bool:
    return is_dateline(line.text) or is_source(line.text) or is_byline(line.text)


def _may_be_title(text: str) -> bool:
    if len(text) > _MAX_TITLE_CHARS or len(text.split()) > _MAX_TITLE_WORDS:
        return False
    return re.search(r"[^\W\d_]", text) is not None and not _NO_TITLE.search(text)


def _is_paragraph(text: str) -> bool:
    n_words = len(text[: 40 * _PARAGRAPH_WORDS].split())
    return n_words >= _PARAGRAPH_WORDS or (
        n_words > _PARAGRAPH_WORDS / 3 and _STOP.search(text) is not None
    )


def _merge(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans within `[start, end)` in order, those that touch or overlap as one."""
    merged: list[Span] = []
    for a, b in sorted((max(a, start), min(b, end)) for a, b in spans):
        if a >= b:
            continue
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return tuple(merged)
