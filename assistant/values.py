"""Dates and amounts in a text, and where they stand."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from assistant.questions import NUMBER_WORDS, SCALE_WORDS, figures
from index.months import EVERYDAY, GREGORIAN, IN_MONTH, JALALI
from index.text import fold, fold_with_offsets

_NAMES = [*GREGORIAN, *JALALI, *IN_MONTH]
_MONTHS = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|-?го|-?е)?"
_YEAR = r"(?:1\d{3}|20\d{2})(?!\d)"
_ERA = (
    r"(?: ?(?:bc|bce|ad|ce|г\.|гг\.|года?|году|годах|годы|до н\. ?э\.|م|هـ|ه|ميلادي\w*|هجري\w*"
    r"|قبل الميلاد|شمسي|خورشيدي|قمري|قبل از ميلاد|پيش از ميلاد)(?!\w))*"
)
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th|-?го|-?м|-?й)?|[ivx]{1,5}|первой|второй|перво\w+|\w+th|ال\w+|\w+م)"
)
_DATE = re.compile(
    rf"(?<![\w.])(?:{_DAY}\.? ?(?:of |de |من )?(?:شهر )?(?:{_MONTHS})\b(?:/(?:{_MONTHS})\b)?"
    rf"(?: ماه)?,? ?(?:(?:عام |سنه |سال )?{_YEAR}م?)?{_ERA}"
    rf"|(?:{_MONTHS})\b\.? ?(?:{_DAY}\b,? ?)?(?:(?:of |عام |سنه |سال )?{_YEAR}م?)?{_ERA}"
    rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}"
    rf"|(?:early|mid|late)?[- ]?{_YEAR}(?:'?s|-?(?:х|е|ые|ых|м))\b(?: (?:год\w+|гг\.?))?"
    r"|(?:ال)?(?:عشرين|ثلاثين|اربعين|خمسين|ستين|سبعين|ثمانين|تسعين)(?:ي?ات)(?: القرن \w+)?"
    r"|دهه \d{2,4}"
    rf"|{_YEAR}(?: ?[-/] ?\d{{2,4}}(?!\d))?م?{_ERA}"
    rf"|\d{{1,4}} (?:bc|bce|до н\. ?э\.|ق\.? ?م|قبل الميلاد|پيش از ميلاد)"
    rf"|{_ORDINAL}(?: and {_ORDINAL})? (?:century|centuries|век\w{{0,2}}|столети\w{{1,2}})"
    rf"|(?:القرن|قرن|سده) (?:ال)?\w+(?: عشر| و\w+)?)",
)
# What makes sure that an everyday word is a month: a day and a year do, and these.
_SAYS_MONTH = re.compile(r"\b(?:in|of|by|since|until|from|last|next|في|منذ|ماه|شهر) $")
_MONTH_SAID = re.compile(r" ?ماه\b")
# A year, or a number of years before an era.
_TELLS_YEAR = re.compile(r"\d{3}|\d ?(?:bc|bce|до н|ق\.? ?م|قبل|پيش)")
_APPROX = (
    r"(?:more than|over|about|around|nearly|almost|approximately|at least|less than|up to"
    r"|более(?: чем)?|свыше|около|почти|не менее|менее|примерно|приблизительно"
    r"|اكثر من|نحو|حوالي|ما يقرب من|قرابه|اقل من|ما لا يقل عن|ما يزيد علي"
    r"|بيش از|حدود|نزديك به|كمتر از|تقريبا|بيشتر از) "
)
_DIGITS = r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:[.,/]\d+)?"
_NUMBER = rf"(?:[$€£¥₽]\s?)?(?:{_DIGITS}|\b(?:{NUMBER_WORDS}|{SCALE_WORDS})\b)"
_AMOUNT = re.compile(
    rf"(?:(?:(?<!\w)|(?<=\bو)){_APPROX})?(?P<value>(?<![\d.,/:-]){_NUMBER}"
    rf"(?: ?(?:-|to|до|و|الي|تا|or|или) ?{_NUMBER})?(?: ?\b(?:{SCALE_WORDS})\b)*)"
    r"(?P<percent> ?(?:%|percent|per cent|процент\w*|درصد|بالمي?يه|في المي?يه))?"
    r"(?=(?P<unit>(?: | ?- ?)?[^\W\d_]+)?)"
)
# What belongs to a number even in an answer to "how much" or "how long": measures and money
# (time itself is no unit, but asked for as one: сколько времени),
_MEASURES = (
    r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|km|kilomet\w+|met(?:er|re)s?|miles?|feet"
    r"|foot|inch\w*|acres?|hectares?|kg|kilogram\w*|pounds?|tons?|tonnes?|litres?|liters?|barrels?"
    r"|degrees?|percent|dollars?|euros?|rubles?|roubles?|riyals?"
    r"|год\w*|лет|месяц\w*|недел\w*|д(?:ень|ня|ней)|час\w*|минут\w*|секунд\w*|км|километр\w*"
    r"|метр\w*|мил[ьяи]\w*|фут\w*|гектар\w*|кг|килограмм\w*|тонн\w*|литр\w*|баррел\w*|градус\w*"
    r"|процент\w*|доллар\w*|евро|рубл\w*|времени"
    r"|عاما?|سن(?:ه|وات|ين)|ا?شه(?:ر|ور)|اسابيع|اسبوعا?|يوما?|ايام|ساع(?:ه|ات)|دق(?:يقه|ايق)|كم"
    r"|كيلومتر\w*|مترا?|امتار|ميلا?|اميال|قدما?|هكتار\w*|كيلوغرام\w*|طنا?|اطنان|لترا?|برميلا?"
    r"|درج(?:ه|ات)|دولارا?|يورو|روبلا?|ريالا?|جنيها?|(?:ال)?وقت"
    r"|سال|ماه|هفته|روز|ساعت|دقيقه|ثانيه|كيلومتر\w*|متر|سانتي ?متر|مايل|فوت|هكتار|كيلوگرم|گرم"
    r"|ليتر|بشكه|درجه|درصد|دلار|پوند|تومان"
)
# and people (in Persian تن, too, which is a ton as well) and how often.
_TALLIES = r"times?|people|persons?|раза?|человек\w*|مر(?:ه|ات)|شخصا?|اشخاص|نسمه|بار|نفر|تن"
_MEASURE = re.compile(_MEASURES)
_UNIT = re.compile(f"{_MEASURES}|{_TALLIES}")

# "The fifteenth" is two words in Arabic, the second of which is ten.
_ORDINAL_BEFORE = re.compile(r"(?<!\w)ال\w{3,6} $")

# A word that a number may count.
_COUNTED = re.compile(r" ([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+")
# What a number counts is among so many words after it: 57 Islamic states.
_N_AFTER = 2

Sort = Literal["date", "amount"]


@dataclass(frozen=True, slots=True)
class Value:
    """A date, or an amount: `text[start:end]`, a measure included. `figure` is what stands for the
    number, `unit` the word after an amount or after a date that is a mere year, and may be an
    amount as well; `after` the words of which one is what an amount counts, unless it is
    `measured`: a share, or of a measure or a currency. Words are folded."""

    sort: Sort
    start: int
    end: int
    figure: str
    unit: str = ""
    after: tuple[str, ...] = ()
    measured: bool = False


def values(text: str) -> list[Value]:
    """The dates of `text`, and the amounts that are no part of one."""
    folded = fold_with_offsets(text)
    spans = ((folded.span(v.start, v.end), v) for v in _values(folded.text))
    return [replace(v, start=start, end=end) for (start, end), v in spans]


def new_values(text: str, sort: Sort, besides: Container[str] = ()) -> list[Value]:
    """The values of that sort, none of whose figures is among `besides`; places are those in the
    folded text."""
    return [
        v
        for v in _values(fold(text))
        if v.sort == sort and not any(x in besides for x in figures(v.figure))
    ]


def tells_year(value: Value) -> bool:
    """Whether a date tells its year."""
    return _TELLS_YEAR.search(value.figure) is not None


def is_measure(word: str) -> bool:
    """Whether a folded word is a measure or a currency: numbers of such count nothing."""
    return _MEASURE.fullmatch(word) is not None


def _values(folded: str) -> list[Value]:
    """The same of folded text, in its own offsets."""
    dates = [_date(match) for match in _DATE.finditer(folded) if _is_date(match)]
    amounts = map(_amount, _AMOUNT.finditer(folded))
    return [
        *dates,
        *(
            a
            for a in amounts
            if all(a.end <= d.start or d.end <= a.start for d in dates)
            and not (a.figure.startswith("عشر") and _ORDINAL_BEFORE.search(folded[: a.start]))
        ),
    ]


def _is_date(match: re.Match[str]) -> bool:
    """Not a word that merely is a month's name as well."""
    if match.group().strip(" .,-") not in EVERYDAY:
        return True
    before = match.string[: match.start()]
    said = _SAYS_MONTH.search(before) or _MONTH_SAID.match(match.string, match.end())
    return said is not None


def _date(match: re.Match[str]) -> Value:
    found, (start, end) = match.group(), match.span()
    start += len(found) - len(found.lstrip(" -"))
    # The stop is a month's own only before a year: in Sept. 1990.
    end -= len(found) - len(found.rstrip(" ," if any(map(str.isdigit, found)) else " ,."))
    figure = match.string[start:end]
    counted = _COUNTED.match(match.string, end) if figure.isdecimal() else None
    return Value("date", start, end, figure, counted[1] if counted else "")


def _amount(match: re.Match[str]) -> Value:
    end = match.end("percent") if match["percent"] else match.end("value")
    unit = "" if match["percent"] else (match["unit"] or "").strip(" -")
    if _UNIT.fullmatch(unit):
        end = match.end("unit")
    after = islice(_WORD.finditer(match.string, match.end("value")), _N_AFTER)
    found = tuple(word.group() for word in after)
    measured = bool(match["percent"]) or is_measure(unit)
    return Value("amount", match.start(), end, match["value"].strip(), unit, found, measured)
