"""Whether a question asks for a number or a date, and whether a text names one."""

import re

from index.text import fold

# What asks for a quantity, and what asks for a time; both are answered by a figure.
_FIGURE = re.compile(
    r"\b(?:"
    r"how (?:many|much|long|old|often)|percent\w*|when|(?:what|which) (?:year|date|month|day)"
    r"|كم|نسبه|متي|(?:اي|ما) (?:عام|سنه|تاريخ|شهر|يوم|عدد)"
    r"|چند|چقدر|درصد|(?:چه|كدام) (?:سال\w*|تاريخ\w*|زمان\w*|روز\w*|ماه\w*)|كي"
    r"|сколь\w+|процент\w*|когда|как(?:ого|ом|ой|им) (?:год\w*|числ\w*|месяц\w*|дат\w*)"
    r")\b"
)
# Numbers in words, as `fold` spells them; "one" is left out: it is a pronoun, too.
_NUMBER_WORD = re.compile(
    r"\b(?:"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:hundred|thousand|[mb]illion)s?"
    r"|дв[ае]|три|четыре|пять|шесть|семь|восемь|девять|десять|сто|двести|триста"
    r"|тысяч\w{0,3}|миллион\w{0,3}|миллиард\w{0,3}"
    r"|ثلاثه?|اربعه?|خمسه?|سته?|سبعه?|ثمانيه?|تسعه?|عشره?|عشرون|عشرين|ميه|مايه|ميات|الف|الاف"
    r"|مليون|ملايين|مليار|مليارات"
    r"|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|بيست|صد|هزار|ميليون|ميليارد"
    r")\b"
)
_DIGITS = re.compile(r"\d+")


def asks_for_figure(question: str) -> bool:
    """Whether a number or a date would answer: how many, when, which year."""
    return bool(_FIGURE.search(fold(question)))


def figures(text: str) -> set[str]:
    """The runs of digits in `text`, in ASCII digits."""
    return set(_DIGITS.findall(fold(text)))


def names_number(text: str) -> bool:
    """Whether `text` names a number in words."""
    return bool(_NUMBER_WORD.search(fold(text)))
