"""Document → passages: runs of whole sentences, each within one section."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.languages import UNKNOWN, detect, script_of, script_of_language
from index.segmentation import Span, count_words, sentence_spans, trim
from index.types import Document, Passage, Section

__all__ = ["sentence_spans", "split_passages"]

# A short tail joins its neighbour rather than stand alone, even if that makes this much too long.
_SLACK = 1.25
# With fewer words a name or a quotation in another script says nothing about the language.
_MIN_WORDS_FOR_LANGUAGE = 20
_MIN_WORDS_FOR_SCRIPT = 8
# Where a sentence beyond all bounds is cut, best first; else at a space, else anywhere.
_SOFT = ("؛;:", "،,")


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    n_words: int
    script: str | None  # None in a sentence too short to tell
    ends_paragraph: bool


def split_passages(
    document: Document, min_words: int = 80, max_words: int = 200
) -> list[Passage]:
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
    return [
        _sentence(text, start + bounded_start, start + bounded_end, end)
        for sentence_start, sentence_end in sentence_spans(piece)
        for bounded_start, bounded_end in _bounded(piece, sentence_start, sentence_end, max_words)
    ]


def _sentence(text: str, start: int, end: int, limit: int) -> _Sentence:
    words = text[start:end]
    n_words = count_words(words)
    script = script_of(words) if n_words >= _MIN_WORDS_FOR_SCRIPT else None
    ends_paragraph = end >= limit or "\n" in text[end : min(limit, end + 4)]
    return _Sentence(start, end, n_words, script, ends_paragraph)


def _bounded(text: str, start: int, end: int, max_words: int) -> Iterator[Span]:
    """The span in pieces of at most `max_words` words, cut where a reader would pause."""
    # A window that holds more than max_words words, wherever the sentence is cut.
    window = 40 * max_words
    while start < end:
        if end - start <= window and count_words(text[start:end]) <= max_words:
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
    for marks in (*_SOFT, " \t\u00a0"):
        # A cut in the first half would leave a stump.
        at = max(head.rfind(mark, len(head) // 2, len(head) - 1) for mark in marks)
        if at > 0:
            return at + 1
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
    n_words = 0
    for sentence in sentences:
        if group and (n_words + sentence.n_words > max_words or _differ(group[-1], sentence)):
            yield group
            group, n_words = [], 0
        group.append(sentence)
        n_words += sentence.n_words
        if sentence.ends_paragraph and n_words >= min_words:
            yield group
            group, n_words = [], 0
    if group:
        yield group


def _joins(
    before: Sequence[_Sentence], group: Sequence[_Sentence], min_words: int, max_words: int
) -> bool:
    n_before = sum(sentence.n_words for sentence in before)
    n_words = sum(sentence.n_words for sentence in group)
    if min(n_before, n_words) >= min_words or n_before + n_words > _SLACK * max_words:
        return False
    return not _differ(before[-1], group[0])


def _differ(one: _Sentence, other: _Sentence) -> bool:
    """Whether two neighbours are in different scripts, each long enough to tell."""
    return None not in (one.script, other.script) and one.script != other.script


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
