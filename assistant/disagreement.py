"""Documents that give different values for the same thing: 70 countries in one, 80 in another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering_values import VALUED, answering_value
from assistant.evidence import Evidence, score
from assistant.figures import missing
from assistant.likeness import likeness
from assistant.questions import kind_of
from assistant.values import values
from index.types import QueryTerm

# What disagrees holds nearly as much of the question, and is nearly as likely to answer it (as a
# share of coverage, and in the logarithm of the odds).
AS_MUCH = 0.9
AS_LIKELY = 2.5
# Less than this share of the question is not the same thing.
ENOUGH = 0.6
# Units whose words are less alike count something else.
SAME_UNIT = 0.5
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
    a document; empty unless a figure or a date is asked for and documents differ in it."""
    if not evidence or kind_of(question) not in VALUED:
        return []
    first = _value(question, evidence[0], asked)
    if first is None or evidence[0].coverage < ENOUGH:
        return []
    others: dict[str, Value] = {}
    for one in evidence[1:]:
        doc_id = one.hit.passage.doc_id
        if doc_id == evidence[0].hit.passage.doc_id or doc_id in others:
            continue
        value = _value(question, one, asked) if _as_good(one, evidence[0]) else None
        if value and _differ(first, value):
            others[doc_id] = value
    return [first, *others.values()][: MAX_VALUES + 1] if others else []


def _as_good(one: Evidence, best: Evidence) -> bool:
    covers = one.coverage >= AS_MUCH * best.coverage
    # As they were found: few are read, and what is not has a lower score for that alone.
    return covers and score(best.features) - score(one.features) <= AS_LIKELY


def _value(
    question: str, evidence: Evidence, asked: Mapping[str, Sequence[QueryTerm]]
) -> Value | None:
    language = evidence.hit.passage.language
    span = answering_value(question, evidence.text, language, asked.get(language, ()))
    if span is None:
        return None
    (start, end), text = span, evidence.text
    units = [v.unit for v in values(text) if v.start <= start and end <= v.end]
    return Value(evidence, text[start:end], units[0] if units else "")


def _differ(a: Value, b: Value) -> bool:
    """Whether two values of the same unit cannot both be meant: none of what each tells is told by
    the other, in digits or in words."""
    if bool(a.unit) != bool(b.unit) or (a.unit and likeness([a.unit], [b.unit])[0, 0] < SAME_UNIT):
        return False
    return bool(missing(a.text, b.text) and missing(b.text, a.text))
