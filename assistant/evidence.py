"""Hits → scored sentences, and how sure one can be that they hold the answer."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from assistant.questions import asks_for_figure, figures
from index.analysis import term, words
from index.lexical import term_weights
from index.text import fold
from index.types import Hit, QueryTerm

# A sentence's score: the share of the question it repeats, its cosine with the question, and how
# well its passage ranked. Chosen on the tuning half of the seeds' questions (`eval/LOG.md`).
COVERAGE_WEIGHT = 1.0
COSINE_WEIGHT = 1.0
PASSAGE_WEIGHT = 0.8
# A question for a number or a date is answered by a figure that is not in the question itself.
FIGURE_BONUS = 0.4
# A headline resembles every question about its article and answers few of them.
HEADLINE_PENALTY = 0.3


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentence `sentence` of `hit`, with what speaks for it.

    `coverage` is the share (0 to 1, by idf) of the question's content words that it holds,
    `cosine` its similarity to the question.
    """

    hit: Hit
    sentence: int
    coverage: float
    cosine: float
    score: float

    @property
    def text(self) -> str:
        """The sentence as it stands."""
        return self.hit.passage.sentence(self.sentence)


def gather(
    question: str, hits: Sequence[Hit], asked: Mapping[str, Sequence[QueryTerm]]
) -> list[Evidence]:
    """Every sentence of `hits`, best first; `asked` is what the question's words are in the
    passages of each language (`Searcher.query_terms`). Equal scores keep the order of hits and
    sentences."""
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    wanted = {language: _weighted(terms) for language, terms in asked.items()}
    known = figures(question) if asks_for_figure(question) else None
    found = [
        evidence
        for hit in hits
        for evidence in _of_hit(hit, best, wanted.get(hit.passage.language, []), known)
    ]
    return sorted(found, key=lambda evidence: -evidence.score)


def _of_hit(
    hit: Hit,
    best: float,
    wanted: Sequence[tuple[QueryTerm, float]],
    figures_asked: set[str] | None,
) -> list[Evidence]:
    """The sentences of one hit; `figures_asked` is None unless a figure would answer."""
    passage = hit.passage
    title = None if passage.title is None else fold(passage.title)
    found = []
    for i in range(len(passage.sentences)):
        text = passage.sentence(i)
        coverage = _coverage(wanted, text, passage.language)
        cosine = hit.sentence_scores[i] if hit.sentence_scores else 0.0
        figure = figures_asked is not None and bool(figures(text) - figures_asked)
        headline = title is not None and fold(text) == title
        score = (
            COVERAGE_WEIGHT * coverage
            + COSINE_WEIGHT * cosine
            + PASSAGE_WEIGHT * hit.score / best
            + FIGURE_BONUS * figure
            - HEADLINE_PENALTY * headline
        )
        found.append(Evidence(hit, i, coverage, cosine, score))
    return found


def _weighted(asked: Sequence[QueryTerm]) -> list[tuple[QueryTerm, float]]:
    """Each word that is asked for, once, with its weight; they add up to 1."""
    terms = {item.word: item for item in asked}.values()
    weights = term_weights(list(terms))
    total = math.fsum(weights) or 1.0
    return [(item, weight / total) for item, weight in zip(terms, weights, strict=True)]


def _coverage(wanted: Sequence[tuple[QueryTerm, float]], text: str, language: str) -> float:
    there = {term(word, language) for word in words(text)}
    return math.fsum(weight * held(item, there) for item, weight in wanted)


def held(asked: QueryTerm, there: Container[str]) -> float:
    """Whether a word that is asked for is among the terms of a text: 1 when its likeliest
    translation is there, less for a less likely one."""
    likeliest = max(asked.terms.values(), default=0.0)
    best = max((p for t, p in asked.terms.items() if t in there), default=0.0)
    return best / likeliest if likeliest else 0.0
