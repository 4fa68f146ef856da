import zipfile
from pathlib import Path

import docx
import pytest

from assistant.blocks import Block, Link, Mark, Place
from assistant.drafts import read_draft
from index.errors import Unreadable
from tests.notes import add_footnote, write_docx

MARKDOWN = """---
title: T
---
# A heading

He said “one
two”[^1] in [a text](reports/a.txt).

> quoted
> twice

[^1]: The note. <https://example.org/a>

## Sources

1. First source
2. Second
"""
HTML = """<html><head><style>“no”</style></head><body>
<h1>Title</h1>
<p>He said <q>one two</q><sup><a href="#fn1">1</a></sup> in <a href="/a.html">a text</a>.
<del>gone</del></p>
<blockquote cite="https://example.org/b"><p>First.</p><p>Second.</p></blockquote>
<ol><li id="fn1">The note. <a href="#ref1">↩</a></li></ol>
</body></html>"""


def write(folder: Path, name: str, text: str) -> list[Block]:
    file = folder / name
    file.write_text(text, "utf-8")
    return read_draft(file)


def test_markdown_gives_lines_notes_links_and_block_quotations(tmp_path: Path) -> None:
    heading, said, quoted, _, *sources, note = write(tmp_path, "a.md", MARKDOWN)
    assert (heading.kind, heading.place) == ("heading", Place("line", 4))
    assert said.text == "He said “one\ntwo” in a text."
    assert said.marks == (Mark(17, "^1"),)
    assert said.links == (Link(21, 27, "reports/a.txt"),)
    assert said.place_of(said.text.index("two")) == Place("line", 7)
    assert (quoted.text, quoted.quoted) == ("quoted\ntwice", ((0, 12),))
    assert [(s.kind, s.label) for s in sources] == [("reference", "1"), ("reference", "2")]
    assert (note.kind, note.label, note.place) == ("note", "^1", Place("line", 12))


def test_html_gives_the_text_that_is_shown(tmp_path: Path) -> None:
    heading, said, first, second, note = write(tmp_path, "a.html", HTML)
    assert heading.kind == "heading"
    assert said.text.rstrip() == "He said one two in a text."
    assert said.quoted == ((8, 15),)
    assert said.marks == (Mark(15, "fn1"),)
    assert said.links == (Link(19, 25, "/a.html"),)
    assert said.place == Place("line", 3)
    assert first.group == second.group == 1
    assert (note.kind, note.label) == ("note", "fn1")


def test_plain_text_gives_paragraphs_mail_quotations_and_numbered_sources(tmp_path: Path) -> None:
    text = "One.\nStill one.\n\n> quoted\n> twice\n\n[1] A source\n[2] Another"
    one, quoted, *sources = write(tmp_path, "a.txt", text)
    assert one == Block("One.\nStill one.", Place("line", 1))
    assert (quoted.text, quoted.place) == ("quoted\ntwice", Place("line", 4))
    assert [(s.label, s.place.number) for s in sources] == [("1", 7), ("2", 8)]


def test_docx_gives_paragraphs_tables_and_real_footnotes(tmp_path: Path) -> None:
    draft = docx.Document()
    said = draft.add_paragraph("He said “one two”")
    draft.add_paragraph("All of this is quoted.", style="Quote")
    draft.add_table(1, 1).cell(0, 0).text = "In a cell."
    add_footnote(said, 1)
    write_docx(draft, tmp_path / "a.docx", {1: "The note."})
    first, quoted, cell, note = read_draft(tmp_path / "a.docx")
    assert first.marks == (Mark(17, "^footnote 1"),)
    assert quoted.quoted == ((0, 22),)
    assert (cell.text, cell.place) == ("In a cell.", Place("paragraph", 3))
    assert (note.text, note.label, note.place) == ("The note.", "^footnote 1", Place("note", 1))


def test_notes_of_a_docx_are_numbered_in_the_order_of_their_signs(tmp_path: Path) -> None:
    draft = docx.Document()
    for number in (7, 2):
        add_footnote(draft.add_paragraph("Said"), number)
    write_docx(draft, tmp_path / "a.docx", {2: "later", 7: "first", 9: "never"})
    notes = [block for block in read_draft(tmp_path / "a.docx") if block.kind == "note"]
    assert [(note.place.number, note.text) for note in notes] == [
        *((1, "first"), (2, "later"), (3, "never"))
    ]


def test_a_docx_that_is_nested_too_deep_is_refused_rather_than_read_in_part(tmp_path: Path) -> None:
    draft = docx.Document()
    holder = draft.add_paragraph("Seen")._p
    for _ in range(120):
        holder.append(docx.oxml.OxmlElement("w:smartTag"))
        holder = holder[-1]
    draft.save(str(tmp_path / "a.docx"))
    with pytest.raises(Unreadable, match="nested more than 100 deep"):
        read_draft(tmp_path / "a.docx")


def test_what_a_tracked_change_deletes_is_not_read(tmp_path: Path) -> None:
    draft = docx.Document()
    paragraph = draft.add_paragraph("kept ")
    for tag, text in (("del", "deleted"), ("ins", "inserted")):
        run = paragraph.add_run(text)._r
        change = docx.oxml.OxmlElement(f"w:{tag}")
        run.addprevious(change)
        change.append(run)
    draft.save(str(tmp_path / "a.docx"))
    assert [block.text for block in read_draft(tmp_path / "a.docx")] == ["kept inserted"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "no text"),
        ("a.html", b"<html></html>", "no text"),
        ("a.html", b"Seen" + b"<div>" * 220 + b"unseen", "nested more than 200 deep"),
        ("a.docx", b"no archive", "no .docx"),
        ("a.docx", b"", "no .docx"),
        ("a.pdf", b"%PDF", "only"),
        ("a.txt", b"\x00\x01\x02\xff" * 50, "encoding"),
        ("a.txt", b"x" * (5 << 20), "limit"),
    ],
)
def test_a_draft_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        read_draft(tmp_path / name)


def test_a_docx_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(130):
            packed.writestr(f"word/{n}.xml", b"\x00" * (1 << 20))
    with pytest.raises(Unreadable, match="unpacked"):
        read_draft(tmp_path / "a.docx")


def test_a_docx_without_a_document_is_refused_in_a_line(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types")
    with pytest.raises(Unreadable, match="could not be read"):
        read_draft(tmp_path / "a.docx")


def test_a_list_of_references_without_numbers_is_no_part_of_the_text(tmp_path: Path) -> None:
    text = "# T\n\nA.\n\n## References\n\n- Smith. A title. <https://a.example/1>\n\n## More\n\nB."
    assert [block.kind for block in write(tmp_path, "a.md", text)] == [
        *("heading", "text", "heading", "reference", "heading", "text")
    ]
