"""A draft in Markdown → its blocks: CommonMark with tables and footnotes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from assistant.blocks import Block, BlockBuilder, Kind, Place
from assistant.html_draft import read_html

# `---` and fields, as a note-taking program puts them above a text.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n).*\n){0,200}---[ \t]*(?:\n|\Z)")
_Q = re.compile(r"<(/?)q[\s>]", re.I)


def read_markdown(text: str) -> Iterator[Block]:
    """The blocks of a text, each at its line; notes after the text that refers to them."""
    if front := _FRONT_MATTER.match(text):
        text = "\n" * front.group().count("\n") + text[front.end() :]
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    return _Reader().read(parser.parse(text))


class _Reader:
    """Walks the tokens of the blocks, and knows what they are within."""

    def __init__(self) -> None:
        self._line = 1
        self._depth = self._group = 0
        self._note: str | None = None
        self._item: int | None = None
        self._kind: Kind = "text"

    def read(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """The blocks in the order of the tokens."""
        for token in tokens:
            if token.map:
                self._line = token.map[0] + 1
            if token.type == "inline":
                yield self._block(token)
            elif token.type == "html_block":
                yield from self._html(token)
            else:
                self._enter(token)

    def _enter(self, token: Token) -> None:
        if token.type == "blockquote_open":
            self._group += self._depth == 0
            self._depth += 1
        elif token.type == "blockquote_close":
            self._depth -= 1
        elif token.type in {"heading_open", "heading_close"}:
            self._kind = "heading" if token.nesting == 1 else "text"
        elif token.type == "list_item_open":
            self._item = int(token.info) if token.info.isdecimal() else None
        elif token.type == "list_item_close":
            self._item = None
        elif token.type in {"footnote_open", "footnote_close"}:
            self._note = _label(token) if token.nesting == 1 else None

    def _block(self, token: Token) -> Block:
        builder = BlockBuilder()
        _fill(builder, token.children or [])
        group = self._group if self._depth else 0
        kind: Kind = "note" if self._note is not None else self._kind
        place = Place("line", self._line)
        return builder.block(place, kind, label=self._note, group=group, item=self._item)

    def _html(self, token: Token) -> Iterator[Block]:
        for block in read_html(token.content):
            yield replace(block, place=Place("line", self._line + block.place.number - 1))


def _label(token: Token) -> str:
    """`^1` for [^1]: notes go by other names than entries of a list of sources."""
    named = token.meta.get("label")
    return f"^{named}" if named is not None else f"^#{token.meta['id']}"


def _fill(builder: BlockBuilder, children: Sequence[Token]) -> None:
    links: list[tuple[int, str]] = []
    quotes: list[int] = []
    for child in children:
        if child.type in {"text", "code_inline"}:
            builder.add(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            builder.add("\n")
        elif child.type == "footnote_ref":
            builder.mark(_label(child))
        elif child.type == "link_open":
            links.append((builder.n_chars, str(child.attrGet("href") or "")))
        elif child.type == "link_close" and links:
            builder.link(*links.pop())
        elif child.type == "html_inline" and (tag := _Q.match(child.content)):
            if not tag[1]:
                quotes.append(builder.n_chars)
            elif quotes:
                builder.quote(quotes.pop())
