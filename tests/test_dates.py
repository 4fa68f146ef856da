"""Publication dates: datelines, labels and today; never the date of an event told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import is_dateline, parse_date, published
from index.types import CalendarDate

DAY = date(2022, 10, 24)


def day_of(lines: list[str], language: str) -> date | None:
    found = published(lines, language)
    return found.day if found else None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("24 October 2022", "en"),
        ("24th of October, 2022", "en"),
        ("October 24, 2022", "en"),
        ("Oct. 24, 2022", "en"),
        ("Monday, 24 October 2022, 10:30 a.m. GMT", "en"),
        ("2022-10-24", "und"),
        ("2022-10-24T23:59:00Z", "und"),
        ("24/10/2022", "en"),
        ("24.10.2022, 12:00", "ru"),
        ("24 октября 2022 года", "ru"),
        ("понедельник, 24 окт. 2022 г.", "ru"),
        ("٢٤ أكتوبر ٢٠٢٢", "ar"),
        ("الإثنين 24 اكتوبر/تشرين الأول 2022", "ar"),
        ("24 تشرين الأول 2022 م", "ar"),
        ("۲۴ اکتبر ۲۰۲۲", "fa"),
        ("۲ آبان ۱۴۰۱", "fa"),
        ("دوشنبه ۲ آبان ماه ۱۴۰۱ - ۱۰:۳۰", "fa"),
        ("1401/08/02", "fa"),
        ("الإثنين 28 ربيع الأول 1444هـ", "ar"),
        ("1444/03/28 هـ", "ar"),
        ("٢٨ ربيع الأول ١٤٤٤ هـ الموافق ٢٤ أكتوبر ٢٠٢٢ م", "ar"),
        ("24 жовтня 2022", "uk"),
        ("24 Ekim 2022", "tr"),
    ],
)
def test_a_full_date_is_read_in_every_language(text: str, language: str) -> None:
    assert parse_date(text, language) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("24 October", "October 2022", "2022", "31.02.2022", "14–19 May 2024", "1443/03/21", ""),
        *("24 October 2022 and 3 May 2023", "The forum of 24 October 2022", "03/04/2024"),
    ],
)
def test_what_is_no_single_full_date_is_none(text: str) -> None:
    assert parse_date(text, "en") is None


@pytest.mark.parametrize(
    "line",
    [
        "وصرّح الوزير بذلك اليوم الإثنين 24 أكتوبر/تشرين الأول 2022، خلال المؤتمر.",
        "The talks opened today, 24 October 2022, in Moscow.",
        "The talks opened today (Monday, October 24, 2022).",
        "Сегодня, 24 октября 2022 года, в Москве прошли переговоры.",
        "این نشست امروز دوشنبه ۲ آبان ۱۴۰۱ برگزار شد.",
        "تاريخ النشر: 24th, October 2022 GMT",
        "Published: 24 October 2022 | Updated: 25 October 2022",
        "Опубликовано 24.10.2022 в 12:00",
        "تاریخ انتشار: ۲ آبان ۱۴۰۱ - ۱۰:۳۰",
    ],
)
def test_a_label_or_today_dates_an_article(line: str) -> None:
    assert day_of(["Headline of the story", "A first paragraph.", line], "und") == DAY


@pytest.mark.parametrize("line", ["24 October 2022", "Moscow, 24 October 2022", "24.10.2022 | RT"])
def test_a_dateline_near_the_top_dates_an_article(line: str) -> None:
    assert day_of(["Headline of the story", line, "A paragraph."], "en") == DAY
    assert published(["A paragraph."] * 20 + [line], "en") is None


@pytest.mark.parametrize(
    ("line", "language", "stated"),
    [
        ("۲ آبان ۱۴۰۱", "fa", CalendarDate("jalali", 1401, 8, 2)),
        ("تاریخ انتشار: ۲ آبان ۱۴۰۱ - ۲۴ اکتبر ۲۰۲۲", "fa", CalendarDate("jalali", 1401, 8, 2)),
        # The moon was seen a day later than Umm al-Qura reckons: the Gregorian day is exact.
        ("27 ربيع الأول 1444 - 24 أكتوبر 2022", "ar", CalendarDate("hijri", 1444, 3, 27)),
        ("24 أكتوبر 2022 - 28 ربيع الأول 1444", "ar", CalendarDate("gregorian", 2022, 10, 24)),
    ],
)
def test_a_date_is_kept_as_it_was_given(line: str, language: str, stated: CalendarDate) -> None:
    assert published(["A headline", line], language) == (DAY, stated)


@pytest.mark.parametrize("line", ["30 صفر 1444 - 3 مايو 2020", "31 رمضان 1444", "1 محرم 1900"])
def test_a_day_that_no_calendar_has_and_two_days_are_none(line: str) -> None:
    assert parse_date(line, "ar") is None


@pytest.mark.parametrize(
    "line",
    [
        "The forum will open on 16 May 2024 in Kazan.",
        "KazanForum, 16 May 2024",
        "اليوم الثلاثاء، طرد القوات من المنطقة.",
        "في ذلك اليوم 24 أكتوبر 2022 وصل الوفد.",
        "The book was published 24 October 2022 in Moscow.",
        "Сегодня, 24 октября, прошли переговоры.",
        "Until today the law of 24 October 2022 holds.",
    ],
)
def test_a_date_of_something_told_is_not_the_publication(line: str) -> None:
    assert published([line, "A paragraph."], "und") is None


def test_a_dateline_is_known_with_and_without_a_label() -> None:
    assert is_dateline("تاريخ النشر: 7th, March 2024 GMT")
    assert is_dateline("٢٧ أكتوبر ٢٠٢١")
    assert not is_dateline("في 27 أكتوبر 2021 عقد الاجتماع")


@given(st.text("0123٤۲/.-,: اليوم today 24 october года", max_size=60))
def test_any_line_is_a_date_or_none(line: str) -> None:
    assert isinstance(day_of([line, line], "ru"), date | None)
