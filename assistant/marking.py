"""The words of a quoted sentence that answer: a date, a number, a name, where that is clear."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.naming import Name, names
from assistant.questions import Kind, figures, kind_of
from assistant.values import Value, values
from index.analysis import term, word_spans
from index.types import QueryTerm

# How much less a word of the question says for what stands one word farther away.
FADING = 0.85
# What is marked is likelier than all else together, by so much. The weights below and these were
# chosen on the `fit` split of the development sets (`eval/LOG.md`).
CLEAR = 0.6
# What the nearness of the question's words says for a value, as a power of it.
NEARNESS = 4.0
# How likely a sentence must be to answer before anything in it is marked for the reader; a name is
# harder to tell from its neighbours than a figure. Chosen on `fit`, too.
SURE_OF_VALUE, SURE_OF_NAME = 0.5, 0.7
_YEAR = re.compile(r"(?<!\d)(?:1\d{3}|20\d{2})(?!\d)")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the sentence, and its share in the question's words that are met there."""

    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that may answer, and how much speaks for them, as the logarithm of their odds."""

    span: Span
    score: float


def answer_words(
    question: str, sentence: str, language: str, asked: Sequence[QueryTerm]
) -> tuple[Span, ...]:
    """The span within `sentence`, in code points, that answers; none where that is not clear.

    `asked` is what the question's words are in `language`, the sentence's own.
    """
    kind = kind_of(question)
    if kind is None or kind == "why":
        return ()
    met = _met(sentence, language, asked)
    if kind in {"who", "where"}:
        found = list(_names(kind, sentence, met))
    else:
        found = list(_values(kind, question, sentence, met))
    return _clearest(found)


def worth_marking(question: str, probability: float) -> bool:
    """Whether a sentence that answers with `probability` does so surely enough to mark words."""
    names = kind_of(question) in {"who", "where"}
    return probability >= (SURE_OF_NAME if names else SURE_OF_VALUE)


def _clearest(candidates: Sequence[_Candidate]) -> tuple[Span, ...]:
    if not candidates:
        return ()
    best = max(candidates, key=lambda c: c.score)
    odds = math.fsum(math.exp(c.score - best.score) for c in candidates)
    return (best.span,) if 1 / odds >= CLEAR else ()


def _met(sentence: str, language: str, asked: Sequence[QueryTerm]) -> list[_Word]:
    weights: dict[str, float] = {}
    for item in asked:
        for t, p in item.terms.items():
            weights[t] = max(weights.get(t, 0.0), p * item.weight * item.idf)
    found = [(start, end, term(word, language)) for word, start, end in word_spans(sentence)]
    total = math.fsum(weights.get(t, 0.0) for _, _, t in found) or 1.0
    return [_Word(start, end, weights.get(t, 0.0) / total) for start, end, t in found]


def _names(kind: Kind, sentence: str, met: Sequence[_Word]) -> Iterator[_Candidate]:
    for name in names(sentence, "who" if kind == "who" else "where"):
        own = _within(met, name.start, name.end)
        restated = sum(word.share > 0 for word in own)
        if name.first or 2 * restated > len(own) or not _called_for(name, met):
            continue
        before, after = _near(met, name.start, name.end)
        told = _who(own, before + after) if kind == "who" else _where(name, before, after)
        yield _Candidate((name.start, name.end), told + (1.5 if restated else 0.0))


def _called_for(name: Name, met: Sequence[_Word]) -> bool:
    """Whether the title that a name follows, if it needs one, is in the question."""
    return not name.title or any(word.share > 0 for word in _within(met, *name.title))


def _who(own: Sequence[_Word], near: float) -> float:
    """Persons have two names."""
    return near + 0.4 * math.log(near + 1e-3) + 2.2 * (len(own) > 1)


def _where(name: Name, before: float, after: float) -> float:
    """Places follow what is told of them, after *in* or *at*."""
    return 6 * before - 5 * after + 2.5 * name.inside


def _values(kind: Kind, question: str, sentence: str, met: Sequence[_Word]) -> Iterator[_Candidate]:
    given = figures(question)
    for value in values(sentence):
        if (value.sort == "amount") != (kind == "amount") or figures(value.figure) & given:
            continue
        span = _marked(kind, value, sentence)
        near = math.fsum(_near(met, *span))
        yield _Candidate(span, NEARNESS * math.log(near + 1e-6))


def _marked(kind: Kind, value: Value, sentence: str) -> Span:
    """Of a date only the year where that is asked for."""
    year = _YEAR.search(sentence, value.start, value.end) if kind == "year" else None
    return year.span() if year else (value.start, value.end)


def _within(met: Sequence[_Word], start: int, end: int) -> list[_Word]:
    return [word for word in met if start <= word.start and word.end <= end]


def _near(met: Sequence[_Word], start: int, end: int) -> tuple[float, float]:
    """What stands before and after a span of the question's words, less the farther away."""
    before = [word.share for word in met if word.end <= start]
    after = [word.share for word in met if word.start >= end]
    return _faded(before[::-1]), _faded(after)


def _faded(shares: Sequence[float]) -> float:
    return math.fsum(share * FADING**i for i, share in enumerate(shares, start=1))
