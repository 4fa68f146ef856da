"""Write-ups: what people take away keeps its sources, in four scripts and three forms."""

import json
from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from assistant.directions import runs
from assistant.drafts import read_draft
from assistant.writeup import WriteUp, read_answers, write_up
from index.errors import InputError
from index.types import Document, Section
from tests.citations import DAY, READ
from tests.conftest import sanad
from ui.exporting import exported
from ui.paper import opening
from ui.sheet import sheet

ARABIC = "افتُتح منتدى KazanForum 2024 في قازان. وحضره ضيوف من 80 دولة."
PERSIAN = "نشست کازان گشایش یافت. این نشست هر سال برگزار می\u200cشود."
RUSSIAN = "Форум открыт в Казани. Гости прибыли из 80 стран."
ENGLISH = "The forum opened in Kazan. Guests came from 80 countries."
TEXTS = {"ar": ARABIC, "fa": PERSIAN, "ru": RUSSIAN, "en": ENGLISH}


class Shelf:
    """A document in each of four languages."""

    def hashes(self) -> dict[str, str]:
        return {language: sha256(language.encode()).hexdigest() for language in TEXTS}

    def document(self, doc_id: str) -> Document | None:
        text = TEXTS[doc_id]
        url = f"https://news.example/{doc_id}"
        section = Section(0, len(text), f"Title {doc_id}", DAY, "RT", url, doc_id)
        return Document(doc_id, text, self.hashes()[doc_id], (section,))


def answer(language: str, question: str = "?", **changes: object) -> dict[str, object]:
    """An answer of two sentences: a quotation, and one in words of its own."""
    from assistant.anchors import anchor  # noqa: PLC0415

    document = Shelf().document(language)
    assert document
    end = document.text.index(".") + 1
    quote = document.text[:end]
    cited = {"number": 1, "quote": quote, "anchor": str(anchor(document, 0, end))}
    said = [{"text": quote, "citations": [1]}, {"text": "So it is.", "citations": [1]}]
    known: dict[str, object] = {"question": question, "language": language, "refused": False}
    return known | {"sentences": said, "citations": [cited]} | changes


def made_of(*answers: dict[str, object], title: str = "") -> WriteUp:
    kept, found = read_answers("\n".join(json.dumps(one) for one in answers))
    return write_up(found, Shelf(), READ, title or kept)


def notes_of(content: bytes) -> Any:
    parts = docx.Document(BytesIO(content)).part.package.iter_parts()
    return parse_xml(next(p for p in parts if p.partname == "/word/footnotes.xml").blob)


def texts(element: Any) -> str:
    return "".join(element.itertext())


def test_markdown_has_questions_footnotes_and_references() -> None:
    made = made_of(answer("ru", "Где форум?"), answer("en", "Who *is* there?", refused=True))
    anchor = made.sources[0].anchor
    reference = (
        "Title ru // RT. 2022. 24 окт. URL: <https://news.example/ru> (дата обращения: 26.11.2026)."
    )
    place = f"[{anchor}](<https://news.example/ru#:~:text="
    text = exported(made, "md", "gost").decode()
    lines = [line for line in text.split("\n") if line]
    assert lines[:5] == [
        *("# Где форум?", "Форум открыт в Казани.[^1] So it is.[^2]", "## Who \\*is\\* there?"),
        *("The archive does not say.", "## Список литературы"),
    ]
    assert lines[5] == f"- {reference}"
    assert lines[6].startswith(f"[^1]: {reference} {place}")
    assert lines[6].endswith(")")
    assert lines[7].endswith(" «Форум открыт в Казани.»")


@pytest.mark.parametrize("language", TEXTS)
def test_a_docx_has_real_footnotes_and_runs_that_know_their_direction(language: str) -> None:
    content = exported(made_of(answer(language, "?")), "docx", "apa")
    document = docx.Document(BytesIO(content))
    quote = TEXTS[language].partition(".")[0] + "."
    paragraph = next(p for p in document.paragraphs if quote in p.text)
    rtl = language in ("ar", "fa")
    assert (paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None) == rtl
    for run in paragraph.runs:
        arabic = any("\u0600" <= char <= "\u06ff" for char in run.text)
        assert (run._r.rPr.find(qn("w:rtl")) is not None) == arabic or not run.text.strip(" .")
    marks = document.element.body.findall(f".//{qn('w:footnoteReference')}")
    notes = {note.get(qn("w:id")): texts(note) for note in notes_of(content)}
    assert [mark.get(qn("w:id")) for mark in marks] == ["1", "2"]
    assert all("sanad:" in notes[n] and f"Title {language}" in notes[n] for n in ("1", "2"))
    assert quote not in notes["1"]
    assert quote in notes["2"]
    assert f"Title {language}" in document.paragraphs[-1].text


