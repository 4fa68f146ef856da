import pytest

from assistant.quotations import wanted
from assistant.wordings import Change, Wording, compare, source_words
from index.types import Document, Section
from tests.conftest import document

TEXT = (
    "The minister did not say that Russia would leave the treaty in 2021, because seven members "
    "were against it. Later that day he flew to Kazan with his staff. The forum opened in May and "
    "16,000 guests came."
)


def wording(quote: str, source: Document | None = None) -> Wording:
    found = compare(quote, wanted(quote), source_words(source or document("a.txt", TEXT)))
    assert found is not None
    return found


def test_an_exact_quotation_is_found_at_its_place() -> None:
    found = wording("flew to Kazan with his staff")
    assert TEXT[found.start : found.end] == "flew to Kazan with his staff"
    assert found.to_the_letter


@pytest.mark.parametrize(
    "quote",
    [
        "Flew to Kazan, with his staff",
        "16000 guests came",
        "[H]e flew to Kazan",
        "seven members … flew to Kazan",
        "he [the minister] flew to Kazan",
        "Later that\nday he flew",
    ],
)
def test_spelling_ellipses_brackets_and_line_breaks_change_nothing(quote: str) -> None:
    assert wording(quote).changes == ()


@pytest.mark.parametrize(
    ("quote", "change"),
    [
        ("because eight members were against", Change("replaced", "eight", "seven")),
        ("leave the treaty in 2012", Change("replaced", "2012", "2021")),
        ("The minister did say that Russia", Change("left out", "", "not")),
        ("he never flew to Kazan with his", Change("added", "never", "")),
        ("Kazan with his staff that day", Change("moved", "that day", "")),
    ],
)
def test_what_was_altered_is_told_word_by_word(quote: str, change: Change) -> None:
    assert wording(quote).changes == (change,)


def test_a_half_space_is_no_difference_wherever_it_is_left_out() -> None:
    source = document("a.txt", "قنات آب را نمی‌سازد، فقط آن را تلف نمی‌کند.", "fa")
    for quote in ("آب را نمی سازد، فقط", "آب را نمیسازد، فقط", "آن را تلف نمیکند"):
        assert wording(quote, source).changes == ()


def test_a_caption_between_two_paragraphs_is_not_missed() -> None:
    text = "The bridge was opened. Photo: agency archive. It had been closed for years."
    caption = (text.index("Photo"), text.index("It had") - 1)
    source = Document("a.txt", text, "", (Section(0, len(text), furniture=(caption,)),))
    assert wording("The bridge was opened. It had been closed", source).changes == ()


def test_an_ellipsis_does_not_lead_into_another_article() -> None:
    text = "The bridge was opened today. Pomegranates are cheap this year."
    cut = text.index("Pome")
    source = Document("a.txt", text, "", (Section(0, cut), Section(cut, len(text))))
    (change,) = wording("The bridge was opened … are cheap this year", source).changes
    assert change.kind == "apart"


def test_of_a_long_document_the_surroundings_of_a_place_are_read() -> None:
    text = "word " * 50_000 + "the needle itself " + "word " * 50_000
    words = source_words(document("a.txt", text), near=text.index("needle"))
    assert len(words.words) < 30_000
    found = compare("the needle itself", wanted("the needle itself"), words)
    assert found is not None
    assert text[found.start : found.end] == "the needle itself"


def test_what_shares_no_word_is_nowhere() -> None:
    quote = "entirely different thing"
    assert compare(quote, wanted(quote), source_words(document("a.txt", TEXT))) is None


def test_furniture_that_is_glued_to_a_word_is_no_part_of_it() -> None:
    text = "AdvertisementHe said that it rained."
    section = Section(0, len(text), furniture=((0, len("Advertisement")),))
    assert wording("He said that", Document("a.txt", text, "", (section,))).to_the_letter


def test_a_quotation_in_arabic_may_leave_off_the_and_before_its_first_word() -> None:
    source = document("a.txt", "وعاد التجار إلى السوق وقال المدير ذلك.", "ar")
    assert wording("عاد التجار إلى السوق", source).changes == ()
    assert wording("عاد التجار … قال المدير", source).changes == ()
    assert wording("التجار إلى السوق قال المدير", source).changes != ()
