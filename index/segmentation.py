"""Text → sentences, in Arabic, Persian, Russian and English, by rules that a reader can follow.

A line end always ends a sentence. So do . ! ? … ؟ ۔ with the quotation marks and brackets that
close after them, unless one of the exceptions below holds. Every rule looks a bounded number of
characters around a mark, so the time is linear in the text, however long a line is.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_LINES = re.compile(r"[^\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# A reference in brackets, as in encyclopedias («…مهم.[12] وقال»), stays with its sentence.
_MARK = re.compile(r"([.!?…؟۔]+)[\"'»”’)\]}›]*(?:\[[^\[\]\n]{1,30}\])*")
_WORD = re.compile(r"\w")
# What may stand between a mark and the word that shows whether a new sentence begins.
_LEAD = re.compile(r"[\s\"'«“‘„‹(\[{—–-]{0,8}")
# The word before a full stop, with its inner full stops (أ.د, т.е, U.S); looked for backwards.
_TOKEN_CHARS = 14
_TOKEN = re.compile(r"[^\s\"'«“„(\[{/]+$")
_ARABIC = re.compile("[\u0620-\u065f\u066e-\u06d3\u06d5\u06fa-\u06ff]")

# A name, a title or a place follows these, never a new sentence.
_BEFORE_NAMES = (
    "mr mrs ms dr prof st gen col capt lt sgt sen rep gov hon rev vs e.g i.e cf viz messrs "
    "г гг им ул пр просп пл пер обл р-н пос дер стр корп акад проф доц канд докт гос зам нач "
    "т.е т.н т.к тт гр гос-ва напр см ср др-р св ред сост тел млн млрд тыс руб коп "
    "أ.د د م أ ق.م ب.م ه ش"
)
# These stand before a number (No. 5, рис. 2, Oct. 24), and only then are no end.
_BEFORE_NUMBERS = (
    "no nos fig figs p pp vol ch sec art eq ed jan feb mar apr jun jul aug sep sept oct nov dec "
    "рис табл ст п пп с гл т ч вып янв фев февр мар апр июн июл авг сен сент окт нояб ноя дек "
    "ص ج رقم ت"
)
_NAMES_FOLLOW = frozenset(_BEFORE_NAMES.split())
_NUMBERS_FOLLOW = frozenset(_BEFORE_NUMBERS.split())
_LONGEST = max(map(len, _NAMES_FOLLOW | _NUMBERS_FOLLOW))

# Beyond this many words a sentence is cut at its semicolons: Arabic prose chains clauses with them.
# Each piece but the last keeps enough words to be understood: a list of names is not cut to names.
_LONG, _MIN_CLAUSE = 60, 20
_SEMICOLON = re.compile(r"[؛;](?=\s{1,3}[\"'«“(]?\w)")


def sentence_spans(text: str, language: str = "und") -> list[Span]:  # noqa: ARG001
    """The sentences of `text`, as `(start, end)` without the white space around them, in order.

    Every character that is no white space belongs to exactly one. The rules go by script, so
    `language` (ISO 639-1) changes nothing at present.
    """
    return [span for line in _LINES.finditer(text) for span in _line_spans(text, *line.span())]


def count_words(text: str) -> int:
    """Words between white space; a very long unbroken string counts one for every 40 characters."""
    return max(len(text.split()), len(text) // 40)


def has_more_words(text: str, start: int, end: int, n: int) -> bool:
    """`count_words(text[start:end]) > n`, counted only where the length leaves it open."""
    length = end - start
    return length >= 2 * n and (length > 40 * (n + 1) or count_words(text[start:end]) > n)


def trim(text: str, start: int, end: int) -> Span:
    """`[start, end)` without the white space at its ends; empty where there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _line_spans(text: str, start: int, end: int) -> Iterator[Span]:
    since, has_word = start, False
    for mark in _MARK.finditer(text, start, end):
        # Marks alone («. . .») are no sentence; each stretch is looked through once.
        has_word = has_word or _WORD.search(text, since, mark.start()) is not None
        since = mark.end()
        if has_word and _ends_sentence(text, start, mark, end):
            yield from _clauses(text, start, since)
            start, has_word = since, False
    yield from _clauses(text, start, end)


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The span whole, or cut at semicolons when it is very long."""
    start, end = trim(text, start, end)
    if start == end:
        return
    if has_more_words(text, start, end, _LONG):
        for mark in _SEMICOLON.finditer(text, start, end):
            if has_more_words(text, start, mark.end(), _MIN_CLAUSE):
                yield start, mark.end()
                start = trim(text, mark.end(), end)[0]
    yield start, end


def _ends_sentence(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    """Whether a sentence from `start` ends with `mark`, in a line to `end`."""
    at = mark.end()
    if at >= end:
        return True
    if not text[at].isspace():
        return _glued(text, start, mark)
    following = _LEAD.match(text, at, end)
    after = following.end() if following else at
    if after >= end:
        return True
    stops = mark[1]
    if text[after].islower() and not _ARABIC.match(text[mark.start() - 1 : mark.start()]):
        return False  # after an Arabic word, a small Latin letter may begin a sentence
    if stops == ".." and not text[after].isupper():
        return False
    return stops != "." or not _abbreviation(text, start, mark.start(), text[after])


def _glued(text: str, start: int, mark: re.Match[str]) -> bool:
    """A mark without a space after it ends a sentence only between whole words of one script, as
    where a page lost a line break: «في روسيا.وقال», «России.Президент»; never in 1.6 or a URL."""
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 2]
    if mark[1][1:2] in (".", "…"):
        return False
    if _ARABIC.match(before) and _ARABIC.match(after):
        return _letters_before(text, start, mark.start()) > 1 and bool(_ARABIC.match(after[1:]))
    cyrillic = "а" <= before.lower() <= "я" and before.islower()
    return cyrillic and len(after) == 2 and "А" <= after[0] <= "Я" and "а" <= after[1] <= "я"


def _letters_before(text: str, start: int, at: int) -> int:
    """How many letters stand unbroken before `at`, counted up to two."""
    pair = text[max(start, at - 2) : at]
    return len(pair) if pair.isalpha() else 1


def _abbreviation(text: str, start: int, at: int, following: str) -> bool:
    """Whether the full stop at `at` belongs to the word before it; `following` begins the next."""
    found = _TOKEN.search(text[max(start, at - _TOKEN_CHARS) : at])
    if found is None:
        return False
    token = found.group()
    if len(token) > _LONGEST and "." not in token:  # a word, as nearly always
        return False
    token_start = at - len(token)
    if token.isdecimal():  # the number of a list's item
        return len(token) <= 3 and not text[start:token_start].strip()
    if _is_single(token):
        return "." in token or not _year_before(text, start, token_start)
    # «وأ.د.»: and Prof. Dr.; a single و before a word without full stops is part of the word.
    word = token.casefold().removeprefix("و" if "." in token else "")
    if word in _NAMES_FOLLOW:
        return True
    return word in _NUMBERS_FOLLOW and following.isdecimal()


def _is_single(token: str) -> bool:
    """An initial or a chain of them: «В», «أ.د», «U.S», «ه‍.ش» (with a joiner after the letter)."""
    parts = token.replace("\u200d", "").split(".")
    return all(len(part) <= 1 for part in parts) and (token[0].isupper() or _arabic(token))


def _arabic(token: str) -> bool:
    return _ARABIC.match(token) is not None


def _year_before(text: str, start: int, at: int) -> bool:
    """Whether a number stands before the letter: «سنة 2021 م. وقال», «5 м.», which may end."""
    return text[max(start, at - 3) : at].rstrip()[-1:].isdecimal()
