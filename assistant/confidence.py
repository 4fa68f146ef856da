"""How likely the quoted sentences are to hold the answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of `features`: the intercept, then a weight each."""

    intercept: float
    weights: tuple[float, ...]


# Own: question and best sentence in one language. Other: the words of one are hardly ever in the
# other, so similarity alone must carry it. Fitted by `python -m eval.calibration`.
OWN_LANGUAGE = Calibration(-3.0, (3.0, 2.0, 3.0))
OTHER_LANGUAGE = Calibration(-3.0, (1.0, 1.0, 5.0))


def features(evidence: Sequence[Evidence]) -> tuple[float, ...]:
    """Of the best sentence: coverage, coverage of its passage, cosine."""
    best = evidence[0]
    return best.coverage, best.context, best.cosine


def confidence(evidence: Sequence[Evidence], language: str) -> float:
    """The estimated probability, 0 to 1, that the best of `evidence` answers; 0.0 without any."""
    if not evidence:
        return 0.0
    own = evidence[0].hit.passage.language == language
    model = OWN_LANGUAGE if own else OTHER_LANGUAGE
    z = model.intercept + math.fsum(
        w * x for w, x in zip(model.weights, features(evidence), strict=True)
    )
    return 1 / (1 + math.exp(-z))
