"""What a note, a link or an entry of a list of sources names → the documents of an index.

A text names a document by, in this order: the anchor of a place in it (`sanad:…`); its path
(`reports/a.txt`, with the place in it where «, 120–340» or «:120-340» follows), or the last part of
it where only one document has that; the address of an article; its title of three words or more,
however it is spelled; or its first words, in brackets and with three dots, where it has no title.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from assistant.anchors import Anchor, Found, anchors_in, find_all
from index.analysis import words
from index.archive import Documents
from index.types import Section

# A shorter title is too common to name anything: «Interview», «Press conference».
_MIN_TITLE_WORDS = 3
# What may stand around a path: signs of code, brackets, quotation marks, commas.
_AROUND = "`'\"“”«»‘’()[]{}<>,;،؛.…:!?"
_OFFSETS = re.compile(r"[`'\"\])>]{0,2}\s?[,،:]\s?(\d{1,9})\s?[-–—]\s?(\d{1,9})")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]+", re.I)
_OPENING = re.compile(r"\[([^\[\]]{10,200})…\]")
_OPENING_CHARS = 400
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Target:
    """A document that a draft cites: the whole of it, or an article in it, `[start, end)`. `near`
    is the stretch that is meant, where it is told."""

    doc_id: str
    start: int = 0
    end: int | None = None
    near: tuple[int, int] | None = None

    def holds(self, doc_id: str, start: int, end: int) -> bool:
        """Whether a stretch of a document lies in what is cited."""
        within = self.start <= start and (self.end is None or end <= self.end)
        return self.doc_id == doc_id and within


class Named:
    """The names of an index's documents."""

    def __init__(
        self, documents: Mapping[str, Sequence[Section]], archive: Documents | None = None
    ) -> None:
        """`archive` has the texts in which anchors are looked up; without it none is."""
        self._documents = documents
        self._archive = archive
        self._anchored: dict[Anchor, Found | None] = {}
        self._by_path = _once((path.rsplit("/", 1)[-1], path) for path in documents)
        self._spaced = [path for path in documents if re.search(r"\s", path)]
        self._by_url: dict[str, list[Target]] = {}
        self._by_title: dict[tuple[str, ...], list[tuple[tuple[str, ...], Target]]] = {}
        for path, sections in documents.items():
            for section in sections:
                self._learn(_article(path, section), section)

    def _learn(self, target: Target, section: Section) -> None:
        if section.url:
            self._by_url.setdefault(_address(section.url), []).append(target)
        title = tuple(words(section.title or ""))
        if len(title) >= _MIN_TITLE_WORDS:
            self._by_title.setdefault(title[:_MIN_TITLE_WORDS], []).append((title, target))

    def look_up(self, texts: Iterable[str]) -> None:
        """Find every anchor in some texts at once: one that the archive has lost is looked for in
        all of it."""
        new = {anchor for text in texts for anchor in anchors_in(text)} - self._anchored.keys()
        if self._archive and new:
            self._anchored |= find_all(new, self._archive)

    def titled(self, text: str) -> list[Target]:
        """The articles whose title is this text and nothing else."""
        title = tuple(words(text))
        alike = self._by_title.get(title[:_MIN_TITLE_WORDS], ())
        return [target for known, target in alike if known == title]

    def named_in(self, text: str) -> tuple[Target, ...]:
        """What a text names, each once, in order; nothing where it names no document."""
        for find in (self._anchors, self._paths, self._urls, self._titles, self._openings):
            if found := tuple(dict.fromkeys(find(text))):
                return found
        return ()

    def _anchors(self, text: str) -> Iterator[Target]:
        self.look_up([text])
        for anchor in anchors_in(text):
            if found := self._anchored.get(anchor):
                yield Target(found.document.doc_id, near=(found.start, found.end))

    def _paths(self, text: str) -> Iterator[Target]:
        text = unquote(text)
        for token in _TOKEN.finditer(text):
            if path := self._path(token.group()):
                name = path.rsplit("/", 1)[-1]
                yield self._at(path, text[token.start() + token.group().find(name) + len(name) :])
        for path in self._spaced:
            if (at := text.find(path)) >= 0:
                yield self._at(path, text[at + len(path) :])

    def _path(self, token: str) -> str | None:
        """The document that a word names, if it is a path: with its place (a.txt:3-9) cut off."""
        for shown in (token, re.sub(r":\d+[-–]\d+\W*$", "", token)):
            path = shown.strip(_AROUND).removeprefix("./")
            if path in self._documents:
                return path
            name = path.split("#")[0].rsplit("/", 1)[-1]
            if "." in name and name in self._by_path and not _URL.match(path):
                return self._by_path[name]
        return None

    def _at(self, path: str, after: str) -> Target:
        offsets = _OFFSETS.match(after)
        if offsets is None:
            return Target(path)
        start, end = int(offsets[1]), int(offsets[2])
        return Target(path, near=(start, end)) if start < end else Target(path)

    def _urls(self, text: str) -> Iterator[Target]:
        for found in _URL.finditer(text):
            address = found.group().rstrip(_AROUND)
            yield from self._by_url.get(_address(address), ())

    def _titles(self, text: str) -> Iterator[Target]:
        said = tuple(words(text))
        found = [
            (i, i + len(title), target)
            for i in range(len(said) - _MIN_TITLE_WORDS + 1)
            for title, target in self._by_title.get(said[i : i + _MIN_TITLE_WORDS], ())
            if said[i : i + len(title)] == title
        ]
        for start, end, target in found:
            longer = any(a <= start and end <= b and b - a > end - start for a, b, _ in found)
            if not longer:
                yield target

    def _openings(self, text: str) -> Iterator[Target]:
        """«[first words…]», which references have for an article without a title."""
        for found in _OPENING.finditer(text):
            said = " ".join(words(found[1]))
            yield from (t for opening, t in self._untitled if said and opening.startswith(said))

    @cached_property
    def _untitled(self) -> list[tuple[str, Target]]:
        """The articles without a title by their first words."""
        if self._archive is None:
            return []
        return [
            (" ".join(words(document.text[s.start : s.start + _OPENING_CHARS])), _article(path, s))
            for path, sections in self._documents.items()
            if not all(s.title for s in sections) and (document := self._archive.document(path))
            for s in sections
            if not s.title
        ]


def _article(path: str, section: Section) -> Target:
    return Target(path, section.start, section.end)


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names by which only one path goes."""
    paths: dict[str, list[str]] = {}
    for name, path in pairs:
        paths.setdefault(name, []).append(path)
    return {name: known[0] for name, known in paths.items() if len(known) == 1}


def _address(url: str) -> str:
    """An address without what makes no difference: scheme, www, fragment, final slash, escapes."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", unquote(url.strip()), flags=re.I)
    return bare.split("#")[0].rstrip("/").lower()
