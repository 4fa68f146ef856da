"""A draft in HTML → its blocks: text as a browser would show it, q, blockquote, links, notes."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from assistant.blocks import Block, BlockBuilder, Kind, Place, TooDeep

# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
# fmt: on
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Never shown, or struck out.
_SKIPPED = frozenset(
    "script style head template noscript svg math del s strike textarea".split()  # noqa: SIM905
)
_SPACE = re.compile(r"\s+")
# The sign of a note: a few characters, a digit or a star among them.
_SIGN = re.compile(r"\W{0,3}[\w*†‡]{1,4}\W{0,3}")
_MAX_DEPTH = 200


def read_html(text: str) -> Iterator[Block]:
    """The blocks of a page, each at the line where it begins."""
    if not text.strip():
        return iter(())
    # A declaration of an encoding is refused in text that is decoded.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = html.document_fromstring(text.encode(), parser=parser)
    return _Reader(root).read()


class _Reader:
    """Walks the elements; what follows a block's start is collected until the next one."""

    def __init__(self, root: Any) -> None:
        self._root = root
        # lxml makes an element anew whenever nobody holds it.
        self._elements = list(root.iter(etree.Element))
        self._order = {element: i for i, element in enumerate(self._elements)}
        self._by_id = {e.get("id") or e.get("name"): e for e in self._elements}
        self._notes = {i for i in map(self._noted, root.iter("a")) if i is not None}
        self._builder = BlockBuilder()
        self._line = 1
        self._group = self._n_groups = 0
        self._kind: Kind = "text"
        self._label: str | None = None
        self._done: list[Block] = []

    def read(self) -> Iterator[Block]:
        """The blocks, in order."""
        self._walk(self._root, 0)
        self._flush()
        return iter(self._done)

    def _noted(self, link: Any) -> str | None:
        """The id that a note's sign refers to: a little link to what comes after it."""
        target = (link.get("href") or "")[1:] if (link.get("href") or "")[:1] == "#" else None
        note = self._by_id.get(target) if target else None
        if note is None or not _SIGN.fullmatch("".join(link.itertext()).strip()):
            return None
        return target if self._order[note] > self._order[link] else None

    def _walk(self, element: Any, depth: int) -> None:
        if element.tag in _SKIPPED:
            return
        if depth > _MAX_DEPTH:
            raise TooDeep(f"its elements are nested more than {_MAX_DEPTH} deep")
        is_block = element.tag in _BLOCKS
        if is_block:
            self._flush()
        outside = self._group, self._kind, self._label
        self._enter(element)
        start = self._builder.n_chars
        self._add(element.text, element)
        for child in element:
            self._walk(child, depth + 1)
            self._add(child.tail, child)
        self._leave(element, start)
        if is_block:
            self._flush()
            self._group, self._kind, self._label = outside

    def _enter(self, element: Any) -> None:
        name = element.get("id") or element.get("name")
        if name in self._notes:
            self._kind, self._label = "note", name
        if element.tag == "blockquote" and not self._group:
            self._n_groups += 1
            self._group = self._n_groups
        elif element.tag in _HEADINGS:
            self._kind = "heading"
        elif element.tag == "br":
            self._builder.add("\n" if self._builder.n_chars else "")

    def _leave(self, element: Any, start: int) -> None:
        if element.tag == "q":
            self._builder.quote(start)
        if element.tag in {"q", "blockquote"} and element.get("cite"):
            self._builder.link(self._builder.n_chars, element.get("cite"))
        elif element.tag == "a" and (target := element.get("href")):
            if self._noted(element):
                self._builder.mark(target[1:])
            elif not target.startswith("#"):
                self._builder.link(start, target)

    def _add(self, text: str | None, element: Any) -> None:
        shown = _SPACE.sub(" ", text or "")
        inside_sign = element.tag == "a" and self._noted(element) is not None
        if inside_sign and text == element.text:
            return
        if not self._builder.n_chars:
            shown = shown.lstrip()
            self._line = element.sourceline or self._line
        self._builder.add(shown)

    def _flush(self) -> None:
        builder, self._builder = self._builder, BlockBuilder()
        if not builder.n_chars:
            return
        # A line of the page is none of the file.
        builder.pieces = [piece.replace("\n", " ") for piece in builder.pieces]
        place = Place("line", self._line)
        made = builder.block(place, self._kind, label=self._label, group=self._group)
        self._done.append(made)
