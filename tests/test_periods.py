from datetime import date

import pytest

from index.errors import InputError
from index.periods import days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-2", date(2023, 2, 1), date(2023, 2, 28)),
        (" 2024-12-31 ", date(2024, 12, 31), date(2024, 12, 31)),
        ("٢٠٢٤-٠٣", date(2024, 3, 1), date(2024, 3, 31)),
        ("۱۹۹۹–۱۲", date(1999, 12, 1), date(1999, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: date, last: date) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-00", "2023-02-29", "0000", "may 2024", "2024-01-01-01"]
)
def test_what_is_no_period_is_told_in_one_line(text: str) -> None:
    with pytest.raises(InputError, match="2024-01-31, 2024-01 or 2024"):
        days(text)
