"""The numbers and dates that a text tells, in one form for every script, language and calendar."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.number_words import may_tell
from assistant.quotations import canonical
from index.calendars import to_gregorian, to_jalali
from index.months import GREGORIAN, IN_MONTH, JALALI
from index.text import fold
from index.types import Calendar

_MONTHS = GREGORIAN | JALALI | IN_MONTH
_NAMES = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
# Both month names of 24 اكتوبر/تشرين الاول; a day may be a range: 23–26 October.
_MONTH = rf"(?P<month>{_NAMES})\b\.?(?:\s?/\s?(?:{_NAMES})\b)?(?: ماه)?"
_DAY = r"(?<![\d.,:/-])(?:\d{1,2} ?- ?)?(?P<day>\d{1,2})(?:st|nd|rd|th|-?го|-?е)?\.?,?\s?"
_YEAR = r"(?P<year>[12]\d{3})(?![\d/]|[.,:-]\d)"
_FORMS = (
    rf"{_DAY}(?:من |of |de )?(?:شهر )?{_MONTH}(?:,?\s?(?:عام |سنه |سال )?{_YEAR})?",
    rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,:]?\d)(?:,? {_YEAR})?",
    rf"\b{_MONTH},? (?:من )?(?:عام |سنه |سال |в )?{_YEAR}",
    r"(?<![\d.,:/-])(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"(?!\d|[/-])",
    rf"(?<![\d.,:/-])(?P<day>\d{{1,2}})(?P<mark>[-/.])(?P<number>\d{{1,2}})(?P=mark){_YEAR}",
)
_DATES = tuple(map(re.compile, _FORMS))
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as a text tells it: its month in its calendar, its day and year where given."""

    month: int
    day: int | None
    year: int | None
    jalali: bool = False

    def may_be(self, other: "Day") -> bool:
        """Whether both may be the same date: nothing that both tell differs. Of dates in two
        calendars one must be whole for anything to differ."""
        if self.jalali != other.jalali:
            mine, theirs = self._in_other_calendar(), other._in_other_calendar()
            pairs = [(mine, other), (self, theirs)]
            return all(a is None or b is None or a.may_be(b) for a, b in pairs)
        pairs_ = ((self.day, other.day), (self.year, other.year))
        same = all(a is None or b is None or a == b for a, b in pairs_)
        return self.month == other.month and same

    @property
    def gregorian(self) -> datetime.date | None:
        """The day, where it is told whole and exists."""
        if self.day is None or self.year is None:
            return None
        try:
            calendar: Calendar = "jalali" if self.jalali else "gregorian"
            return to_gregorian(calendar, self.year, self.month, self.day)
        except ValueError:
            return None

    def _in_other_calendar(self) -> "Day | None":
        """The same day in the other calendar, where it is told whole and exists."""
        if (whole := self.gregorian) is None:
            return None
        if self.jalali:
            return Day(whole.month, whole.day, whole.year)
        jalali = to_jalali(whole)
        return Day(jalali.month, jalali.day, jalali.year, jalali=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """Dates with how they are written, numbers in one spelling (1600 for 1,600), each with how it
    is written; a number within a date is none."""

    dates: tuple[tuple[Day, str], ...]
    numbers: tuple[tuple[str, str], ...]


def figures_of(text: str) -> Figures:
    """The figures of a text, in order."""
    folded = fold(text)
    dates = list(_dates(folded))
    rest = list(folded)
    for _, start, end in dates:
        rest[start:end] = " " * (end - start)
    numbers = [(canonical(m.group()), m.group()) for m in _NUMBER.finditer("".join(rest))]
    return Figures(tuple((day, folded[a:b].strip()) for day, a, b in dates), tuple(numbers))


def _dates(folded: str) -> Iterator[tuple[Day, int, int]]:
    taken: list[tuple[int, int]] = []
    for form in _DATES:
        for found in form.finditer(folded):
            day = _day(found.groupdict())
            if day and all(found.end() <= a or b <= found.start() for a, b in taken):
                taken.append(found.span())
                yield day, *found.span()


def _day(parts: dict[str, str | None]) -> Day | None:
    year = int(parts["year"] or 0) or None
    day = int(parts["day"] or 0) if parts.get("day") else None
    if name := parts.get("month"):
        month, jalali = _MONTHS[name], name in JALALI
    else:
        # Figures alone before 1500 are Persian.
        month, jalali = int(parts["number"] or 0), year is not None and year < 1500
    valid = 1 <= month <= 12 and (day is None or 1 <= day <= 31)
    return Day(month, day, year, jalali) if valid else None


def missing(claim: str, told: str, published: datetime.date | None = None) -> list[str]:
    """The dates and numbers of a claim that a text does not tell, as the claim writes them.

    A day is told, too, by the day on which the text was published. A number may be told in words,
    as far as these are known.
    """
    asked, known = figures_of(claim), figures_of(told)
    days = [day for day, _ in known.dates]
    if published:
        days.append(Day(published.month, published.day, published.year))
    lost = [said for day, said in asked.dates if not any(day.may_be(other) for other in days)]
    numbers = {number for number, _ in known.numbers} | _parts(days)
    words = fold(told)
    for number, said in asked.numbers:
        if number not in numbers and not may_tell(words, number):
            lost.append(said)
    return lost


def _parts(days: list[Day]) -> set[str]:
    """Numbers that dates tell: their days and years, the latter in both calendars."""
    known = {str(part) for day in days for part in (day.day, day.year) if part is not None}
    return known | {str(day.gregorian.year) for day in days if day.gregorian}
