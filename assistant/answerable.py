"""Whether the archive seems to answer at all: what is refused unless a risk is stated."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence
from assistant.overlap import Overlap
from assistant.rereading import SURE, odds

# So many sentences' odds are looked at together: nearly all are low where nothing answers.
SEVERAL = 4


@dataclass(frozen=True, slots=True)
class Refusal:
    """A logistic model of `features`: the intercept, then a weight each; what looks less answerable
    than `least` is refused unless a risk is stated."""

    intercept: float
    weights: tuple[float, ...]
    least: float


def features(evidence: Sequence[Evidence], overlap: Overlap) -> tuple[float, ...]:
    """How many of the question's words the passage of the best sentence holds, as ln(1 + n); and,
    by the reader, the odds that a sentence answers against that nothing near it does: the mean of
    the `SEVERAL` highest, and those of the best sentence.

    A word that is not there counts by the likest one that is (`eval/LOG.md`, what else was tried).
    """
    read = sorted((odds(one.reading) for one in evidence if one.reading), reverse=True)[:SEVERAL]
    first = evidence[0].reading
    return (
        math.log1p(float(overlap.there.sum())),
        math.fsum(read) / len(read) if read else -SURE,
        odds(first) if first else -SURE,
    )


def answerable(evidence: Sequence[Evidence], overlap: Overlap, model: Refusal) -> float:
    """How much the archive looks as if it answered, 0 to 1; 0.0 without any evidence."""
    if not evidence:
        return 0.0
    found = features(evidence, overlap)
    z = model.intercept + math.fsum(w * x for w, x in zip(model.weights, found, strict=True))
    return 1 / (1 + math.exp(-z))
