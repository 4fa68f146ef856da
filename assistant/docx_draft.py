"""A draft in .docx → its blocks: paragraphs, tables and text boxes in their order, then the notes.

What a tracked change deletes or moves away is not read; what it inserts is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from assistant.blocks import Block, BlockBuilder, Kind, Place, TooDeep

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), _FALLBACK}
_BREAKS = {qn("w:br"), qn("w:cr"), qn("w:tab")}
_NOTES = {"footnote": REL.FOOTNOTES, "endnote": REL.ENDNOTES}
# Of the styles that Word brings, whatever language they are shown in.
_QUOTE_STYLES = ("quote", "intensequote", "intense quote", "blocktext", "block text", "block quote")
_MAX_DEPTH = 100


def read_docx(path: Path) -> Iterator[Block]:
    """The blocks of a document, counted by paragraphs, then its footnotes and endnotes."""
    document = docx.Document(str(path))
    styles = {style.style_id: style.name or "" for style in document.styles}
    reader = _Reader(styles, document.part.rels)
    for number, paragraph in enumerate(document.element.body.iter(qn("w:p")), start=1):
        if not _within_skipped(paragraph):
            yield reader.block(paragraph, Place("paragraph", number))
    for kind, relation in _NOTES.items():
        yield from _notes(document.part, kind, relation, styles)


def _within_skipped(paragraph: Any) -> bool:
    return any(above.tag in _SKIPPED for above in paragraph.iterancestors())


def _notes(part: Any, kind: str, relation: str, styles: Mapping[str, str]) -> Iterator[Block]:
    """Notes as a reader sees them: numbered from 1 in the order in which the text refers to them;
    those that it does not refer to are the last."""
    signs = part.element.iter(qn(f"w:{kind}Reference"))
    referred = dict.fromkeys(s.get(qn("w:id")) for s in signs if not _within_skipped(s))
    order = {label: i for i, label in enumerate(referred)}
    parts = [rel.target_part for rel in part.rels.values() if rel.reltype == relation]
    for found in parts:
        reader = _Reader(styles, found.rels)
        notes = filter(_is_note, parse_xml(found.blob).iter(qn(f"w:{kind}")))
        ordered = sorted(notes, key=lambda note: order.get(note.get(qn("w:id")), len(order)))
        for number, note in enumerate(ordered, start=1):
            label = f"^{kind} {note.get(qn('w:id'))}"
            for paragraph in note.iter(qn("w:p")):
                block = reader.block(paragraph, Place("note", number))
                yield replace(block, kind="note", label=label)


def _is_note(note: Any) -> bool:
    return note.get(qn("w:type")) not in {"separator", "continuationSeparator"}


class _Reader:
    """Reads paragraphs of one part, whose relations lead where its links lead."""

    def __init__(self, styles: Mapping[str, str], relations: Mapping[str, Any]) -> None:
        self._styles = styles
        self._relations = relations
        self._group, self._in_quote = 0, False

    def block(self, paragraph: Any, place: Place) -> Block:
        """One paragraph; neighbours in a style for quotations are one block quotation."""
        builder = BlockBuilder()
        self._walk(paragraph, builder, 0)
        style = self._style(paragraph)
        quoted = style in _QUOTE_STYLES
        self._group += quoted and not self._in_quote
        self._in_quote = quoted
        kind: Kind = "heading" if style.startswith(("heading", "title", "toc")) else "text"
        return builder.block(place, kind, group=self._group if quoted else 0)

    def _style(self, paragraph: Any) -> str:
        found = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "" if found is None else str(found.get(qn("w:val")))
        return self._styles.get(name, name).lower()

    def _walk(self, element: Any, builder: BlockBuilder, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise TooDeep(f"its elements are nested more than {_MAX_DEPTH} deep")
        for child in element:
            if child.tag in _SKIPPED or child.tag == qn("w:p"):  # a text box has its own
                continue
            start = builder.n_chars
            self._take(child, builder)
            self._walk(child, builder, depth + 1)
            if child.tag == qn("w:hyperlink") and (target := self._target(child)):
                builder.link(start, target)

    def _take(self, child: Any, builder: BlockBuilder) -> None:
        if child.tag == qn("w:t"):
            builder.add(child.text or "")
        elif child.tag in _BREAKS:
            builder.add(" ")
        elif child.tag == qn("w:noBreakHyphen"):
            builder.add("-")
        else:
            for kind in _NOTES:
                if child.tag == qn(f"w:{kind}Reference"):
                    builder.mark(f"^{kind} {child.get(qn('w:id'))}")

    def _target(self, hyperlink: Any) -> str | None:
        relation = self._relations.get(hyperlink.get(qn("r:id")) or "")
        return str(relation.target_ref) if relation is not None else None
