"""What speaks for each sentence of a hit: a dozen plain numbers, before anything is weighed."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.questions import asks_for_figure, figures, names_number
from index.analysis import term, words
from index.lexical import term_weights
from index.text import fold
from index.types import Hit, QueryTerm

# Fewer words than this are a heading or a piece of a sentence.
FRAGMENT = 4
# Two words of the question stand together when at most this many words apart.
NEAR = 3
# As many words beyond the question's own as an answer ever needs.
MANY = 20


@dataclass(frozen=True, slots=True)
class Features:
    """What a sentence has, each from about 0 to 1.

    `coverage`: the share of the question's words that it holds, by what they tell (idf);
    `around`: the same of its passage; `before` and `after`: what the sentence before or after adds
    to its own; `together`: the share of neighbouring words of the question that stand near each
    other; `cosine`: its likeness to the question; `passage`: its passage's score, as a share of the
    best one's. `figure` and `number_word`: the question asks for a figure and one that the question
    does not hold is there, in digits or in words only. `new`: words beyond the question's;
    `opening`: it comes first; `fragment`: it is too short to be a sentence; `headline`: it is the
    article's own title.
    """

    coverage: float
    cosine: float
    passage: float
    around: float
    before: float
    after: float
    together: float
    figure: float
    number_word: float
    new: float
    opening: float
    fragment: float
    headline: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it is looked for in the passages of one language: its words, once each, with
    weights `(n,)` that add up to 1, and the figures that it holds; None where none is asked for."""

    terms: tuple[QueryTerm, ...]
    weights: NDArray[np.float64]
    figures: frozenset[str] | None


def wanted(question: str, asked: Sequence[QueryTerm]) -> Wanted:
    """`asked` is what the question's words are in that language."""
    terms = tuple({item.word: item for item in asked}.values())
    weights = np.array(term_weights(list(terms)))
    held_figures = frozenset(figures(question)) if asks_for_figure(question) else None
    return Wanted(terms, weights / (weights.sum() or 1.0), held_figures)


def held(asked: QueryTerm, there: Container[str]) -> float:
    """Whether a word that is asked for is among the terms of a text: 1 when its likeliest
    translation is there, less for a less likely one."""
    likeliest = max(asked.terms.values(), default=0.0)
    best = max((p for t, p in asked.terms.items() if t in there), default=0.0)
    return best / likeliest if likeliest else 0.0


def sentence_features(hit: Hit, best_score: float, sought: Wanted) -> list[Features]:
    """The features of every sentence of a hit, in order; `best_score` is that of the first hit."""
    passage = hit.passage
    texts = [passage.sentence(i) for i in range(len(passage.sentences))]
    terms = [[term(word, passage.language) for word in words(text)] for text in texts]
    holds = np.array([[held(item, set(row)) for item in sought.terms] for row in terms])
    holds = holds.reshape(len(texts), len(sought.terms))
    shares = _shares(holds, sought.weights)
    title = None if passage.title is None else fold(passage.title)
    cosines = hit.sentence_scores or (0.0,) * len(texts)
    return [
        Features(
            coverage=share.own,
            cosine=cosines[i],
            passage=hit.score / best_score if best_score else 0.0,
            around=share.around,
            before=share.before,
            after=share.after,
            together=_together(sought.terms, terms[i]),
            figure=float(_has_figure(texts[i], sought)),
            number_word=float(_has_number_word(texts[i], sought)),
            new=min(max(0.0, len(set(terms[i])) - float(holds[i].sum())), MANY) / MANY,
            opening=float(i == 0),
            fragment=float(len(terms[i]) < FRAGMENT),
            headline=float(title is not None and fold(texts[i]) == title),
        )
        for i, share in enumerate(shares)
    ]


@dataclass(frozen=True, slots=True)
class _Share:
    own: float
    around: float
    before: float
    after: float


def _shares(holds: NDArray[np.float64], weights: NDArray[np.float64]) -> list[_Share]:
    """Shares of the question, from what each sentence `(n_sentences, n_terms)` holds of it."""
    own = holds @ weights
    around = float(holds.max(axis=0, initial=0.0) @ weights)
    joint = np.maximum(holds[:-1], holds[1:]) @ weights
    before = np.concatenate([[0.0], joint - own[1:]])[: len(own)]
    after = np.concatenate([joint - own[:-1], [0.0]])[: len(own)]
    return [
        _Share(float(a), around, float(b), float(c))
        for a, b, c in zip(own, before, after, strict=True)
    ]


def _together(asked: Sequence[QueryTerm], there: Sequence[str]) -> float:
    """The share of pairs of neighbouring words of the question that stand near each other."""
    if len(asked) < 2:
        return 0.0
    places = [[i for i, found in enumerate(there) if found in item.terms] for item in asked]
    near = sum(any(abs(x - y) <= NEAR for x in a for y in b) for a, b in pairwise(places))
    return near / (len(asked) - 1)


def _has_figure(text: str, sought: Wanted) -> bool:
    return sought.figures is not None and bool(figures(text) - sought.figures)


def _has_number_word(text: str, sought: Wanted) -> bool:
    asked = sought.figures is not None and not _has_figure(text, sought)
    return asked and names_number(text)