def test_an_arabic_run_has_its_font_and_language_and_a_latin_one_its_own() -> None:
    content = exported(made_of(answer("ar")), "docx")
    paragraphs = docx.Document(BytesIO(content)).paragraphs
    found = [run for p in paragraphs if "KazanForum" in p.text for run in p.runs]
    latin = next(run for run in found if "KazanForum" in run.text)
    arabic = next(run for run in found if "افتُتح" in run.text)
    assert latin.text == "KazanForum 2024"
    assert latin._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-US"
    assert arabic._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar-SA"
    assert arabic._r.rPr.find(qn("w:rFonts")).get(qn("w:cs")) == "Times New Roman"


def test_a_footnote_of_a_docx_leads_to_the_words_on_their_page() -> None:
    content = exported(made_of(answer("en")), "docx")
    parts = docx.Document(BytesIO(content)).part.package.iter_parts()
    notes = next(part for part in parts if part.partname == "/word/footnotes.xml")
    links = [rel.target_ref for rel in notes.rels.values() if rel.is_external]
    assert links[0] == "https://news.example/en#:~:text=The%20forum%20opened%20in%20Kazan."


def test_a_docx_of_a_long_question_and_of_what_no_xml_holds_can_be_opened() -> None:
    gone = {"number": 1, "quote": "a\x00b", "title": "\x0b", "url": "https://x.example/\ufffe"}
    cited = [gone | {"doc_id": "x", "language": "en"}]
    said = [{"text": "One\x1btwo\ud800.", "citations": [1]}]
    content = exported(
        made_of(answer("en", "\x08?" * 1000, sentences=said, citations=cited)), "docx"
    )
    document = docx.Document(BytesIO(content))
    assert document.core_properties.title == ("\ufffd?" * 128)[:255]
    assert any(p.text.startswith("One\ufffdtwo\ufffd.") for p in document.paragraphs)
    assert "a\ufffdb" in texts(notes_of(content))


@pytest.mark.parametrize("form", ["md", "docx", "html"])
def test_what_is_exported_is_read_as_a_draft_with_its_notes(form: str, tmp_path: Path) -> None:
    made = made_of(*(answer(language, f"{language}?") for language in TEXTS))
    file = tmp_path / f"a.{form}"
    file.write_bytes(exported(made, form))
    said = "\n".join(block.text for block in read_draft(file))
    for text, source in zip(TEXTS.values(), made.sources, strict=True):
        assert text.partition(".")[0] in said
        assert str(source.anchor) in said


def test_html_is_escaped_and_its_marks_lead_to_notes_and_back() -> None:
    hostile = answer("en", "<script>?", sentences=[{"text": "<b>x</b>", "citations": [1]}])
    page = exported(made_of(hostile), "html").decode()
    assert "<script>" not in page
    assert '&lt;b&gt;x&lt;/b&gt;<sup><a id="mark-1" href="#note-1">1</a></sup>' in page
    assert '<li id="note-1"' in page
    assert 'href="#mark-1"' in page


@pytest.mark.parametrize("page", [sheet("t", "", "ar"), opening("t")])
def test_the_policy_of_a_page_to_keep_allows_its_own_style_sheet(page: str) -> None:
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert style.strip()
    assert f"style-src 'sha256-{digest}'" in page


def test_a_conversation_of_the_chat_window_is_read() -> None:
    turns = [{"question": "?", "answer": answer("ru")}, {"question": "failed", "answer": None}]
    title, answers = read_answers(json.dumps({"title": "Казань", "turns": turns}))
    assert (title, len(answers)) == ("Казань", 1)


def test_a_source_that_the_archive_lost_is_kept_as_it_was_given() -> None:
    gone = {"number": 1, "quote": "Gone.", "anchor": "", "title": "Lost", "outlet": "RT"}
    made = made_of(answer("en", citations=[gone | {"date": "2022-10-24", "language": "en"}]))
    assert len(made.notices) == 1
    assert "Lost. (2022, October 24). *RT*." in exported(made, "md").decode()


@pytest.mark.parametrize(
    "text", ["", "junk", "[]", "{}", '{"turns": []}', '{"question": 1}', "1\n2"]
)
def test_what_is_no_conversation_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_answers(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "rtl", "pieces"),
    [
        ("منتدى Kazan Forum 2024، في", True, ["منتدى ", "Kazan Forum 2024", "، في"]),
        ("The word سند means (support).", False, ["The word ", "سند", " means (support)."]),
        ("قال «نعم».", False, ["قال «نعم", "»."]),
        ("(2022, October 24)", True, ["(2022, ", "October 24", ")"]),
    ],
)
def test_neutral_characters_go_with_their_neighbours(
    text: str, rtl: bool, pieces: list[str]
) -> None:
    assert [piece for piece, _ in runs(text, rtl)] == pieces


@given(st.text("aб1٢ .«,ابی(", max_size=40), st.booleans())
def test_runs_are_the_text_and_alternate(text: str, rtl: bool) -> None:
    found = runs(text, rtl)
    assert "".join(piece for piece, _ in found) == text
    assert all(a[1] != b[1] for a, b in pairwise(found))


@pytest.mark.parametrize("args", [["x", "--out", "x.pdf"], ["--out", "x.md"]])
def test_wrong_use_of_the_command_is_one_line(args: list[str]) -> None:
    done = sanad("export", *args)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
