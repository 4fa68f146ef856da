"""The value in a sentence that answers, where that is clear: a date, a number."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.questions import Kind, figures, kind_of
from assistant.values import Value, values
from index.analysis import term, word_spans
from index.text import fold
from index.types import QueryTerm

# How much less a word of the question says for what stands one word farther away.
FADING = 0.85
# What is taken is likelier than all else together, by so much. The weights below and these were
# chosen on the `fit` split of the development sets (`eval/LOG.md`).
CLEAR = 0.6
# What the nearness of the question's words says for a value, as a power of it.
NEARNESS = 4.0
# The kinds of questions that values answer.
VALUED: frozenset[Kind] = frozenset({"amount", "year", "when"})
_YEAR = re.compile(r"(?<!\d)(?:1\d{3}|20\d{2})(?!\d)")
# What stands before a year rather than a number, as `fold` spells it.
_LEADS_TO_YEAR = re.compile(
    r"(?<!\w)(?:in|of|since|by|from|until|till|year|в|во|с|к|до|из|от|год|году|года|في|عام|بعام|لعام"
    r"|سنه|منذ|من|حتي|سال|در|از|تا)\s*$"
)

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


def answering_value(
    question: str, sentence: str, language: str, asked: Sequence[QueryTerm]
) -> Span | None:
    """The span within `sentence`, in code points, that answers a question for a date or an amount;
    None for other questions, and where it is not clear.

    `asked` is what the question's words are in `language`, the sentence's own.
    """
    kind = kind_of(question)
    if kind not in VALUED:
        return None
    return _clearest(list(_values(kind, question, sentence, _met(sentence, language, asked))))


def _clearest(candidates: Sequence[_Candidate]) -> Span | None:
    if not candidates:
        return None
    best = max(candidates, key=lambda c: c.score)
    odds = math.fsum(math.exp(c.score - best.score) for c in candidates)
    return best.span if 1 / odds >= CLEAR else None


def _met(sentence: str, language: str, asked: Sequence[QueryTerm]) -> list[_Word]:
    weights: dict[str, float] = {}
    for item in asked:
        for t, p in item.terms.items():
            weights[t] = max(weights.get(t, 0.0), p * item.weight * item.idf)
    found = [(start, end, term(word, language)) for word, start, end in word_spans(sentence)]
    total = math.fsum(weights.get(t, 0.0) for _, _, t in found) or 1.0
    return [_Word(start, end, weights.get(t, 0.0) / total) for start, end, t in found]


def _values(kind: Kind, question: str, sentence: str, met: Sequence[_Word]) -> Iterator[_Candidate]:
    given = figures(question)
    for value in values(sentence):
        amount = value.sort == "amount" or (kind == "amount" and _counts(value, sentence, met))
        if amount != (kind == "amount") or figures(value.figure) & given:
            continue
        span = _marked(kind, value, sentence)
        near = math.fsum(_near(met, *span))
        yield _Candidate(span, NEARNESS * math.log(near + 1e-6))


def _counts(value: Value, sentence: str, met: Sequence[_Word]) -> bool:
    """Whether what looks like a year counts what is asked for: 1200 birds, not "in 2019 guests"."""
    after = next((word for word in met if word.start >= value.end), None)
    led = _LEADS_TO_YEAR.search(fold(sentence[: value.start]))
    return bool(value.unit) and after is not None and after.share > 0 and not led


def _marked(kind: Kind, value: Value, sentence: str) -> Span:
    """Of a date only the year where that is asked for."""
    year = _YEAR.search(sentence, value.start, value.end) if kind == "year" else None
    return year.span() if year else (value.start, value.end)


def _near(met: Sequence[_Word], start: int, end: int) -> tuple[float, float]:
    """What stands before and after a span of the question's words, less the farther away."""
    before = [word.share for word in met if word.end <= start]
    after = [word.share for word in met if word.start >= end]
    return _faded(before[::-1]), _faded(after)


def _faded(shares: Sequence[float]) -> float:
    return math.fsum(share * FADING**i for i, share in enumerate(shares, start=1))
