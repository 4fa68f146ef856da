import datetime

import pytest

from assistant.figures import Day, figures_of, missing
from assistant.number_words import may_tell
from index.text import fold


@pytest.mark.parametrize(
    "text",
    [
        "on 24 October 2022",
        "October 24, 2022",
        "٢٤ أكتوبر/تشرين الأول ٢٠٢٢",
        "24 октября 2022 года",
        "2022-10-24",
        "24.10.2022",
        "۲۴ اکتبر ۲۰۲۲",
    ],
)
def test_a_date_is_the_same_in_every_language(text: str) -> None:
    assert [day for day, _ in figures_of(text).dates] == [Day(10, 24, 2022)]


def test_a_persian_date_is_told_by_its_gregorian_day() -> None:
    assert missing("on 30 July 2021", "۸ مرداد ۱۴۰۰") == []
    assert missing("on 31 July 2021", "۸ مرداد ۱۴۰۰") == ["31 july 2021"]
    assert missing("in 2021", "۸ مرداد ۱۴۰۰") == []


def test_a_month_alone_must_be_the_same() -> None:
    assert missing("в мае 2021 года", "in March 2021") == ["мае 2021"]
    assert missing("в марте 2021 года", "in March 2021") == []


def test_the_day_of_publication_is_told() -> None:
    today = datetime.date(2022, 10, 24)
    assert missing("On 24 October he spoke", "he spoke today", today) == []
    assert missing("On 25 October he spoke", "he spoke today", today) == ["25 october"]


def test_a_number_is_the_same_in_both_sets_of_digits_and_with_separators() -> None:
    assert missing("1,600 and 79 and 10.5", "١٦٠٠ و ٧٩ و ١٠٫٥") == []
    assert missing("1,600 and 97", "١٦٠٠ و ٧٩") == ["97"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("41", "forty-one works"),
        ("41", "واحد وأربعين كتاباً"),
        ("41", "چهل و یک اثر"),
        ("26", "из двадцати шести городов"),
        ("12", "двенадцатью голосами"),
        ("7", "السابعة"),
        ("80", "هشتاد خانوار"),
    ],
)
def test_a_number_may_be_told_in_words(number: str, text: str) -> None:
    assert may_tell(fold(text), number)
    assert not may_tell(fold(text), "93")
