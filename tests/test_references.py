"""A place in a document → what a reference says of it."""

import pytest
from hijridate import Hijri
from persiantools.jdatetime import JalaliDate

from assistant.calendars import in_words
from assistant.references import Author, authors, source, visible
from index.types import CalendarDate, Document, Section
from tests.citations import DAY, READ

TEXT = "Форум открыт в Казани.\nМинистр сказал: «Это\u200f важно».\n"


def cited(**facts: object) -> object:
    section = Section(0, len(TEXT), language="ru", **facts)  # type: ignore[arg-type]
    return source(Document("a.txt", TEXT, "f" * 64, (section,)), 23, 52, READ)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Anna Smith", [Author("Smith", "Anna")]),
        ("Anna Smith and John van Dyke", [Author("Smith", "Anna"), Author("van Dyke", "John")]),
        ("J. R. Smith; Пётр Иванов", [Author("Smith", "J. R."), Author("Иванов", "Пётр")]),
        ("Anna Smith, Omar bin Said", [Author("Smith", "Anna"), Author("bin Said", "Omar")]),
        ("محمد علي", [Author("محمد علي")]),
        ("علی رضایی و زهرا احمدی", [Author("علی رضایی"), Author("زهرا احمدی")]),
        ("Associated Press", [Author("Associated Press")]),
        ("Редакция сайта", [Author("Редакция сайта")]),
        ("Anna Smith, TASS", [Author("Smith", "Anna")]),
        ("TASS", []),
    ],
)
def test_a_by_line_is_parted_into_persons(byline: str, expected: list[Author]) -> None:
    assert list(authors(byline, "Tass")) == expected


def test_a_source_has_what_its_article_says() -> None:
    found = cited(title="Форум\u200e открыт", date=DAY, outlet="ТАСС", byline="Пётр Иванов")
    reference = found.reference
    assert (reference.title, reference.outlet, reference.day) == ("Форум открыт", "ТАСС", DAY)
    assert reference.authors == (Author("Иванов", "Пётр"),)
    assert found.quote == "Министр сказал: «Это важно»."
    assert (found.anchor.start, found.anchor.end) == (23, 52)


def test_an_article_without_a_headline_goes_by_its_first_words_in_brackets() -> None:
    reference = cited().reference
    assert reference.title == "[Форум открыт в Казани. Министр сказал: «Это важно».]"
    longer = Section(0, 99, language="en")
    text = "The forum opened in Kazan today with guests from many countries of the world."
    found = source(Document("a.txt", text, "f" * 64, (longer,)), 0, 9, None)
    assert found.reference.title == "[The forum opened in Kazan today with guests…]"


def test_only_an_article_with_an_address_was_read_on_a_day() -> None:
    assert cited().reference.accessed is None
    assert cited(url="https://tass.example/1").reference.accessed == READ


def test_a_key_is_the_same_for_every_quotation_of_an_article_and_only_for_those() -> None:
    sections = (Section(0, 22, outlet="RT Arabic", date=DAY), Section(23, 52, outlet="RT Arabic"))
    document = Document("a.txt", TEXT, "f" * 64, sections)
    first, again, other = (source(document, at, at + 2, None) for at in (0, 5, 30))
    assert first.reference.key == again.reference.key != other.reference.key
    assert first.reference.key.startswith("rtarabic2022-")
    assert first.reference.key.isascii()


def test_half_spaces_are_spelling_and_bidi_marks_are_not() -> None:
    assert visible("\u202bمی\u200cشود\u202c\n 24\u200f") == "می\u200cشود 24"


@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_called_as_the_libraries_call_them(month: int) -> None:
    hijri = CalendarDate("hijri", 1445, month, 7)
    for language, era in (("ar", "هـ"), ("en", "AH")):
        name = Hijri(1445, month, 7).month_name(language)
        assert in_words(hijri, language) == f"7 {name} 1445 {era}"
    jalali = CalendarDate("jalali", 1400, month, 7)
    day = JalaliDate(1400, month, 7)
    assert in_words(jalali, "fa") == day.strftime("۷ %B %Y", locale="fa")
    assert in_words(jalali, "en") == day.strftime("7 %B 1400 SH", locale="en")
    assert in_words(jalali, "de") == in_words(jalali, "en")
    assert " " in in_words(hijri, "ru")
