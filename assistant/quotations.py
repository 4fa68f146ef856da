"""What a text quotes: its quotation marks in pairs, and the words that stand between them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.analysis import word_spans
from index.text import fold

Span = tuple[int, int]

# Each opening mark with those that close it. Keyboards that mirror, and German and Swedish habits,
# open with what closes elsewhere: »…«, ”…”.
_CLOSING = {"«": "»", "“": "”", "„": "“”", "‹": "›", "»": "«", "”": "”“", '"': '"', "‘": "’"}
_CLOSING |= {"‚": "‘’", "〝": "〞", "❝": "❞", "「": "」", "『": "』"}
_MARKS = re.compile("[" + "".join({*_CLOSING, *"".join(_CLOSING.values())}) + "]")
# No quotation within a paragraph is longer; an opening mark that nothing closes ends there.
_MAX_CHARS = 20_000
# Quotations in quotations; and how far a straight mark looks for its partners.
_MAX_DEPTH, _LOOK = 8, 2_000

_DOTS = r"(?:…|\.(?:[ \u00a0]?\.){2,5})"
_ELLIPSIS = rf"[\[(<]\s?{_DOTS}\s?[\])>]|{_DOTS}|\[\s?-{{1,3}}\s?\]"
# [T]he, report[s], [و]قال: letters changed within a word.
_CHANGED = r"(?:[^\W\d_]+\[[^\W\d_]{1,12}\][^\W\d_]*|\[[^\W\d_]{1,12}\][^\W\d_]+)"
_PUT_IN = r"[\[［][^\[\]［］]{0,200}[\]］]"
_SPECIAL = re.compile(f"(?P<ellipsis>{_ELLIPSIS})|(?P<changed>{_CHANGED})|(?P<put_in>{_PUT_IN})")
_GROUPED = re.compile(r"(?<=\d)[.,](?=\d{3}(?:\D|$))")


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text[start:end]` of a block stands in quotation marks, or in a block quotation; `inner` are
    the quotations within it."""

    start: int
    end: int
    inner: tuple["Quotation", ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a quotation as they are looked for.

    `words` are folded, `spans` where each stands in the quotation. Before word `i` the source may
    have up to `may_skip[i]` more words (an ellipsis, an interpolation in brackets); where
    `optional[i]`, the source need not have it. `patterns` are the words with letters in brackets.
    """

    words: tuple[str, ...]
    spans: tuple[Span, ...]
    may_skip: tuple[int, ...]
    optional: tuple[bool, ...]
    patterns: dict[int, re.Pattern[str]] = field(default_factory=dict)

    @property
    def n_required(self) -> int:
        """How many words the source must have."""
        return self.optional.count(False)


# What an ellipsis may stand for, and an interpolation, in words.
MAX_ELLIPSIS, MAX_INTERPOLATION = 300, 15


def find_quotations(text: str, quoted: Sequence[Span] = ()) -> list[Quotation]:
    """The outermost quotations of a block of text, in order. `quoted` are spans that its format
    marks as quotations, marks around the whole of which are not looked at a second time."""
    forced = [Quotation(*_stripped(text, *span)) for span in _outermost(quoted)]
    starts = [f.start for f in forced]
    found = [q for q in _pairs(text) if not _is_in(q, forced, starts)]
    for f in forced:
        inner = (_later(q, f.start) for q in _pairs(text[f.start : f.end]))
        found.append(Quotation(f.start, f.end, tuple(inner)))
    return sorted((q for q in found if q.start < q.end), key=lambda q: q.start)


def _outermost(spans: Sequence[Span]) -> list[Span]:
    """In order; of any two one ends before the other begins, as elements of a format do."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or span[1] > found[-1][1]:
            found.append(span)
    return found


def _is_in(one: Quotation, forced: Sequence[Quotation], starts: Sequence[int]) -> bool:
    # One mark beyond each end: a format may mark the text and the author write the signs, too.
    after = bisect_right(starts, one.start + 1)
    near = forced[max(0, after - 2) : after]
    return any(f.start - 1 <= one.start and one.end <= f.end + 1 for f in near)


def _later(one: Quotation, by: int) -> Quotation:
    inner = tuple(_later(each, by) for each in one.inner)
    return Quotation(one.start + by, one.end + by, inner)


def _stripped(text: str, start: int, end: int) -> Span:
    """The span without white space, and without one pair of marks around the whole of it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    found = list(_pairs(text[start:end]))
    if len(found) == 1 and found[0].start == 1 and found[0].end >= end - start - 2:
        return start + 1, start + found[0].end
    return start, end


def _pairs(text: str) -> Iterator[Quotation]:
    """Pairs of marks, outermost, each with those inside it."""
    open_: list[tuple[str, int, list[Quotation]]] = []
    for mark in _MARKS.finditer(text):
        char, at = mark.group(), mark.start()
        if _is_apostrophe(text, at, open_):
            continue
        while open_ and (at - open_[0][1] > _MAX_CHARS or len(open_) > _MAX_DEPTH):
            yield from open_.pop(0)[2]
        depth = next((d for d in reversed(range(len(open_))) if char in _CLOSING[open_[d][0]]), -1)
        if depth >= 0 and not _opens(text, at, char):
            _, start, inner = open_[depth]
            lost = [q for _, _, found in open_[depth + 1 :] for q in found]
            del open_[depth:]
            done = Quotation(start, at, (*inner, *lost))
            if open_:
                open_[-1][2].append(done)
            else:
                yield done
        elif char in _CLOSING:
            open_.append((char, mark.end(), []))
    # What nothing closed is no quotation; what stands in it may be.
    yield from (q for _, _, found in open_ for q in found)


def _is_apostrophe(text: str, at: int, open_: Sequence[tuple[str, int, list[Quotation]]]) -> bool:
    """Whether a mark is part of a word (Russia’s, 5"), or of a plural’s end with nothing open."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "’‘" and before.isalnum() and after.isalnum():
        return True
    if text[at] == '"':
        return before.isdigit() and not any(mark == '"' for mark, _, _ in open_)
    return text[at] == "’" and not any(mark in "‘‚" for mark, _, _ in open_)


def _opens(text: str, at: int, char: str) -> bool:
    """Whether a mark that could close opens a quotation within another: one that also opens, after
    a blank or a bracket and before a letter."""
    if char not in _CLOSING:
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    leads = (not before or before.isspace() or before in "([{«“„—–-") and after.isalnum()
    if char == '"':
        # Straight marks: the only sign is the blank before them, and that none just opened.
        return leads and before.isspace() and text.count('"', at + 1, at + _LOOK) >= 2
    return leads and char != "”" and text.find(_CLOSING[char][0], at + 1, at + _LOOK) >= 0


def wanted(text: str) -> Wanted:
    """The words of a quotation, with what its ellipses and brackets allow."""
    words: list[tuple[str, Span, int, bool]] = []
    patterns: dict[int, re.Pattern[str]] = {}
    at = skip = 0
    for special in _SPECIAL.finditer(text):
        skip = _plain(text, at, special.start(), skip, words)
        at = special.end()
        if special["ellipsis"]:
            skip = MAX_ELLIPSIS
        elif special["changed"]:
            patterns[len(words)] = _pattern(special.group())
            shown = fold(re.sub(r"[\[\]]", "", special.group()))
            words.append((shown, special.span(), skip, False))
            skip = 0
        else:
            skip = max(skip, MAX_INTERPOLATION)
            inside = word_spans(special.group())
            base = special.start()
            words += [(word, (base + a, base + b), skip, True) for word, a, b in inside]
    _plain(text, at, len(text), skip, words)
    return Wanted(
        tuple(word for word, _, _, _ in words),
        tuple(span for _, span, _, _ in words),
        tuple(skip for _, _, skip, _ in words),
        tuple(optional for _, _, _, optional in words),
        patterns,
    )


def _plain(
    text: str, start: int, end: int, skip: int, words: list[tuple[str, Span, int, bool]]
) -> int:
    """Add the words of a stretch without signs; what the first of the next one may skip."""
    for word, a, b in word_spans(text[start:end]):
        words.append((canonical(word), (start + a, start + b), skip, False))
        skip = 0
    return skip


def _pattern(text: str) -> re.Pattern[str]:
    """A word of which the letters in brackets may be others."""
    pieces = re.split(r"\[(\w*)\]", text)
    parts = [
        rf"\w{{0,{len(piece) + 3}}}" if i % 2 else re.escape(fold(piece))
        for i, piece in enumerate(pieces)
    ]
    return re.compile("".join(parts))


def canonical(word: str) -> str:
    """A folded word; of a number, one spelling: 1,600 and 1600, 10,5 and 10.5."""
    return _GROUPED.sub("", word).replace(",", ".") if word[:1].isdigit() else word
