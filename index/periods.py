"""2024-01 → its first and its last day."""

import re
from calendar import monthrange
from datetime import date

from index.errors import InputError
from index.text import fold

_PERIOD = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def days(text: str) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year, such as 2024-01-31, 2024-01 or 2024,
    in any script's digits. Raises InputError for anything else."""
    match = _PERIOD.fullmatch(fold(text).strip())
    try:
        return _days(*(int(part) for part in match.groups() if part)) if match else _days(0)
    except ValueError:
        raise InputError(
            f"'{text}' is no day, month or year, such as 2024-01-31, 2024-01 or 2024"
        ) from None


def _days(year: int, month: int | None = None, day: int | None = None) -> tuple[date, date]:
    if day is not None and month is not None:
        return date(year, month, day), date(year, month, day)
    if month is not None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
