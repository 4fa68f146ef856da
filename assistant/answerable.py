"""Whether the archive seems to answer at all: what is refused unless a risk is stated."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.features import held, wanted
from assistant.likeness import UNLIKE, likeness, met
from index.analysis import term, words
from index.types import QueryTerm

# A logistic model of `features`: the intercept, then a weight each. Fitted to the tuning half of
# the seeds' questions by `python -m eval.answerable`.
INTERCEPT = -4.29
WEIGHTS = (3.75, 1.05, -1.46)


def features(
    evidence: Sequence[Evidence], asked: Mapping[str, Sequence[QueryTerm]]
) -> tuple[float, ...]:
    """What the passage of the best sentence holds of the question: how many of its words, as
    ln(1 + n); the share of it, by idf, that the sentence itself holds; and the share that the most
    telling of the missing words makes up, for an answer without it is to another question.

    A word that is not there counts by the likest one that is (`eval/LOG.md`, what else was tried).
    """
    best = evidence[0]
    sought = wanted("", asked.get(best.hit.passage.language, ()))
    there = words_there(sought.terms, words(best.hit.passage.text), best.hit.passage.language)
    missed = float((sought.weights * (1 - there)).max(initial=0.0))
    return (math.log1p(float(there.sum())), best.coverage, missed)


def answerable(evidence: Sequence[Evidence], asked: Mapping[str, Sequence[QueryTerm]]) -> float:
    """How much the archive looks as if it answered, 0 to 1; 0.0 without any evidence.

    `asked` is what the question's words are in the passages of each language.
    """
    if not evidence:
        return 0.0
    found = features(evidence, asked)
    z = INTERCEPT + math.fsum(w * x for w, x in zip(WEIGHTS, found, strict=True))
    return 1 / (1 + math.exp(-z))


def words_there(
    asked: Sequence[QueryTerm], there: Sequence[str], language: str
) -> NDArray[np.float64]:
    """How far each word that is asked for is there, 0 to 1: as itself, in translation (doubted when
    the vectors of the two are unlike), or in a word of like meaning, which counts less."""
    if not asked or not there:
        return np.zeros(len(asked))
    terms = {term(word, language) for word in there}
    exact = np.array([held(item, terms) for item in asked])
    likest = likeness([item.word for item in asked], there).max(axis=1)
    return met(exact * np.clip(likest / UNLIKE, 0, 1), likest)
