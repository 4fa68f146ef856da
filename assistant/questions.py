"""What a question asks for: its language, and whether a figure would answer."""

import re

from index.analysis import words
from index.text import fold

# Letters that only Persian has among our languages in Arabic script, and a few words that only it
# writes: enough for questions that happen to use shared letters alone.
_PERSIAN_LETTERS = re.compile("[پچژگ\u06cc\u06a9]")
_ARABIC_LETTERS = re.compile("[ةىيكأإؤ]")
_PERSIAN_WORDS = frozenset(words("است چه چیست کیست کجا کدام که در از را این آن شد بود می"))
_ARABIC_WORDS = frozenset(words("من ما ماذا متى أين كم هل كيف لماذا في على أي التي الذي"))

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


def language_of(question: str) -> str:
    """`ar`, `fa`, `ru` or `en`, by script first: language models are unsure of so few words."""
    letters = [c for c in question if c.isalpha()]
    if sum("\u0400" <= c <= "\u04ff" for c in letters) * 2 > len(letters):
        return "ru"
    if sum("\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufeff" for c in letters) * 2 > len(
        letters
    ):
        return _arabic_or_persian(question)
    return "en"


def _arabic_or_persian(question: str) -> str:
    asked = set(words(question))
    persian = len(_PERSIAN_LETTERS.findall(question)) + 3 * len(asked & _PERSIAN_WORDS)
    arabic = len(_ARABIC_LETTERS.findall(question)) + 3 * len(asked & _ARABIC_WORDS)
    return "fa" if persian > arabic else "ar"


def asks_for_figure(question: str) -> bool:
    """Whether a number or a date would answer: how many, when, which year."""
    return bool(_FIGURE.search(fold(question)))


def figures(text: str) -> set[str]:
    """The runs of digits in `text`, in ASCII digits."""
    return set(_DIGITS.findall(fold(text)))
