"""A write-up as .docx: real footnotes, and runs that say which way they run.

python-docx knows no footnotes, so their part is written here, as ECMA-376 (17.11) has it. Word
does not find the direction of text by itself: a paragraph that runs right to left says so
(`w:bidi`), and so does every run of Arabic letters (`w:rtl`), whose font and language are the `cs`
and `bidi` ones.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from assistant.directions import paragraph_is_rtl, runs
from assistant.export import Note, heading, noted, reference_list, refusal
from assistant.quoting import fragment_url
from assistant.styles import Formatted, Rich, Run
from assistant.writeup import WriteUp


@dataclass(frozen=True, slots=True)
class _Look:
    """What a run looks like: whether it runs right to left, its language, its size (None is that of
    its paragraph's style), its face."""

    rtl: bool
    language: str
    size_pt: float | None = None
    italic: bool = False
    bold: bool = False


# What XML 1.0 cannot hold (2.2), of what a text can.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# As long as python-docx takes a property.
_MAX_TITLE_CHARS = 255
_LOCALES = {"ar": "ar-SA", "fa": "fa-IR", "ru": "ru-RU", "en": "en-US"}
# Has Latin, Cyrillic, Arabic and Persian letters, and is wherever Word is.
_FONT = "Times New Roman"
_SIZE_PT, _NOTE_PT = 12, 10
# Of a separator and a continuation separator, which Word asks for; ours begin with 1.
_SEPARATORS = """<w:footnotes {ns}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>
</w:footnote></w:footnotes>"""


def docx_export(made: WriteUp, style: str = "apa", language: str | None = None) -> bytes:
    """The file: questions as headings, answers with footnotes, the list of references."""
    listed = reference_list(made, style, language)
    document = Document()
    _prepare(document, made)
    notes = _Footnotes(document, {one.reference.key: one for one in listed}, made.language)
    _write(document.add_heading(level=0), made.title, made.language)
    for section, lines in noted(made):
        if section.question != made.title:
            _write(document.add_heading(level=1), section.question, section.language)
        _answer(document, lines or [(refusal(section.language), [])], section.language, notes)
    if listed:
        _write(document.add_heading(level=1), heading(made.language), made.language)
    for one in listed:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Pt(24)
        paragraph.paragraph_format.first_line_indent = Pt(-24)
        _rich(paragraph._p, one.entry, one.reference.language, _SIZE_PT)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _answer(
    document: Any, lines: Sequence[tuple[str, list[Note]]], language: str, notes: "_Footnotes"
) -> None:
    """Sentences of one direction in a row share a paragraph."""
    paragraph, before = None, None
    for text, belonging in lines:
        rtl = paragraph_is_rtl(text)
        if paragraph is None or rtl != before:
            paragraph, before = document.add_paragraph(), rtl
        else:
            _run(paragraph._p, " ", _Look(rtl, language, _SIZE_PT))
        _rich(
            paragraph._p,
            (Run(" ".join(text.split())),),
            _spoken(belonging, language),
            _SIZE_PT,
            rtl,
        )
        for note in belonging:
            notes.add(paragraph._p, note)


def _spoken(notes: Sequence[Note], language: str) -> str:
    """The language of a sentence: that of what it quotes, else the answer's."""
    quotes = [note.source.reference.language for note in notes if not note.quote]
    return quotes[0] if quotes else language


class _Footnotes:
    """The part of a document that holds its footnotes."""

    def __init__(self, document: Any, by_key: Mapping[str, Formatted], language: str) -> None:
        self._by_key = by_key
        self._language = language
        xml = parse_xml(_SEPARATORS.format(ns=nsdecls("w", "r")))
        name = PackURI("/word/footnotes.xml")
        package = document.part.package
        self._part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, xml, package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)

    def add(self, paragraph: Any, note: Note) -> None:
        """A mark at the end of a paragraph, and the footnote that it stands for."""
        mark = _styled_run("FootnoteReference", paragraph)
        mark.append(_element("w:footnoteReference", {"w:id": str(note.number)}))
        footnote = _element("w:footnote", {"w:id": str(note.number)})
        body = OxmlElement("w:p")
        footnote.append(body)
        self._part.element.append(footnote)
        self._fill(body, note)

    def _fill(self, body: Any, note: Note) -> None:
        reference = note.source.reference
        text = self._by_key[reference.key].note
        _begin(body, "FootnoteText", paragraph_is_rtl("".join(run.text for run in text)))
        _styled_run("FootnoteReference", body).append(OxmlElement("w:footnoteRef"))
        tail = (Run(f" {note.quote}" if note.quote else ""), Run(" "))
        _rich(body, (Run(" "), *text, *tail), reference.language, _NOTE_PT)
        self._link(body, fragment_url(note.source), str(note.source.anchor))

    def _link(self, body: Any, url: str | None, text: str) -> None:
        """The anchor, which leads to the words on their page, where that is known."""
        holder = body
        if url:
            link = RELATIONSHIP_TYPE.HYPERLINK
            target = self._part.relate_to(_valid(url), link, is_external=True)
            holder = _element("w:hyperlink", {"r:id": target})
            body.append(holder)
        _run(holder, text, _Look(False, "en", _NOTE_PT - 2))


