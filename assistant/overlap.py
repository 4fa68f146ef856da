"""How far the passage of the best sentence holds the words of the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.features import wanted
from assistant.likeness import UNLIKE, held, likeness, met
from index.analysis import term, words
from index.types import QueryTerm


@dataclass(frozen=True, slots=True)
class Overlap:
    """The question's words `(n,)`: their `weights` by what they tell, which add up to 1, and how
    far each is `there`, 0 to 1."""

    weights: NDArray[np.float64]
    there: NDArray[np.float64]

    @property
    def missing(self) -> NDArray[np.float64]:
        """The weight of what is missing of each word."""
        return self.weights * (1 - self.there)


def overlap(evidence: Sequence[Evidence], asked: Mapping[str, Sequence[QueryTerm]]) -> Overlap:
    """That of the first of `evidence`; of nothing without any. `asked` is what the question's words
    are in the passages of each language."""
    if not evidence:
        return Overlap(np.zeros(0), np.zeros(0))
    best = evidence[0].hit.passage
    sought = wanted("", asked.get(best.language, ()))
    return Overlap(sought.weights, words_there(sought.terms, words(best.text), best.language))


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
