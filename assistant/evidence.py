"""Hits → scored sentences, and how sure one can be that they hold the answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.questions import asks_for_figure, figures
from index.analysis import term, words
from index.queries import content_words
from index.text import fold
from index.types import Hit

# A sentence's score: the share of the question it repeats, its cosine with the question, and how
# well its passage ranked. Chosen on the tuning half of the seeds' questions (`eval/LOG.md`).
COVERAGE_WEIGHT = 1.0
COSINE_WEIGHT = 1.0
PASSAGE_WEIGHT = 0.4
# A question for a number or a date is answered by a figure that is not in the question itself.
FIGURE_BONUS = 0.4
# A headline resembles every question about its article and answers few of them.
HEADLINE_PENALTY = 0.3

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
    wanted = figures(question) if asks_for_figure(question) else None
    found = [evidence for hit in hits for evidence in _of_hit(hit, best, asked, wanted, idf)]
    return sorted(found, key=lambda evidence: -evidence.score)


def _of_hit(
    hit: Hit,
    best: float,
    asked: Sequence[str],
    figures_asked: set[str] | None,
    idf: Mapping[str, Mapping[str, float]],
) -> list[Evidence]:
    """The sentences of one hit; `figures_asked` is None unless a figure would answer."""
    passage = hit.passage
    weights = _weights(asked, passage.language, idf.get(passage.language, {}))
    context = _coverage(weights, passage.text, passage.language)
    found = []
    for i in range(len(passage.sentences)):
        text = passage.sentence(i)
        coverage = _coverage(weights, text, passage.language)
        cosine = hit.sentence_scores[i] if hit.sentence_scores else 0.0
        figure = figures_asked is not None and bool(figures(text) - figures_asked)
        headline = passage.title is not None and fold(text) == fold(passage.title)
        score = (
            COVERAGE_WEIGHT * coverage
            + COSINE_WEIGHT * cosine
            + PASSAGE_WEIGHT * hit.score / best
            + FIGURE_BONUS * figure
            - HEADLINE_PENALTY * headline
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
