"""Whether a question asks for a number or a date."""

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
_DIGITS = re.compile(r"\d+")


def asks_for_figure(question: str) -> bool:
    """Whether a number or a date would answer: how many, when, which year."""
    return bool(_FIGURE.search(fold(question)))


def figures(text: str) -> set[str]:
    """The runs of digits in `text`, in ASCII digits."""
    return set(_DIGITS.findall(fold(text)))
