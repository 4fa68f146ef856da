"""Hits → scored sentences: what the answer is chosen from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from assistant.features import Features, sentence_features, wanted
from index.types import Hit, QueryTerm

# How much each feature says for a sentence, in the order of `Features`: the score is the logarithm
# of the odds by which one sentence is likelier than another to hold the answer. Fitted to the `fit`
# split of the development sets and the tuning half of the seeds' questions (`eval.evidence`).
WEIGHTS = Features(
    coverage=6.4,
    cosine=3.5,
    passage=6.5,
    around=1.7,
    before=2.9,
    after=1.1,
    together=0.9,
    figure=3.5,
    number_word=3.8,
    new=0.3,
    opening=0.4,
    fragment=-2.0,
    headline=-3.9,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentence `sentence` of `hit`, with what speaks for it; a higher `score` is better.

    `probability` is how likely it is that this sentence, rather than another candidate, holds the
    answer, if one does: those of all candidates add up to 1.
    """

    hit: Hit
    sentence: int
    features: Features
    score: float
    probability: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as it stands."""
        return self.hit.passage.sentence(self.sentence)

    @property
    def coverage(self) -> float:
        """The share (0 to 1, by idf) of the question's content words that the sentence holds."""
        return self.features.coverage

    @property
    def cosine(self) -> float:
        """Its likeness to the question, -1 to 1."""
        return self.features.cosine


def gather(
    question: str, hits: Sequence[Hit], asked: Mapping[str, Sequence[QueryTerm]]
) -> list[Evidence]:
    """Every sentence of `hits`, best first; `asked` is what the question's words are in the
    passages of each language (`Searcher.query_terms`). Equal scores keep the order of hits and
    sentences."""
    best = max((hit.score for hit in hits), default=0.0)
    sought = {language: wanted(question, terms) for language, terms in asked.items()}
    nothing = wanted(question, ())
    found = [
        Evidence(hit, i, features, score(features))
        for hit in hits
        for i, features in enumerate(
            sentence_features(hit, best, sought.get(hit.passage.language, nothing))
        )
    ]
    return _with_probabilities(sorted(found, key=lambda evidence: -evidence.score))


def _with_probabilities(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Softmax over the scores, best first."""
    odds = [math.exp(evidence.score - ranked[0].score) for evidence in ranked]
    total = math.fsum(odds)
    return [replace(e, probability=o / total) for e, o in zip(ranked, odds, strict=True)]


def score(features: Features) -> float:
    """The weighted sum of the features."""
    return math.fsum(w * x for w, x in zip(astuple(WEIGHTS), astuple(features), strict=True))
