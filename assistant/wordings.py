"""A quotation against the text of a document: where it stands, and what differs, word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.alignment import MAX_CELLS, Alignment, align
from assistant.quotations import Span, Wanted, canonical
from index.analysis import word_spans
from index.types import Document, Section

ChangeKind = Literal["replaced", "added", "left out", "moved", "apart"]

# Of a longer document only the surroundings of a likely passage are read, that many characters on
# each side, more for a long quotation.
_AROUND = 30_000
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
# How much of a stretch that is left out is shown.
_SHOWN_CHARS = 300


@dataclass(frozen=True, slots=True)
class Change:
    """What differs: words of the draft where the source has others (`replaced`), none (`added`) or
    the same elsewhere (`moved`); words of the source that the draft leaves out without a sign
    (`left out`), or too many of them at an ellipsis (`apart`)."""

    kind: ChangeKind
    draft: str
    source: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The stretch `[start, end)` of a document's text that is most like a quotation.

    `likeness`, at most 1, is the share of its words that are unaltered; `to_the_letter` is whether
    spelling and punctuation, too, are the source's.
    """

    doc_id: str
    start: int
    end: int
    likeness: float
    changes: tuple[Change, ...]
    to_the_letter: bool


@dataclass(frozen=True, slots=True)
class SourceWords:
    """Words of a document, or of a part of it, with their spans in its text."""

    document: Document
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    numbers: dict[str, NDArray[np.int32]]


def source_words(document: Document, near: int | None = None, n_chars: int = 0) -> SourceWords:
    """The words of a document; of a long one those around the character `near`, for a quotation of
    `n_chars`."""
    text, around = document.text, max(_AROUND, 2 * n_chars)
    start, end = (0, len(text))
    if near is not None and len(text) > 2 * around:
        start, end = max(0, near - around), min(len(text), near + around)
    found = [each for piece in _pieces(document, start, end) for each in _words(text, *piece)]
    words = tuple(word for word, _, _ in found)
    places: dict[str, list[int]] = {}
    for i, word in enumerate(words):
        places.setdefault(word, []).append(i)
    numbers = {word: np.array(at, np.int32) for word, at in places.items()}
    return SourceWords(document, words, tuple((a, b) for _, a, b in found), numbers)


def _pieces(document: Document, start: int, end: int) -> Iterator[Span]:
    """A span cut where furniture begins or ends: a page may have glued it to a word."""
    edges = {at for s in document.sections for span in s.furniture for at in span}
    cuts = [start, *sorted(at for at in edges if start < at < end), end]
    return pairwise(cuts)


def _words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for word, a, b in word_spans(text[start:end]):
        yield canonical(word), start + a, start + b


def compare(quote: str, wanted: Wanted, source: SourceWords) -> Wording | None:
    """The stretch of the source that is most like a quotation; None where no word is there."""
    n, m = len(wanted.words), len(source.words)
    if not n or not m or n * m > MAX_CELLS:
        return None
    equal = _equal(wanted, source)
    if not equal.any():
        return None
    found = align(equal, [skip > 0 for skip in wanted.may_skip], wanted.optional)
    span = found.span
    if span is None or not any(_is_same(found, equal)):
        return None
    changes = tuple(_changes(quote, wanted, source, found, equal))
    same = _is_same(found, equal)
    kept = sum(is_same and not wanted.optional[i] for i, is_same in enumerate(same))
    likeness = 1.0 if not changes else min(0.99, kept / max(1, wanted.n_required))
    start, end = source.spans[span[0]][0], source.spans[span[1]][1]
    alike = not changes and _to_the_letter(quote, wanted, source, found)
    return Wording(source.document.doc_id, start, end, likeness, changes, alike)


def _equal(wanted: Wanted, source: SourceWords) -> NDArray[np.bool_]:
    equal = np.zeros((len(wanted.words), len(source.words)), np.bool_)
    for i in range(len(wanted.words)):
        for known in _spelled(wanted, i, source):
            equal[i, source.numbers[known]] = True
    return equal


def _spelled(wanted: Wanted, i: int, source: SourceWords) -> list[str]:
    """The words of the source that are word `i` of a quotation."""
    if pattern := wanted.patterns.get(i):
        return [known for known in source.numbers if pattern.fullmatch(known)]
    word = wanted.words[i]
    # Who quotes from the middle of an Arabic sentence leaves off the و or ف that is tied to it.
    begins = i == 0 or wanted.may_skip[i] > 0
    alike = (word, f"و{word}", f"ف{word}") if begins and word[0] in _ARABIC else (word,)
    return [known for known in alike if known in source.numbers]


def _is_same(found: Alignment, equal: NDArray[np.bool_]) -> list[bool]:
    """Of each word of the quotation whether the source has it, too."""
    return [p is not None and bool(equal[i, p]) for i, p in enumerate(found.pairs)]


@dataclass(frozen=True, slots=True)
class _Region:
    """Words `[a, b)` of the draft against words `[c, d)` of the source, between equal ones."""

    a: int
    b: int
    c: int
    d: int
    n: int  # words of the quotation

    @property
    def at_end(self) -> bool:
        """Whether it is the beginning or the end of the quotation."""
        return self.a == 0 or self.b == self.n


