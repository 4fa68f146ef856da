"""How likely the archive is to answer: the probability by which an answer is given or refused."""

import math
from collections.abc import Sequence

from assistant.evidence import Evidence

# A logistic model of `features`: the intercept, then a weight each. Fitted to the tuning half of
# the seeds' questions by `python -m eval.calibration`.
INTERCEPT = -3.72
WEIGHTS = (3.32, 0.11, 2.27)


def features(evidence: Sequence[Evidence]) -> tuple[float, ...]:
    """Of the passage that holds the best sentence: how many of the question's words it holds, as
    ln(1 + n), which share of them, by idf, and its cosine with the question."""
    best = evidence[0]
    return math.log1p(best.matched), best.context, best.hit.scores.get("dense", 0.0)


def confidence(evidence: Sequence[Evidence]) -> float:
    """The estimated probability, 0 to 1, that the archive answers; 0.0 without any evidence."""
    if not evidence:
        return 0.0
    z = INTERCEPT + math.fsum(w * x for w, x in zip(WEIGHTS, features(evidence), strict=True))
    return 1 / (1 + math.exp(-z))
