"""Days of one calendar in another: Gregorian, Hijri (Umm al-Qura) and Jalali."""

from collections.abc import Callable
from datetime import date
from typing import Any

from index.types import Calendar, CalendarDate


def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date:
    """Raises ValueError for a day that the calendar does not have, ValueError or OverflowError for
    one that a library does not reach."""
    return _TO_GREGORIAN[calendar](year, month, day)


def to_jalali(day: date) -> CalendarDate:
    """A Gregorian day in the Jalali calendar. Raises ValueError where that does not reach."""
    found = _jalali()(day)
    return CalendarDate("jalali", found.year, found.month, found.day)


def _jalali() -> Any:
    from persiantools.jdatetime import JalaliDate  # noqa: PLC0415 - only Persian dates need it

    return JalaliDate


def _from_jalali(year: int, month: int, day: int) -> date:
    converted: date = _jalali()(year, month, day).to_gregorian()
    return converted


def _from_hijri(year: int, month: int, day: int) -> date:
    from hijridate import Hijri  # noqa: PLC0415 - only Hijri dates need it

    there = Hijri(year, month, day).to_gregorian()
    return date(there.year, there.month, there.day)


_TO_GREGORIAN: dict[Calendar, Callable[[int, int, int], date]] = {
    "gregorian": date,
    "jalali": _from_jalali,
    "hijri": _from_hijri,
}