def _regions(found: Alignment, equal: NDArray[np.bool_]) -> Iterator[_Region]:
    """What lies between the words that are the same, in order; the ends of the source are open."""
    same = [(i, p) for i, p in enumerate(found.pairs) if p is not None and equal[i, p]]
    n = len(found.pairs)
    first, last = same[0], same[-1]
    yield _Region(0, first[0], _lowest(found, 0, first[0], first[1]), first[1], n)
    for (i, p), (j, q) in pairwise(same):
        yield _Region(i + 1, j, p + 1, q, n)
    yield _Region(last[0] + 1, n, last[1] + 1, _highest(found, last[0] + 1, n, last[1] + 1), n)


def _lowest(found: Alignment, a: int, b: int, otherwise: int) -> int:
    return min((p for p in found.pairs[a:b] if p is not None), default=otherwise)


def _highest(found: Alignment, a: int, b: int, otherwise: int) -> int:
    return max((p + 1 for p in found.pairs[a:b] if p is not None), default=otherwise)


def _changes(
    quote: str,
    wanted: Wanted,
    source: SourceWords,
    found: Alignment,
    equal: NDArray[np.bool_],
) -> Iterator[Change]:
    for region in _regions(found, equal):
        differs = region.a < region.b or region.c < region.d
        if differs and (change := _change(quote, wanted, source, region)):
            yield change


def _change(quote: str, wanted: Wanted, source: SourceWords, region: _Region) -> Change | None:
    own = [i for i in range(region.a, region.b) if not wanted.optional[i]]
    said = [wanted.words[i] for i in own]
    if "".join(said) in _written_together(source, region):
        return None
    if not own:
        return _left_out(wanted, source, region)
    drafted = quote[wanted.spans[own[0]][0] : wanted.spans[own[-1]][1]]
    n_there = region.d - region.c
    # Around a sign of omission nobody can say what answers to the words beside it.
    skips = any(wanted.may_skip[region.a : region.b + 1]) and n_there > 2 * len(own)
    if (region.at_end or not n_there or skips) and _stands_in(source, said):
        return Change("moved", drafted, "")
    if not n_there or skips:
        return Change("added", drafted, "")
    return Change("replaced", drafted, _slice(source, region.c, region.d))


def _left_out(wanted: Wanted, source: SourceWords, region: _Region) -> Change | None:
    """What the source has more; nothing where a sign says so, or it is no part of the article."""
    if _is_furniture(source, region):
        return None
    allowed = max(wanted.may_skip[region.a : region.b + 1], default=0)
    if allowed >= region.d - region.c and not _crosses(source, region):
        return None
    return Change("apart" if allowed else "left out", "", _slice(source, region.c, region.d))


def _written_together(source: SourceWords, region: _Region) -> Iterator[str]:
    """What stands in the source, as one word: رأی گیری and رأی‌گیری are the same. At the ends of a
    quotation a word of it may be two or three of the source."""
    for c in range(max(0, region.c - 2 * (region.a == 0)), region.c + 1):
        for d in range(region.d, region.d + 1 + 2 * (region.b == region.n)):
            yield "".join(source.words[c:d])


def _slice(source: SourceWords, c: int, d: int) -> str:
    if c >= d:
        return ""
    text = source.document.text[source.spans[c][0] : source.spans[d - 1][1]]
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + " …"


def _stands_in(source: SourceWords, words: Sequence[str]) -> bool:
    """Whether words stand in a row anywhere in the source, two at least."""
    if len(words) < 2:
        return False
    n = len(words)
    starts = source.numbers.get(words[0], np.zeros(0, np.int32))
    return any(source.words[i : i + n] == tuple(words) for i in starts.tolist())


def _is_furniture(source: SourceWords, region: _Region) -> bool:
    """Whether all that is left out is no part of the article: a caption, a read-also box."""
    start, end = source.spans[region.c][0], source.spans[region.d - 1][1]
    spans = [span for section in source.document.sections for span in section.furniture]
    return any(a <= start and end <= b for a, b in spans)


def _crosses(source: SourceWords, region: _Region) -> bool:
    """Whether a gap leads from one article of the file into another."""
    before, after = source.spans[region.c][0], source.spans[region.d - 1][1]
    return _section(source.document, before) != _section(source.document, after)


def _section(document: Document, at: int) -> Section | None:
    return next((s for s in document.sections if s.start <= at <= s.end), None)


def _to_the_letter(quote: str, wanted: Wanted, source: SourceWords, found: Alignment) -> bool:
    """Whether each run of words, up to a sign of omission or a bracket, is the source's to the
    letter, white space aside."""
    if wanted.patterns:
        placed = [(i, p) for i, p in enumerate(found.pairs) if i not in wanted.patterns]
    else:
        placed = list(enumerate(found.pairs))
    text = source.document.text
    for run in _runs(wanted, placed):
        (i, p), (j, q) = run[0], run[-1]
        mine = quote[wanted.spans[i][0] : wanted.spans[j][1]]
        if mine.split() != text[source.spans[p][0] : source.spans[q][1]].split():
            return False
    return True


def _runs(
    wanted: Wanted, placed: Sequence[tuple[int, int | None]]
) -> Iterator[list[tuple[int, int]]]:
    """Words that follow each other both here and there."""
    run: list[tuple[int, int]] = []
    for i, place in placed:
        if place is None or wanted.optional[i]:
            continue
        goes_on = run and i == run[-1][0] + 1 and place == run[-1][1] + 1 and not wanted.may_skip[i]
        if run and not goes_on:
            yield run
            run = []
        run.append((i, place))
    if run:
        yield run


# A likeness that chance does not reach: short quotations need more of their words.
def is_same_quotation(wording: Wording, n_words: int) -> bool:
    """Whether a quotation is meant to be this stretch, altered, rather than another one."""
    return wording.likeness >= (0.6 if n_words < 8 else 0.5)
