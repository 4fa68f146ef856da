"""Whether the archive seems to answer at all: what is refused unless a risk is stated."""

import math
from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.overlap import Overlap
from assistant.rereading import SURE, odds

# A logistic model of `features`: the intercept, then a weight each. Fitted to the tuning half of
# the seeds' questions by `python -m eval.answerable`.
INTERCEPT = -1.56
WEIGHTS = (3.52, -0.96, 0.43)


def features(evidence: Sequence[Evidence], overlap: Overlap) -> tuple[float, ...]:
    """What the passage of the best sentence holds of the question: how many of its words, as
    ln(1 + n), and the share that the most telling of the missing ones makes up, for an answer
    without it is to another question. And the highest odds, by the reader, that a sentence answers
    against that nothing near it does.

    A word that is not there counts by the likest one that is (`eval/LOG.md`, what else was tried).
    """
    missed = float(overlap.missing.max(initial=0.0))
    read = max((odds(one.reading) for one in evidence if one.reading), default=-SURE)
    return (math.log1p(float(overlap.there.sum())), missed, read)


def answerable(evidence: Sequence[Evidence], overlap: Overlap) -> float:
    """How much the archive looks as if it answered, 0 to 1; 0.0 without any evidence."""
    if not evidence:
        return 0.0
    found = features(evidence, overlap)
    z = INTERCEPT + math.fsum(w * x for w, x in zip(WEIGHTS, found, strict=True))
    return 1 / (1 + math.exp(-z))
