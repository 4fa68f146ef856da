"""Documents that give different values for the same thing: 70 countries in one, 80 in another."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering_values import VALUED, answering_value
from assistant.evidence import Evidence
from assistant.figures import missing
from assistant.likeness import likeness
from assistant.questions import figures, kind_of
from assistant.values import values
from index.queries import content_words
from index.text import fold
from index.types import QueryTerm

# What disagrees holds nearly as much of the question, the sentence before it counted, which often
# names what "it" is, and is not much less likely to answer it (as a share of coverage, and in the
# logarithm of the odds; less so in another language, where words are met by chance).
AS_MUCH = 0.8
AS_LIKELY = 7.5
AS_LIKELY_ACROSS = 4.0
# Less than this share of the question is not the same thing.
ENOUGH = 0.6
# Units whose words are less alike count something else.
SAME_UNIT = 0.5
# What may part the groups of a number: 22 338 618.
_GROUPS = re.compile(r"(?<=\d)[ ,.\u00a0\u202f'](?=\d{3}(?!\d))")
_PERCENT = re.compile(r"%|per ?cent|процент|درصد|ب?ال?مي?يه")
# As many other values as a reader takes in.
MAX_VALUES = 2


@dataclass(frozen=True, slots=True)
class Value:
    """What a sentence answers with, as it stands there."""

    evidence: Evidence
    text: str
    unit: str


def differing(
    question: str, evidence: Sequence[Evidence], asked: Mapping[str, Sequence[QueryTerm]]
) -> list[Value]:
    """The value of the first sentence and those that sentences of other documents give instead, one
    a document; empty unless a figure or a date of something that has a name is asked for, and
    documents differ in it."""
    if not evidence or kind_of(question) not in VALUED:
        return []
    first = _value(question, evidence[0], asked)
    if first is None or _held(evidence[0]) < ENOUGH or len(content_words(question)) < 2:
        return []
    given = figures(question) & figures(evidence[0].hit.passage.text)
    others: dict[str, Value] = {}
    for one in evidence[1:]:
        doc_id = one.hit.passage.doc_id
        if doc_id == evidence[0].hit.passage.doc_id or doc_id in others:
            continue
        same = _as_good(one, evidence[0]) and given <= figures(one.hit.passage.text)
        value = _value(question, one, asked) if same else None
        if value and _differ(first, value):
            others[doc_id] = value
    return [first, *others.values()][: MAX_VALUES + 1] if others else []


def _as_good(one: Evidence, best: Evidence) -> bool:
    own = one.hit.passage.language == best.hit.passage.language
    likely = AS_LIKELY if own else AS_LIKELY_ACROSS
    # As they were found: few are read, and what is not has a lower score for that alone.
    far = best.unread - one.unread
    much = max(ENOUGH, AS_MUCH * best.coverage)
    return _held(one) >= much and far <= likely


def _held(one: Evidence) -> float:
    """The share of the question that a sentence holds together with the one before it."""
    return one.coverage + one.features.before


def _value(
    question: str, evidence: Evidence, asked: Mapping[str, Sequence[QueryTerm]]
) -> Value | None:
    language = evidence.hit.passage.language
    span = answering_value(question, evidence.text, language, asked.get(language, ()))
    if span is None:
        return None
    (start, end), text = span, evidence.text
    counted = kind_of(question) == "amount"
    units = [v.unit for v in values(text) if counted and v.start <= start and end <= v.end]
    return Value(evidence, text[start:end], units[0] if units else "")


def _differ(a: Value, b: Value) -> bool:
    """Whether two values of the same unit cannot both be meant: none of what each tells is told by
    the other, in digits or in words."""
    if bool(a.unit) != bool(b.unit) or (a.unit and likeness([a.unit], [b.unit])[0, 0] < SAME_UNIT):
        return False
    if bool(_PERCENT.search(fold(a.text))) != bool(_PERCENT.search(fold(b.text))):
        return False
    one, other = (_GROUPS.sub("", value.text) for value in (a, b))
    return bool(missing(one, other) and missing(other, one))
