"""A language model's text → its sentences, each with the numbers of the passages it points at.

A marker is a bracket that holds numbers and nothing else, in any script's digits: [1], [1, 2],
[1][2], [1-3], [^1], [[1]], 【1】, ［1］. One in code (backticks) is text. The reader takes one
character at a time and holds back at most a bracket's beginning, so the time is linear and it makes
no difference how a stream cuts the text.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from index.segmentation import Span, sentence_spans

_OPENING, _CLOSING = "[【［", "]】］"
_SEPARATORS = ",،、;؛"
_DASHES = "-–"
# Longer ones are text; so is a number of four digits, which is a year.
_MAX_CHARS, _MAX_DIGITS, _MAX_RANGE = 40, 3, 10
# Inline code ends with its line at the latest, a fenced block with its fence.
_FENCE_TICKS = 3
_NEEDS_SPACE = "«“("


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its markers; `markers` are (place in `text`, number), in order."""

    text: str
    markers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it; `markers` each once, in order, known or not."""

    text: str
    markers: tuple[int, ...]


def read_markers(text: str) -> Marked:
    """The whole of a text at once."""
    reader = MarkerReader()
    reader.feed(text)
    return reader.close()


class MarkerReader:
    """Takes a text in pieces, however it is cut."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._markers: list[tuple[int, int]] = []
        self._held = ""
        self._ticks = self._code = self._to_close = 0
        self._after_marker = False

    def feed(self, piece: str) -> None:
        """Read on."""
        for char in piece:
            self._take(char)

    def so_far(self) -> Marked:
        """What has been read, without a bracket that may become a marker."""
        return Marked("".join(self._out), tuple(self._markers))

    def close(self) -> Marked:
        """The end: a marker that the stream cut off counts as far as it came."""
        if not (self._held and self._mark()):
            self._release()
        return self.so_far()

    def _take(self, char: str) -> None:
        if char == "`":
            self._release()
            self._ticks += 1
            self._put(char)
            return
        if self._ticks:
            self._end_of_ticks()
        if self._code:
            self._put(char)
            if char == "\n" and self._code < _FENCE_TICKS:
                self._code = 0
        elif self._to_close and char in _CLOSING:
            self._to_close -= 1
        elif self._held:
            self._take_in_bracket(char)
        else:
            self._take_text(char)

    def _end_of_ticks(self) -> None:
        ticks, self._ticks = self._ticks, 0
        if not self._code:
            self._code = ticks
        elif ticks == self._code or ticks >= self._code >= _FENCE_TICKS:
            self._code = 0

    def _take_text(self, char: str) -> None:
        self._to_close = 0
        if char in _OPENING:
            self._held = char
        else:
            self._put(char)

    def _take_in_bracket(self, char: str) -> None:
        nested = char in _OPENING and self._held == "["
        if char in _CLOSING and self._mark():
            return
        if len(self._held) < _MAX_CHARS and (nested or _may_be_in_marker(char)):
            self._held += char
        else:
            self._release()
            self._take_text(char)

    def _mark(self) -> bool:
        """Take what is held as a marker, if it is one."""
        numbers = _numbers(self._held)
        if not numbers:
            return False
        while self._out and self._out[-1] in " \t\u00a0":
            self._out.pop()
        self._markers.extend((len(self._out), number) for number in numbers)
        self._to_close = sum(char in _OPENING for char in self._held) - 1
        self._held, self._after_marker = "", True
        return True

    def _release(self) -> None:
        held, self._held = self._held, ""
        for char in held:
            self._put(char)

    def _put(self, char: str) -> None:
        glued = self._after_marker and self._out and not self._out[-1].isspace()
        if glued and (char.isalnum() or char in _NEEDS_SPACE):
            self._out.append(" ")
        self._after_marker = False
        self._out.append(char)


def _may_be_in_marker(char: str) -> bool:
    return char in _SEPARATORS + _DASHES + " ^\u00a0" or unicodedata.decimal(char, None) is not None


def marker_numbers(text: str) -> list[int]:
    """The numbers of a text that is a marker and nothing else; none when it is no marker."""
    marked = read_markers(text)
    return [] if marked.text.strip() else [number for _, number in marked.markers]


def _numbers(held: str) -> list[int]:
    """The numbers of a marker without its closing bracket; none when it is no marker."""
    inner = held.lstrip(_OPENING)
    for separator in _SEPARATORS[1:]:
        inner = inner.replace(separator, ",")
    parts = [part.strip().removeprefix("^").strip() for part in inner.split(",")]
    found = [_range(part) for part in parts if part]
    return [number for numbers in found for number in numbers] if all(found) else []


def _range(part: str) -> list[int]:
    """The numbers of `3` or `2-4`; none for anything else."""
    ends = [end.strip() for end in part.replace("–", "-").split("-")]
    if len(ends) > 2 or not all(end.isdecimal() and len(end) <= _MAX_DIGITS for end in ends):
        return []
    first, last = int(ends[0]), int(ends[-1])
    return list(range(first, last + 1)) if 0 <= last - first < _MAX_RANGE else []


def sentences(marked: Marked) -> list[Drafted]:
    """The sentences that hold a word, in order, with the markers in them and after them. A marker
    at the beginning of a line belongs to what follows on that line."""
    text = marked.text
    spans = [span for span in sentence_spans(text) if re.search(r"\w", text[slice(*span)])]
    if not spans:
        return []
    of: list[list[int]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    for place, number in marked.markers:
        of[_owner(text, spans, starts, place)].append(number)
    return [
        Drafted(text[start:end], tuple(dict.fromkeys(numbers)))
        for (start, end), numbers in zip(spans, of, strict=True)
    ]


def _owner(text: str, spans: list[Span], starts: list[int], place: int) -> int:
    before = bisect_left(starts, place) - 1
    if before < 0:
        return 0
    if before + 1 < len(spans) and "\n" in text[spans[before][1] : place]:
        return before + ("\n" not in text[place : starts[before + 1]])
    return before
