"""Footnotes for a .docx, which python-docx does not write."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def add_footnote(paragraph: Any, number: int) -> None:
    """End a paragraph with the sign of a footnote."""
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    paragraph.add_run()._r.append(reference)


def write_docx(document: Any, file: Path, notes: Mapping[int, str]) -> None:
    """Save a document with footnotes by their numbers, after the two that Word always has."""
    separators = "".join(f'<w:footnote w:type="separator" w:id="{i}"/>' for i in (-1, 0))
    written = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in notes.items()
    )
    xml = f"<w:footnotes {nsdecls('w')}>{separators}{written}</w:footnotes>"
    package = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(str(file))
