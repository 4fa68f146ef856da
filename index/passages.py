"""Document → passages: runs of whole sentences, each within one section."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.languages import UNKNOWN, detect, script_of, script_of_language, scripts_in
from index.segmentation import Span, count_words, has_more_words, sentence_spans, trim
from index.types import Document, Passage, Section

__all__ = ["sentence_spans", "split_passages"]

# A short tail joins its neighbour rather than stand alone, even if that makes this much too long.
_SLACK = 1.25
# With fewer words a name or a quotation in another script says nothing about the language.
_MIN_WORDS_FOR_LANGUAGE = 20
_MIN_WORDS_FOR_SCRIPT = 8
# Where a sentence beyond all bounds is cut, best first; else anywhere.
_SOFT = tuple(map(re.compile, (r"[؛;:](?=\s)", r"[،,](?=\s)", r"\s")))


class _Sentence(NamedTuple):  # a quarter of a dataclass's time, and there are millions
    start: int
    end: int
    n_words: int
    script: str | None  # None in a sentence too short to tell
    ends_paragraph: bool


def split_passages(document: Document, min_words: int = 80, max_words: int = 200) -> list[Passage]:
    """The passages of `document` in order, about `min_words` to `max_words` words each.

    A shorter one stands alone only where its section, or the stretch between two pieces of
    furniture, holds no more; none is longer than 1.25 `max_words`. Every character of a section
    that is neither white space nor furniture is in exactly one sentence of exactly one passage.
    """
    return [
        _passage(document, section, group)
        for section in document.sections
        for start, end in _clear_spans(section)
        for group in _groups(_sentences(document.text, start, end, max_words), min_words, max_words)
    ]


def _clear_spans(section: Section) -> Iterator[Span]:
    """What is left of a section between its furniture."""
    start = section.start
    for furniture_start, furniture_end in section.furniture:
        yield start, furniture_start
        start = furniture_end
    yield start, section.end


def _sentences(text: str, start: int, end: int, max_words: int) -> list[_Sentence]:
    piece = text[start:end]
    spans = [
        (start + a, start + b)
        for sentence in sentence_spans(piece)
        for a, b in _bounded(piece, *sentence, max_words)
    ]
    following = [*(span[0] for span in spans[1:]), end]
    scripts = scripts_in(piece)
    return [_sentence(text, *span, at, scripts) for span, at in zip(spans, following, strict=False)]


def _sentence(text: str, start: int, end: int, following: int, scripts: Sequence[str]) -> _Sentence:
    own = text[start:end]
    n_words = count_words(own)
    script = None
    if scripts and n_words >= _MIN_WORDS_FOR_SCRIPT:  # where all have the same, none is looked at
        script = scripts[0] if len(scripts) == 1 else script_of(own, scripts)
    return _Sentence(start, end, n_words, script, "\n" in text[end:following])


def _bounded(text: str, start: int, end: int, max_words: int) -> Iterator[Span]:
    """The span in pieces of at most `max_words` words, cut where a reader would pause."""
    # A window that holds more than max_words words, wherever the sentence is cut.
    window = 40 * max_words
    while start < end:
        if not has_more_words(text, start, end, max_words):
            yield start, end
            return
        cut = start + _cut(text[start : min(end, start + window)], max_words)
        yield trim(text, start, cut)
        start = trim(text, cut, end)[0]


def _cut(window: str, max_words: int) -> int:
    """Where to cut `window`, a text that begins with a word: after at least one character."""
    # Up to the first max_words words, one by one so that a rare cut needs no second counting.
    head = window
    if len(parts := window.split(maxsplit=max_words)) > max_words:
        head = window[: len(window) - len(parts[-1])]
    for mark in _SOFT:
        # A cut in the first half would leave a stump.
        if ends := [found.end() for found in mark.finditer(head, len(head) // 2, len(head) - 1)]:
            return ends[-1]
    return max(1, len(head))


def _groups(
    sentences: Sequence[_Sentence], min_words: int, max_words: int
) -> list[list[_Sentence]]:
    """Runs of sentences: whole paragraphs where they fit, never two scripts, tails joined."""
    groups: list[list[_Sentence]] = []
    for group in _greedy(sentences, min_words, max_words):
        if groups and _joins(groups[-1], group, min_words, max_words):
            groups[-1].extend(group)
        else:
            groups.append(group)
    return groups


def _greedy(
    sentences: Sequence[_Sentence], min_words: int, max_words: int
) -> Iterator[list[_Sentence]]:
    group: list[_Sentence] = []
    n_words, script = 0, None
    for sentence in sentences:
        full = n_words + sentence.n_words > max_words
        if group and (full or _differ(script, sentence.script)):
            yield group
            group, n_words, script = [], 0, None
        group.append(sentence)
        n_words += sentence.n_words
        script = script or sentence.script
        if sentence.ends_paragraph and n_words >= min_words:
            yield group
            group, n_words, script = [], 0, None
    if group:
        yield group


def _joins(
    before: Sequence[_Sentence], group: Sequence[_Sentence], min_words: int, max_words: int
) -> bool:
    n_before = sum(sentence.n_words for sentence in before)
    n_words = sum(sentence.n_words for sentence in group)
    if min(n_before, n_words) >= min_words or n_before + n_words > _SLACK * max_words:
        return False
    return not _differ(_script(before), _script(group))


def _script(sentences: Sequence[_Sentence]) -> str | None:
    return next((s.script for s in sentences if s.script), None)


def _differ(one: str | None, other: str | None) -> bool:
    """Whether two neighbours are in different scripts, each long enough to tell."""
    return None not in (one, other) and one != other


def _passage(document: Document, section: Section, group: Sequence[_Sentence]) -> Passage:
    start, end = group[0].start, group[-1].end
    text = document.text[start:end]
    return Passage(
        passage_id=f"{document.doc_id}#{start}-{end}",
        doc_id=document.doc_id,
        start=start,
        end=end,
        text=text,
        language=_language(text, sum(s.n_words for s in group), section.language),
        sentences=tuple((s.start - start, s.end - start) for s in group),
        title=section.title,
        date=section.date,
        outlet=section.outlet,
        url=section.url,
    )


def _language(text: str, n_words: int, language: str) -> str:
    """The section's language, unless the passage is long enough and in another script."""
    if n_words < _MIN_WORDS_FOR_LANGUAGE or language == UNKNOWN:
        return language
    if script_of(text) in (None, script_of_language(language)):
        return language
    return detect(text)
