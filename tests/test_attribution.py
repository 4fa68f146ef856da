import pytest

from assistant.anchors import anchor
from assistant.attribution import read
from assistant.cited import Named
from assistant.drafts import with_references
from assistant.markdown_draft import read_markdown
from index.types import Document, Section
from tests.conftest import document

NAMED = Named(
    {
        "a.txt": (Section(0, 99, title="The first of all documents"),),
        "b.txt": (Section(0, 99, title="The second of all documents"),),
    }
)
NOTES = "\n\n[^a]: The first of all documents.\n[^b]: The second of all documents."


def cited(text: str) -> list[tuple[str, str]]:
    """Each quotation outside of notes with the documents that are cited for it."""
    blocks = with_references(read_markdown(text + NOTES))
    return [
        (
            r.block.text[q.start : q.end].strip(),
            " ".join(t.doc_id for c in cites for t in c.targets),
        )
        for r in read(blocks, NAMED)
        for q, cites in r.quotations
        if r.block.label is None
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“One.”[^a] “Two.”[^b]", [("One.", "a.txt"), ("Two.", "b.txt")]),
        ("“One” and “two”.[^a]", [("One", "a.txt"), ("two", "a.txt")]),
        ("As it says[^a], “one”.", [("one", "a.txt")]),
        ("“One.” More.[^b]", [("One.", "")]),
        ("“One” ([here](a.txt)).", [("One", "a.txt")]),
        ("“One. Two.” (b.txt) Three.", [("One. Two.", "b.txt")]),
        ("“One”\n[The first of all documents](x)", [("One", "a.txt")]),
        ("> One.\n>\n> Two.[^a]", [("One.", "a.txt"), ("Two.", "a.txt")]),
        ("> One.\n> — The first of all documents", [("One.", "a.txt")]),
        ("> One.\n\nThe second of all documents, 2020.", [("One.", "b.txt")]),
        ("It says (b.txt):\n\n> One.", [("One.", "b.txt")]),
        ("> — One, he said.\n> — Two.", [("— One, he said.", "")]),
    ],
)
def test_a_quotation_takes_the_source_that_a_reader_would(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert cited(text) == found


def test_a_source_belongs_to_its_sentence_and_a_sign_after_the_stop_to_the_one_before() -> None:
    blocks = list(read_markdown("One is so.[^a] Two is so. Three [^b] is so." + NOTES))
    (paragraph, *_) = read(blocks, NAMED)
    assert [[c.label for c in s.cites] for s in paragraph.sentences] == [["a"], [], ["b"]]


def test_a_numbered_list_of_sources_says_what_the_numbers_are() -> None:
    text = "“One” [2].\n\n## Sources\n\n1. The first of all documents\n2. b.txt"
    assert cited(text) == [("One", "b.txt")]


def test_a_number_without_a_source_is_a_citation_of_nothing() -> None:
    (paragraph,) = read(list(read_markdown("So it is [7].")), NAMED)
    assert [(c.label, c.targets) for c in paragraph.cites] == [("7", ())]


def test_anchors_that_the_archive_has_lost_are_looked_for_in_one_reading() -> None:
    class Counting:
        n_read = 0

        def hashes(self) -> dict[str, str]:
            return {"a.txt": "0" * 64}

        def document(self, doc_id: str) -> Document | None:
            self.n_read += 1
            return document(doc_id, "Nothing of the draft is here.")

    gone = document("gone.txt", "Words that are nowhere any more, not one of them.")
    lines = [f"({anchor(gone, i, i + 9)})" for i in range(5)]
    archive = Counting()
    read(list(read_markdown("\n\n".join(lines))), Named({}, archive))
    assert archive.n_read == 1
