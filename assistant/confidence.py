"""How likely the archive is to answer: the probability by which an answer is given or refused."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.features import held
from index.analysis import term, words
from index.config import BUNDLED
from index.encoder import load_encoder
from index.types import QueryTerm

# A logistic model of `features`: the intercept, then a weight each. Fitted to the tuning half of
# the seeds' questions by `python -m eval.calibration`.
INTERCEPT = -5.56
WEIGHTS = (4.66,)

# Words whose vectors have a lower cosine have nothing to do with each other.
UNLIKE = 0.3


def features(
    evidence: Sequence[Evidence], asked: Mapping[str, Sequence[QueryTerm]]
) -> tuple[float, ...]:
    """How many of the question's words the passage of the best sentence holds, as ln(1 + n).

    A word that is not there counts by the likest one that is. Share by idf, the passage's cosine,
    the gap to the next: none of them adds anything to this number (`eval/LOG.md`).
    """
    passage = evidence[0].hit.passage
    terms = {item.word: item for item in asked.get(passage.language, ())}
    return (math.log1p(_n_held(list(terms.values()), words(passage.text), passage.language)),)


def confidence(evidence: Sequence[Evidence], asked: Mapping[str, Sequence[QueryTerm]]) -> float:
    """The estimated probability, 0 to 1, that the archive answers; 0.0 without any evidence.

    `asked` is what the question's words are in the passages of each language.
    """
    if not evidence:
        return 0.0
    found = features(evidence, asked)
    z = INTERCEPT + math.fsum(w * x for w, x in zip(WEIGHTS, found, strict=True))
    return 1 / (1 + math.exp(-z))


def _n_held(asked: Sequence[QueryTerm], there: Sequence[str], language: str) -> float:
    """How many of the words that are asked for are there, as themselves, in translation (doubted
    when the vectors of the two are unlike), or in a word of like meaning, which counts less."""
    if not asked or not there:
        return 0.0
    terms = {term(word, language) for word in there}
    exact = np.array([held(item, terms) for item in asked])
    like = (_vectors([item.word for item in asked]) @ _vectors(there).T).max(axis=1)
    trusted = exact * np.clip(like / UNLIKE, 0, 1)
    return float(np.maximum(trusted, np.clip((like - UNLIKE) / (1 - UNLIKE), 0, 1)).sum())


def _vectors(found: Sequence[str]) -> NDArray[np.float32]:
    """Of single words, by the bundled encoder, whatever the index was built with: the model above
    is fitted to it, and it is quick."""
    return load_encoder(BUNDLED).passages(found)
