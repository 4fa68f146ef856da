"""Anchors: a place in a document is found again, and what became of it is told."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.anchors import Found, anchor, find, find_all, parse_anchor
from assistant.errors import AnchorError
from index.types import Document
from tests.conftest import document

ARABIC = "وصل الوفد الروسي إلى مدينة قازان. وقال الوزير إنّ الاجتماع كان مفيداً للجانبين."
QUOTE = "وقال الوزير إنّ الاجتماع كان مفيداً"
START = ARABIC.index(QUOTE)
END = START + len(QUOTE)


class Shelf:
    """Documents in memory."""

    def __init__(self, *documents: Document) -> None:
        self._documents = {document.doc_id: document for document in documents}

    def hashes(self) -> dict[str, str]:
        return {doc_id: document.sha256 for doc_id, document in self._documents.items()}

    def document(self, doc_id: str) -> Document | None:
        return self._documents.get(doc_id)


def found_among(*documents: Document) -> Found:
    """Where the quotation stands now, by its anchor as it was printed."""
    wanted = parse_anchor(str(anchor(document("a.txt", ARABIC), START, END)))
    found = find(wanted, Shelf(*documents))
    assert found
    return found


def quoted(found: Found) -> str:
    return found.document.text[found.start : found.end]


def test_an_unchanged_document_has_the_quotation_where_it_stood() -> None:
    found = found_among(document("b.txt", "x" * 100), document("a.txt", ARABIC))
    assert (found.place, found.start, found.end) == ("unchanged", START, END)
    assert quoted(found) == QUOTE


def test_a_renamed_document_is_known_by_its_content() -> None:
    assert found_among(document("new.txt", ARABIC)).place == "unchanged"


def test_text_that_moved_within_its_document_is_found_even_respelled() -> None:
    respelled = "مقدمة جديدة. " + ARABIC.replace("إنّ", "ان").replace(" كان", "\n كان")
    found = found_among(document("a.txt", respelled))
    assert found.place == "moved"
    assert quoted(found) == "وقال الوزير ان الاجتماع\n كان مفيداً"


def test_of_several_places_the_nearest_is_taken() -> None:
    found = found_among(document("a.txt", f"ثم: {ARABIC} {QUOTE}."))
    assert found.start == 4 + START


def test_text_that_only_another_document_has_is_elsewhere() -> None:
    found = found_among(document("a.txt", "شيء آخر تماماً"), document("z.txt", f"نقلاً: {ARABIC}"))
    assert (found.place, found.document.doc_id) == ("elsewhere", "z.txt")
    assert quoted(found) == QUOTE


def test_text_that_was_altered_is_changed_and_what_stands_there_is_shown() -> None:
    altered = ARABIC.replace("مفيداً", "مضراً")
    found = found_among(document("a.txt", altered))
    assert found.place == "changed"
    assert quoted(found) == altered[START:END]


def test_without_document_and_words_it_is_gone() -> None:
    wanted = anchor(document("a.txt", ARABIC), START, END)
    assert find(wanted, Shelf(document("b.txt", "شيء آخر"))) is None


def test_many_lost_anchors_are_looked_for_in_one_reading_of_the_documents() -> None:
    class Counting(Shelf):
        read = 0

        def document(self, doc_id: str) -> Document | None:
            self.read += 1
            return super().document(doc_id)

    gone = document("gone.txt", "Nothing of this is anywhere any more.")
    lost = [anchor(gone, i, i + 9) for i in range(0, 25, 5)]
    there = anchor(document("gone too.txt", ARABIC), START, END)
    shelf = Counting(document("a.txt", "شيء آخر"), document("z.txt", f"نقلاً: {QUOTE}"))
    found = find_all([*lost, there], shelf)
    assert shelf.read == 2
    assert [one for one in found if found[one]] == [there]


@pytest.mark.parametrize(
    "text",
    ["", "sanad:", "sanad:xyz", "sanad:3f2a9c81d0e4-7b2c91-9-3-96-9c3e12ab34cd5678", "a" * 9999],
)
def test_what_is_no_anchor_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(
        AnchorError, match=r"^'.{0,100}' is no anchor; one looks like sanad:\S+ and"
    ):
        parse_anchor(text)


@given(st.lists(st.sampled_from(["ab", "Ё", "ـ", "\u200c", " ", "إ", "é", "👍", "ﷺ"]), max_size=30))
def test_any_span_is_found_in_its_own_document(pieces: Sequence[str]) -> None:
    text = "start " + "".join(pieces) + " end"
    wanted = anchor(document("a.txt", text), 3, len(text) - 2)
    assert parse_anchor(str(wanted)) == wanted
    shifted = find(wanted, Shelf(document("a.txt", f"before {text}")))
    assert shifted
    assert (shifted.place, shifted.start, shifted.end) == ("moved", 10, len(text) + 5)
