"""The date on which an article was published, as its own text states it, or None.

It may state it in the Gregorian, the Hijri (Umm al-Qura) or the Jalali calendar. Three statements
count: a dateline (a line that is a date and little else, near the top), a date after a publication
label («تاريخ النشر:»), and a date that the text calls today («اليوم الإثنين 24 أكتوبر/تشرين الأول
2022»). A date of something that the text tells about is none of these.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from index.calendars import to_gregorian
from index.months import GREGORIAN, HIJRI, JALALI
from index.text import fold
from index.types import Calendar, CalendarDate

# A dateline stands among the first lines, before the story is under way.
_HEAD_LINES = 6
_MAX_DATELINE_CHARS = 100
# A label stands in the head of an article or after its end, never in a paragraph.
_LABEL_LINES = 12
_MAX_LABEL_CHARS = 160
# News calls a day today when it opens, and within a long speech today is any day.
_TODAY_CHARS = 4000

_MONTHS = GREGORIAN | JALALI | HIJRI
_NAMES = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
# Both month names of 24 اكتوبر/تشرين الاول; the first one counts.
_MONTH = rf"(?P<month>{_NAMES})\b\.?(?:\s?/\s?(?:{_NAMES})\b)?"
_DAY = r"(?<![\d.,:/-])(?P<day>\d{1,2})"
_YEAR = r"(?P<year>[12]\d{3})(?![\d/]|[.,:-]\d)"
_FORMS = (
    rf"{_DAY}(?:st|nd|rd|th|-?го|-?е)?\.?,?\s?(?:من |of |de )?(?:شهر )?{_MONTH}"
    rf"(?: ماه)?,?\s?(?:عام |سنه |سال )?{_YEAR}",
    rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
    r"(?<![\d.,:/-])(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"(?!\d|[/-])",
    rf"{_DAY}(?P<mark>[-/.])(?P<number>\d{{1,2}})(?P=mark){_YEAR}",
)
_DATES = tuple(map(re.compile, _FORMS))
# A month that the table lacks, for dateparser.
_OTHER = re.compile(rf"{_DAY}\.? (?P<month>[^\W\d_]{{3,20}}) {_YEAR}")

_WEEKDAY = (
    r"(?:يوم )?(?:ال)?(?:اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت|احد)|"
    r"(?:يك|دو|سه|چهار|پنج) ?شنبه|شنبه|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье|пн|вт|ср|чт|пт|сб|вс"
)
_TODAY = re.compile(
    r"(?<!\bذلك )(?<!\w)(?:اليوم|today|сегодня|امروز)(?!\w)[\s,،(:-]{0,3}"
    rf"(?:(?:on |в )?(?:{_WEEKDAY})(?!\w)[\s,،(:-]{{0,3}})?(?:الموافق |مورخ |the )?"
)
_LABEL = re.compile(
    r"(?:تاريخ (?:ال)?نشر|نشر(?:ت)? (?:في|بتاريخ|يوم)|تاريخ الاصدار|"
    r"(?:date )?published(?: on| at)?|publication date|date of publication|posted(?: on)?|"
    r"опубликован[оаы]?|дата публикации|تاريخ انتشار|منتشر شده(?: در)?|زمان انتشار)(?!\w)[\s:.—–-]*"
)
_HOUR = r"t?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?|z|[+-]\d{1,2}:?\d{2})?"
# What may stand beside the date in a dateline and says nothing: weekday, hour, zone, era.
_BESIDE = re.compile(
    rf"(?<!\w)(?:{_WEEKDAY}|{_HOUR}|"
    r"gmt|utc|msk|мск|z|[+-]\d{1,2}:?\d{2}|غرينتش|بتوقيت|ساعت|الساعه|في|at|on|в|"
    r"года?|г|م|هـ?|ميلادي|هجري|الموافق|برابر با|مصادف با|date|дата|تاريخ|التاريخ|بتاريخ)(?!\w)"
)
# How far apart two calendars may put a day: the Hijri month begins when the moon is seen.
_SAME_DAY = timedelta(days=2)
_EDGES = " \t.,،;:|/()[]—–-•·*_«»\"'"


class Dated(NamedTuple):
    """A day, and how a text gives it (first, where it does so twice)."""

    day: date
    stated: CalendarDate


class _Found(NamedTuple):
    dated: Dated
    start: int
    end: int


def published(lines: Sequence[str], language: str) -> Dated | None:
    """When the article whose lines these are, in order and without blank ones, was published."""
    return _dateline(lines, language) or _labelled(lines, language) or _today(lines, language)


def parse_date(text: str, language: str = "und") -> date | None:
    """The date that `text` is and nothing more, but a weekday, an hour, an era. None for a date
    without its year, for two dates, and for one that has two readings (03/04/2024 in English)."""
    found = _only_date(fold(text[:_MAX_LABEL_CHARS]), language)
    return found[0].day if found and not found[1] else None


def is_dateline(text: str, language: str = "und") -> bool:
    """Whether a line is a date, possibly after a publication label."""
    if len(text) > _MAX_LABEL_CHARS:
        return False
    folded = fold(text).strip()
    return _after_label(folded, language) is not None or parse_date(text, language) is not None


def _dateline(lines: Sequence[str], language: str) -> Dated | None:
    for n, line in enumerate(lines[:_HEAD_LINES]):
        if len(line) > _MAX_DATELINE_CHARS:
            continue
        found = _only_date(fold(line), language)
        # A place or an agency may stand beside the date, but not in a headline.
        if found and (not found[1] or (n > 0 and _is_place(found[1]))):
            return found[0]
    return None


def _only_date(folded: str, language: str) -> tuple[Dated, str] | None:
    """The date in a line that has no other number in it, and the words beside it. The same day in a
    second calendar is no other number: «15 شعبان 1445هـ - 25 فبراير 2024م» is of one day."""
    found = _find(folded, language)
    if found is None:
        return None
    before, after = folded[: found.start], folded[found.end :]
    dated, after = _with_second(found.dated, after, language)
    beside = _BESIDE.sub(" ", f"{before} | {after}")
    if re.search(r"\d", beside):
        return None
    return dated, beside.strip(_EDGES)


def _with_second(first: Dated, rest: str, language: str) -> tuple[Dated, str]:
    """The date, exact where a Gregorian one follows it in `rest`, and the rest without that."""
    second = _find(rest, language)
    if not second or second.dated.stated.calendar == first.stated.calendar:
        return first, rest
    if abs(second.dated.day - first.day) > _SAME_DAY:
        return first, rest
    exact = second.dated if second.dated.stated.calendar == "gregorian" else first
    return Dated(exact.day, first.stated), rest[: second.start] + rest[second.end :]


def _is_place(words: str) -> bool:
    """Up to three words, set off from the date by a comma, a bar or a dash: «موسكو، …»."""
    return len(words.split()) <= 3 and "|" not in words and not re.search(r"[.:!?؟]", words)


def _labelled(lines: Sequence[str], language: str) -> Dated | None:
    for line in [*lines[:_LABEL_LINES], *lines[_LABEL_LINES:][-_LABEL_LINES:]]:
        if len(line) <= _MAX_LABEL_CHARS and (day := _after_label(fold(line).strip(), language)):
            return day
    return None


def _after_label(folded: str, language: str) -> Dated | None:
    label = _LABEL.match(folded)
    found = _find(folded[label.end() :], language) if label else None
    if not label or not found:
        return None
    between = _BESIDE.sub(" ", folded[label.end() :][: found.start])
    rest = folded[label.end() :][found.end :]
    return None if between.strip(_EDGES) else _with_second(found.dated, rest, language)[0]


def _today(lines: Sequence[str], language: str) -> Dated | None:
    left = _TODAY_CHARS
    for line in lines:
        folded = fold(line[:left])
        for today in _TODAY.finditer(folded):
            found = _find(folded[today.end() : today.end() + 60], language)
            if found and found.start == 0:
                return found.dated
        left -= len(line)
        if left <= 0:
            return None
    return None


def _find(folded: str, language: str) -> _Found | None:
    """The first full date in folded text and where it stands."""
    matches = [match for form in _DATES if (match := form.search(folded))]
    if not matches and language not in ("ar", "fa", "ru", "en", "und"):
        matches = [match for match in [_OTHER.search(folded)] if match]
    for match in sorted(matches, key=lambda match: match.start()):
        if dated := _date_of(match.groupdict(), language):
            return _Found(dated, match.start(), match.end())
    return None


def _date_of(parts: dict[str, str], language: str) -> Dated | None:
    year, day = int(parts["year"]), int(parts["day"])
    if "number" in parts:
        if year >= 1500 and parts["mark"] == "/" and language == "en" and _ambiguous(parts):
            return None
        return _in_calendar(_calendar(year, language), year, int(parts["number"]), day)
    name = parts["month"]
    if name in HIJRI or name in JALALI:
        calendar: Calendar = "hijri" if name in HIJRI else "jalali"
        return _in_calendar(calendar, year, (HIJRI | JALALI)[name], day) if year < 1500 else None
    if name in _MONTHS:
        return _in_calendar("gregorian", year, _MONTHS[name], day)
    found = _by_dateparser(f"{day} {name} {year}", language)
    return Dated(found, _gregorian(found)) if found else None


def _gregorian(day: date) -> CalendarDate:
    return CalendarDate("gregorian", day.year, day.month, day.day)


def _calendar(year: int, language: str) -> Calendar:
    """Years before 1500 are Persian in Persian, and Hijri in Arabic."""
    if year >= 1500:
        return "gregorian"
    return "jalali" if language == "fa" else "hijri" if language == "ar" else "gregorian"


def _ambiguous(parts: dict[str, str]) -> bool:
    day, month = int(parts["day"]), int(parts["number"])
    return len(parts["year"]) == 4 and day <= 12 and day != month


def _in_calendar(calendar: Calendar, year: int, month: int, day: int) -> Dated | None:
    """None for a day that the calendar does not have, or a library does not reach."""
    if calendar == "gregorian" and year < 1500:
        return None
    try:
        there = to_gregorian(calendar, year, month, day)
        return Dated(there, CalendarDate(calendar, year, month, day))
    except (ValueError, OverflowError):
        return None


def _by_dateparser(text: str, language: str) -> date | None:
    import dateparser  # type: ignore[import-untyped]  # noqa: PLC0415 - other languages are rare

    try:
        settings = {"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}
        found = dateparser.parse(text, languages=[language], settings=settings)
    except ValueError:  # a language that it does not know
        return None
    return found.date() if found else None
