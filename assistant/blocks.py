"""What a draft is read into: blocks of text, with what in them is quoted, noted and linked."""

from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]
Unit = Literal["line", "paragraph", "note"]
Kind = Literal["text", "heading", "note", "reference"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a draft: its n-th line, or paragraph where it has no lines, or a note's number."""

    unit: Unit
    number: int

    def __str__(self) -> str:
        return f"{self.unit} {self.number}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at `at` that refers to the note or reference `label`."""

    at: int
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    """`text[start:end]` leads to `target`; empty where only the format names it."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item, a cell, a note. Offsets count code points of `text`.

    `quoted` is what the format marks as quotation; blocks of one block quotation share a `group`
    from 1. A note and a reference have a `label`, by which marks name them.
    """

    text: str
    place: Place
    kind: Kind = "text"
    label: str | None = None
    quoted: tuple[Span, ...] = ()
    group: int = 0
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    item: int | None = None

    def place_of(self, at: int) -> Place:
        """Where in the draft a character stands."""
        if self.place.unit != "line":
            return self.place
        return Place("line", self.place.number + self.text.count("\n", 0, at))


class TooDeep(Exception):
    """A draft is nested deeper than any that people write; says how deep."""


@dataclass
class BlockBuilder:
    """Collects one block, piece by piece."""

    pieces: list[str] = field(default_factory=list)
    n_chars: int = 0
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    quoted: list[Span] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Go on with `text`."""
        self.pieces.append(text)
        self.n_chars += len(text)

    def mark(self, label: str) -> None:
        """A sign that refers to a note stands here."""
        self.marks.append(Mark(self.n_chars, label))

    def link(self, start: int, target: str) -> None:
        """What stands between `start` and here leads to `target`."""
        self.links.append(Link(start, self.n_chars, target))

    def quote(self, start: int) -> None:
        """What stands between `start` and here is marked as a quotation."""
        self.quoted.append((start, self.n_chars))

    def block(
        self,
        place: Place,
        kind: Kind = "text",
        *,
        label: str | None = None,
        group: int = 0,
        item: int | None = None,
    ) -> Block:
        """The block; one of a group is quoted as a whole."""
        text = "".join(self.pieces)
        quoted = ((0, len(text)),) if group and kind != "heading" else tuple(self.quoted)
        marks, links = tuple(self.marks), tuple(self.links)
        return Block(text, place, kind, label, quoted, group, marks, links, item)
