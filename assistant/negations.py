"""Whether a sentence that keeps close to its source turns it around: one of them has a *not*."""

import re
from collections.abc import Iterable

from assistant.quotations import wanted
from assistant.wordings import Wording, compare, source_words
from index.analysis import words
from index.types import Document, Passage

# Share of its words that a sentence must have from its source, in order: below it the two are
# worded in ways of their own, and a *not* more or less says nothing.
_CLOSE = 0.55
# A longer difference is another statement rather than this one turned around.
_MAX_WORDS = 4
# How far before the words that are the same a *not* may stand and still be theirs.
_BEFORE = re.compile(r"(?:[^\s.,:;!?،؛؟«»“”\"]+[ \t\u00a0]+){1,2}$")

_NEGATIONS = frozenset(
    words(
        """
        not no never nor neither nobody none cannot without

        не нет ни никогда никто ничего ничто нельзя без невозможно

        لا لم لن ليس ليست ليسوا لست غير دون بدون ولا ولم ولن وليس فلا فلم فلن

        نه نیست نیستند نبود نبودند هیچ هرگز بدون نمی نباید ندارد نداشت ندارند
        """
    )
)
_CONTRACTED = re.compile(r"\w+n't")


def reversed_in(claim: str, passages: Iterable[Passage]) -> str | None:
    """The words of the passage that a claim keeps close to, where one of the two negates and the
    other does not; None where that is not so, or no passage is close in words."""
    asked = wanted(claim)
    for passage in passages:
        whole = Document(passage.doc_id, passage.text, "", ())
        found = compare(claim, asked, source_words(whole))
        if found and found.likeness >= _CLOSE:
            before = _BEFORE.search(passage.text[max(0, found.start - 40) : found.start])
            start = found.start - len(before.group() if before else "")
            differ = _differ(found, passage.text[start : found.start])
            return passage.text[start : found.end] if differ else None
    return None


def _differ(found: Wording, before: str) -> bool:
    """Whether one side has a negation and the other has none; `before` stands before the stretch
    in the source. With several nobody can say: *ни одна … не более*, *каждая … не более*."""
    small = [c for c in found.changes if len(words(f"{c.draft} {c.source}")) <= _MAX_WORDS]
    mine = sum(_count(c.draft) for c in small)
    theirs = sum(_count(c.source) for c in small) + _count(before)
    return mine + theirs == 1 or any(_is_persian_not(c.draft, c.source) for c in small)


def _count(text: str) -> int:
    return sum(w in _NEGATIONS or bool(_CONTRACTED.fullmatch(w)) for w in words(text))


def _is_persian_not(one: str, other: str) -> bool:
    """کرد and نکرد: the negation is a letter of the verb."""
    a, b = "".join(words(one)), "".join(words(other))
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(shorter) >= 2 and longer == f"ن{shorter}"