def _prepare(document: Any, made: WriteUp) -> None:
    """Styles, properties and, where the write-up runs right to left, its pages."""
    document.core_properties.title = _valid(made.title)[:_MAX_TITLE_CHARS]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = _LOCALES.get(made.language, made.language)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE_PT)
    for spacing in document.styles["Title"].element.rPr.findall(qn("w:spacing")):
        spacing.getparent().remove(spacing)  # letters set apart tear Arabic words to pieces
    note = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.size = normal, Pt(_NOTE_PT)
    note.paragraph_format.space_after = Pt(2)
    mark = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True
    for style, name in ((note, "FootnoteText"), (mark, "FootnoteReference")):
        style.element.set(qn("w:styleId"), name)
    if made.language in ("ar", "fa"):
        for section in document.sections:
            section._sectPr.append(OxmlElement("w:bidi"))


def _write(paragraph: Any, text: str, language: str) -> None:
    """Text into a heading, in the heading's own size."""
    _rich(paragraph._p, (Run(text),), language, None)


def _rich(
    paragraph: Any, text: Rich, language: str, size_pt: float | None, rtl: bool | None = None
) -> None:
    """Runs of one direction and one face each, in a paragraph of the direction of most of them."""
    way = paragraph_is_rtl("".join(run.text for run in text)) if rtl is None else rtl
    _begin(paragraph, None, way)
    whole = "".join(run.text for run in text)
    ways = [piece_rtl for piece, piece_rtl in runs(whole, way) for _ in piece]
    faces = [(run.italic, run.bold) for run in text for _ in run.text]
    at = 0
    for (rtl_here, face), same in groupby(zip(ways, faces, strict=True)):
        n = len(list(same))
        _run(paragraph, whole[at : at + n], _Look(rtl_here, language, size_pt, *face))
        at += n


def _begin(paragraph: Any, style: str | None, rtl: bool) -> None:
    properties = paragraph.get_or_add_pPr()
    if style:
        properties.append(_element("w:pStyle", {"w:val": style}))
    if rtl and properties.find(qn("w:bidi")) is None:
        properties.insert_element_before(
            OxmlElement("w:bidi"),
            *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing"),
            *("w:mirrorIndents", "w:jc", "w:textDirection", "w:rPr", "w:sectPr", "w:pPrChange"),
        )


def _run(holder: Any, text: str, look: _Look) -> None:
    """One run; the order of its properties is that of the schema (ECMA-376, 17.3.2.28)."""
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    run.append(properties)
    fonts = {f"w:{kind}": _FONT for kind in ("ascii", "hAnsi", "cs")}
    properties.append(_element("w:rFonts", fonts))
    # Arabic letters are not slanted.
    for name, wanted in (("b", look.bold), ("i", look.italic and not look.rtl)):
        if wanted:
            properties.extend([OxmlElement(f"w:{name}"), OxmlElement(f"w:{name}Cs")])
    if look.size_pt:
        half = str(int(2 * look.size_pt))
        properties.extend(_element(name, {"w:val": half}) for name in ("w:sz", "w:szCs"))
    if look.rtl:
        properties.append(OxmlElement("w:rtl"))
    properties.append(_element("w:lang", _languages(look.language, look.rtl)))
    content = OxmlElement("w:t")
    content.text = _valid(text)
    content.set(qn("xml:space"), "preserve")
    run.append(content)
    holder.append(run)


def _valid(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _languages(language: str, rtl: bool) -> dict[str, str]:
    if rtl:
        return {"w:bidi": _LOCALES.get(language, "ar-SA") if language in ("ar", "fa") else "ar-SA"}
    return {"w:val": _LOCALES.get(language, "en-US") if language in ("en", "ru") else "en-US"}


def _styled_run(style: str, holder: Any) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    properties.append(_element("w:rStyle", {"w:val": style}))
    run.append(properties)
    holder.append(run)
    return run


def _element(name: str, attributes: Mapping[str, str]) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(attribute), value)
    return element
