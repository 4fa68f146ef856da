"""Hits → scored sentences, and how sure one can be that they hold the answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.questions import content_words
from index.analysis import term, words
from index.types import Hit

# A sentence's score: the share of the question it repeats, its cosine with the question, and how
# well its passage ranked. Chosen by hand; `sanad eval answers` shows what they give.
COVERAGE_WEIGHT = 1.0
COSINE_WEIGHT = 0.5
PASSAGE_WEIGHT = 0.8

# The idf that a word has which no passage holds, relative to the rarest word that one does: it
# weighs most, for a question about something the archive never names is not answered by it.
UNSEEN = 1.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentence `sentence` of `hit`, with what speaks for it.

    `coverage` is the share (0 to 1, by idf) of the question's content words that it holds,
    `context` that of its whole passage, `cosine` its similarity to the question.
    """

    hit: Hit
    sentence: int
    coverage: float
    context: float
    cosine: float
    score: float

    @property
    def text(self) -> str:
        """The sentence as it stands."""
        return self.hit.passage.sentence(self.sentence)


def gather(
    question: str, hits: Sequence[Hit], idf: Mapping[str, Mapping[str, float]]
) -> list[Evidence]:
    """Every sentence of `hits`, best first; `idf` gives, by language, that of the question's terms
    (as `Searcher.idf` does). Equal scores keep the order of hits and sentences."""
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    asked = content_words(question)
    found = [evidence for hit in hits for evidence in _of_hit(hit, best, asked, idf)]
    return sorted(found, key=lambda evidence: -evidence.score)


def _of_hit(
    hit: Hit, best: float, asked: Sequence[str], idf: Mapping[str, Mapping[str, float]]
) -> list[Evidence]:
    passage = hit.passage
    weights = _weights(asked, passage.language, idf.get(passage.language, {}))
    context = _coverage(weights, passage.text, passage.language)
    found = []
    for i in range(len(passage.sentences)):
        coverage = _coverage(weights, passage.sentence(i), passage.language)
        cosine = hit.sentence_scores[i] if hit.sentence_scores else 0.0
        score = (
            COVERAGE_WEIGHT * coverage + COSINE_WEIGHT * cosine + PASSAGE_WEIGHT * hit.score / best
        )
        found.append(Evidence(hit, i, coverage, context, cosine, score))
    return found


def _weights(asked: Sequence[str], language: str, idf: Mapping[str, float]) -> dict[str, float]:
    """Each term that is asked for with its weight; they add up to 1."""
    rarest = max(idf.values(), default=0.0) or 1.0
    known = {term(word, language): 0.0 for word in asked}
    weights = {t: idf.get(t, 0.0) or UNSEEN * rarest for t in known}
    total = sum(weights.values())
    return {t: weight / total for t, weight in weights.items()}


def _coverage(weights: Mapping[str, float], text: str, language: str) -> float:
    held = {term(word, language) for word in words(text)}
    return math.fsum(weight for t, weight in weights.items() if t in held)
