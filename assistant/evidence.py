"""Hits → scored sentences: what the answer is chosen from."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.features import Features, all_features, wanted
from index.types import Hit, QueryTerm


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as the reader understood it, with some of its surroundings: the logarithms of the
    probabilities that the answer stands in it, `here`, and that it stands nowhere in what was read,
    `nowhere`; the `words` of the sentence, in code points, that are likeliest to be the answer, and
    how likely they are, 0 to 1."""

    here: float
    nowhere: float
    words: tuple[int, int]
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentence `sentence` of `hit`, with what speaks for it; a higher `score` is better.

    `probability` is how likely it is that this sentence, rather than another candidate, holds the
    answer, if one does: those of all candidates add up to 1. `reading` is None until it is read;
    `unread` is the score before that.
    """

    hit: Hit
    sentence: int
    features: Features
    score: float
    probability: float = 0.0
    reading: Reading | None = None
    unread: float = 0.0

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
    question: str,
    hits: Sequence[Hit],
    asked: Mapping[str, Sequence[QueryTerm]],
    weights: Features,
) -> list[Evidence]:
    """Every sentence of `hits`, best first; `asked` is what the question's words are in the
    passages of each language (`Searcher.query_terms`). A score is the sum of the features by their
    `weights`: the logarithm of the odds by which one sentence is likelier than another to hold the
    answer. Equal scores keep the order of hits and sentences."""
    sought = {x: wanted(question, terms) for x, terms in asked.items()}
    sought |= {x: wanted(question, ()) for x in {h.passage.language for h in hits} - set(sought)}
    found = [
        Evidence(hit, i, features, total := score(features, weights), unread=total)
        for hit, own in zip(hits, all_features(hits, sought), strict=True)
        for i, features in enumerate(own)
    ]
    return ranked(found)


def ranked(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Best first, with probabilities: the softmax of the scores. Equal scores keep their order."""
    found = sorted(evidence, key=lambda one: -one.score)
    odds = [math.exp(one.score - found[0].score) for one in found]
    total = math.fsum(odds)
    return [replace(e, probability=o / total) for e, o in zip(found, odds, strict=True)]


def score(features: Features, weights: Features) -> float:
    """The weighted sum of the features."""
    return math.fsum(w * x for w, x in zip(weights.row, features.row, strict=True))
