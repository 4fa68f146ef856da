"""One folding for search, highlighting, de-duplication and quote checking.

Two spellings that a reader takes for the same word fold to the same string: composed and
decomposed letters, Arabic presentation forms, alef and hamza seats, the Arabic and the Persian
ya and kaf, ta marbuta and he, tatweel, diacritics, half-spaces, every script's digits, ё and е,
case, soft hyphens, bidi marks, typographic quotation marks and dashes. Runs of white space become
one space, so a quotation is found across a line break.

`fold` gives the folded text alone and is fast; `fold_with_offsets` also says where in the original
each folded character stands, so that a match can be shown exactly as it was written.

The bundled encoder's tokenizer carries the same folding (`index.training.tokenizer` builds it from
the tables here); a test holds the two together.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Invisible or purely typographic: soft hyphen, joiners, bidi controls, variation selectors,
# tatweel, and the spacing forms of Arabic diacritics.
IGNORED = (
    "\u00ad\u034f\u061c\u0640\u180b-\u180e\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufe70-\ufe7f\ufcf2-\ufcf4\ufeff"
)
# The zero-width non-joiner is Persian's half-space; the zero-width space is a word boundary.
HALF_SPACES = "\u200b\u200c"

# Characters of combining class 0 that still compose with the one before them (Unicode primary
# composites whose second character is a starter, and the Hangul vowels and finals).
_COMPOSING_STARTERS = (
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e"
    "\u1160-\u11ff\u1b35\uff9e\uff9f\uffa0-\uffdc"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
)

_LETTERS = {
    "ا": "آأإٱٲٳ",
    "و": "ؤ",
    "ي": "ئىیېۍێےۓ",
    "ك": "کڪ",
    "ه": "ةۀہۂۃەھ",
    "е": "ёѐ",
    "и": "ѝ",
    "o": "øǿ",
    "l": "ł",
    "d": "đð",
    "i": "ı",
    "ae": "æǽ",
    "oe": "œ",
    "": "ٴ",
}
_PUNCTUATION = {
    ",": "،٬、",
    ";": "؛",
    "?": "؟",
    ".": "۔٫。",
    "%": "٪",
    '"': "“”„‟«»″❝❞〝〞",
    "'": "‘’‚‛‹›ʼʹ′`",
    "-": "‐‒–—―−⁃",
    " ": HALF_SPACES,
}
_SPECIAL = {
    char: folded
    for table in (_LETTERS, _PUNCTUATION)
    for folded, chars in table.items()
    for char in chars
}

_IGNORED_RE = re.compile(f"[{IGNORED}]+")
_SPACE_RE = re.compile(r"\s+")
# It is folded to itself, and so is what stands around it, as if nothing did.
_BETWEEN = "\0"


def valid(text: str) -> str:
    """`text` with whatever UTF-8 cannot carry (lone surrogates: bytes of a command line that were
    no text) as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def fold_char(char: str) -> str:
    """The folded form of one character of NFKC text: `""`, one character or a few."""
    if unicodedata.combining(char):
        return ""
    if char.isspace():
        return " "
    if (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    folded = "".join(_SPECIAL.get(c, c) for c in _bare(_SPECIAL.get(char, char).casefold()))
    return unicodedata.normalize("NFKC", folded)


def _bare(text: str) -> str:
    """Latin and Greek letters without their accents; other scripts as they are (й is not и)."""
    return "".join(_bare_char(char) for char in text if not unicodedata.combining(char))


def _bare_char(char: str) -> str:
    name = unicodedata.name(char, "")
    if char.isascii() or not name.startswith(("LATIN", "GREEK")):
        return char
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


class _Table(dict[int, str]):
    """`str.translate` table that works each character out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = fold_char(chr(codepoint))
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The normal form of `text`; `fold(fold(text)) == fold(text)`."""
    if text.isascii():
        return _SPACE_RE.sub(" ", text.lower().replace("`", "'"))
    visible = _IGNORED_RE.sub("", text)
    return _SPACE_RE.sub(" ", unicodedata.normalize("NFKC", visible).translate(_TABLE))


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each of many short texts, in a third of the time: all at once."""
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != len(texts) - 1:
        return list(map(fold, texts))
    return fold(joined).split(_BETWEEN)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with its way back.

    `starts[i]` and `ends[i]` bound, in code points of `original`, what folded character `i` came
    from; both are non-decreasing.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of folded `[start, end)`; an empty one stays empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def find_all(self, folded: str) -> Iterator[tuple[int, int]]:
        """Original spans of every non-overlapping occurrence of `folded`, in order."""
        at = self.text.find(folded) if folded else -1
        while at >= 0:
            yield self.span(at, at + len(folded))
            at = self.text.find(folded, at + len(folded))


def fold_with_offsets(text: str) -> Folded:
    """`fold(text)` and, for each of its characters, the original span it came from."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _part_re().finditer(text):
        start, end = match.span()
        alone = match[1].translate(_ALONE) if match[1] else ""
        if len(alone) == end - start:  # nearly all of a text, and all at once
            pieces.append(alone)
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            continue
        for cluster in match[1] or [match[0]]:
            pieces.append(_fold_cluster(cluster))
            starts.extend([start] * len(pieces[-1]))
            start += len(cluster)
            ends.extend([start] * len(pieces[-1]))
    return _merge_spaces(text, "".join(pieces), starts, ends)


def _merge_spaces(original: str, folded: str, starts: list[int], ends: list[int]) -> Folded:
    """Each run of spaces as one space that covers the whole run."""
    if "  " not in folded:
        return Folded(original, folded, tuple(starts), tuple(ends))
    keep = [i for i, c in enumerate(folded) if c != " " or i == 0 or folded[i - 1] != " "]
    last = [*(i - 1 for i in keep[1:]), len(folded) - 1]
    return Folded(
        original,
        "".join(folded[i] for i in keep),
        tuple(starts[i] for i in keep),
        tuple(ends[i] for i in last),
    )


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    visible = _IGNORED_RE.sub("", cluster)
    return unicodedata.normalize("NFKC", visible).translate(_TABLE)


class _Alone(dict[int, str]):
    """The same of single characters, as a `str.translate` table; what does not fold to one makes a
    text longer, so that it is noticed."""

    def __missing__(self, codepoint: int) -> str:
        folded = _fold_cluster(chr(codepoint))
        self[codepoint] = folded if len(folded) == 1 else "  "
        return self[codepoint]


_ALONE = _Alone()


@lru_cache(maxsize=1)
def _part_re() -> re.Pattern[str]:
    """Characters that nothing composes with (group 1), else one with whatever may: such clusters
    fold independently."""
    follows = f"{_marks()}{_COMPOSING_STARTERS}{IGNORED}"
    return re.compile(f"([^{follows}]+(?![{follows}]))|(?s:.)[{follows}]*")


def _marks() -> str:
    """Every combining character, and every one that NFKC turns into one, as a character class."""
    marks = [cp for cp in range(0x300, 0x1F000) if _is_mark(chr(cp))]
    ranges: list[list[int]] = []
    for cp in marks:
        if ranges and ranges[-1][1] == cp - 1:
            ranges[-1][1] = cp
        else:
            ranges.append([cp, cp])
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in ranges)


def _is_mark(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0
