"""What speaks for each sentence of the hits: a dozen plain numbers, before anything is weighed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from assistant.counting import NAMED, Amount, amounts, naming, thing_counted
from assistant.likeness import held, likeness, met
from assistant.questions import Kind, figures, kind_of
from assistant.values import new_values, tells_year
from index.analysis import term, words
from index.lexical import term_weights
from index.text import fold
from index.types import Hit, QueryTerm

# Fewer words than this are a heading or a piece of a sentence.
FRAGMENT = 4
# Two words of the question stand together when at most this many words apart.
NEAR = 3

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Features:
    """What a sentence has, each from about 0 to 1.

    `coverage`: the share of the question's words that it holds, by what they tell (idf);
    `around`: the same of its passage; `before` and `after`: what the sentence before or after adds
    to its own; `together`: the share of neighbouring words of the question that stand near each
    other; `cosine`: its likeness to the question; `alike`: that of each word of the question to the
    likest one here, their mean; `telling` and `alike_telling`: coverage, words of like meaning
    counted, and `alike`, when a word of the question weighs less the more sentences of the hits
    have it, for it does not tell them apart; `passage`: its passage's score, as a share of the best
    one's. `date` and `amount`: a question for one finds one here that it does not hold itself, in
    digits or in words; where numbers in the hits count what the question counts, a measure of
    something else is no amount. `fragment`: it is too short to be a sentence; `headline`: it is the
    article's own title; `other_language`: it is in another than the question.
    """

    coverage: float
    cosine: float
    alike: float
    telling: float
    alike_telling: float
    passage: float
    around: float
    before: float
    after: float
    together: float
    date: float
    amount: float
    fragment: float
    headline: float
    other_language: float

    @property
    def row(self) -> tuple[float, ...]:
        """The numbers in their order (`dataclasses.astuple` copies each one deeply)."""
        numbers: tuple[float, ...] = _NUMBERS(self)
        return numbers


_NUMBERS = attrgetter(*(field.name for field in fields(Features)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it is looked for in the passages of one language: its words, once each, with
    weights `(n,)` that add up to 1; what kind of thing it asks for, the figures it holds, and which
    of the words is what it counts."""

    terms: tuple[QueryTerm, ...]
    weights: Rows
    kind: Kind | None
    figures: frozenset[str]
    counted: int | None


def wanted(question: str, asked: Sequence[QueryTerm]) -> Wanted:
    """`asked` is what the question's words are in that language."""
    terms = tuple({item.word: item for item in asked}.values())
    weights = np.array(term_weights(list(terms)))
    shares, given = weights / (weights.sum() or 1.0), frozenset(figures(question))
    return Wanted(terms, shares, kind_of(question), given, thing_counted(question, terms))


@dataclass(frozen=True, slots=True)
class _Said:
    """A hit's sentences and the folded words of each."""

    hit: Hit
    texts: Sequence[str]
    words: Sequence[Sequence[str]]

    @property
    def language(self) -> str:
        """That of the passage."""
        return self.hit.passage.language


def _said(hit: Hit) -> _Said:
    texts = [hit.passage.sentence(i) for i in range(len(hit.passage.sentences))]
    return _Said(hit, texts, list(map(words, texts)))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a hit's sentences have of the question: the terms of each, what they hold of its words,
    and how like its likest word is to each, `(n_sentences, n_terms)`; the amounts in each, if one
    is asked for."""

    said: _Said
    sought: Wanted
    terms: Sequence[Sequence[str]]
    holds: Rows
    likest: NDArray[np.float32]
    amounts: Sequence[Sequence[Amount]]

    @property
    def counts(self) -> float:
        """How surely (0 to 1) some number here counts what the question counts."""
        return max((one.counts for own in self.amounts for one in own), default=0.0)


def all_features(hits: Sequence[Hit], sought: Mapping[str, Wanted]) -> list[list[Features]]:
    """The features of every sentence of each hit, in order; `sought` is the question in the
    language of each."""
    best = max((hit.score for hit in hits), default=0.0)
    read = _read(hits, sought)
    languages = {one.said.language for one in read}
    telling = {x: _telling([one for one in read if one.said.language == x]) for x in languages}
    told = max((one.counts for one in read), default=0.0) >= NAMED
    return [_features(one, best, telling[one.said.language], told) for one in read]


@dataclass(frozen=True, slots=True)
class _Alike:
    """How like the question's words are to those of all hits in one language: a row each, and a
    column for each word, by its place."""

    cosines: NDArray[np.float32]
    places: Mapping[str, int]


def _alike(sought: Wanted, said: Iterable[_Said]) -> _Alike:
    distinct = dict.fromkeys(word for one in said for own in one.words for word in own)
    cosines = likeness([item.word for item in sought.terms], list(distinct))
    return _Alike(cosines, {word: i for i, word in enumerate(distinct)})


def _read(hits: Sequence[Hit], sought: Mapping[str, Wanted]) -> list[_Read]:
    said = list(map(_said, hits))
    languages = {one.language for one in said}
    alike = {x: _alike(sought[x], [one for one in said if one.language == x]) for x in languages}
    return [_met(one, sought[one.language], alike[one.language]) for one in said]


def _met(said: _Said, sought: Wanted, alike: _Alike) -> _Read:
    terms = [[term(word, said.language) for word in own] for own in said.words]
    holds = np.array([[held(item, set(row)) for item in sought.terms] for row in terms])
    likest = [_likest(alike.cosines, [alike.places[word] for word in own]) for own in said.words]
    shape = (len(said.texts), len(sought.terms))
    like = np.array(likest).reshape(shape)
    return _Read(said, sought, terms, holds.reshape(shape), like, _amounts(said, sought, alike))


def _likest(alike: NDArray[np.float32], columns: Sequence[int]) -> NDArray[np.float32]:
    """Of each row the highest value among some columns `(n_rows,)`."""
    if not columns:
        return np.zeros(len(alike), np.float32)
    highest: NDArray[np.float32] = alike[:, columns].max(axis=1)
    return highest


def _telling(read: Sequence[_Read]) -> Rows:
    """The weights of the question's words `(n_terms,)`, less for those that many sentences have."""
    there = np.concatenate([met(one.holds, one.likest) for one in read])
    rare = np.log((1 + len(there)) / (0.5 + there.sum(axis=0)))
    weights: Rows = read[0].sought.weights * rare
    return weights / (weights.sum() or 1.0)


def _features(read: _Read, best: float, telling: Rows, told: bool) -> list[Features]:
    hit, texts, sought = read.said.hit, read.said.texts, read.sought
    shares = _shares(read.holds, sought.weights)
    title = None if hit.passage.title is None else fold(hit.passage.title)
    cosines = hit.sentence_scores or (0.0,) * len(texts)
    met_telling = met(read.holds, read.likest) @ telling
    return [
        Features(
            coverage=share.own,
            cosine=cosines[i],
            alike=float(read.likest[i] @ sought.weights),
            telling=float(met_telling[i]),
            alike_telling=float(read.likest[i] @ telling),
            passage=hit.score / best if best > 0 else 0.0,
            around=share.around,
            before=share.before,
            after=share.after,
            together=_together(sought.terms, read.terms[i]),
            date=float(_dated(texts[i], sought)),
            amount=float(any(_may_answer(one, told) for one in read.amounts[i])),
            fragment=float(len(read.terms[i]) < FRAGMENT),
            headline=float(title is not None and fold(texts[i]) == title),
            other_language=float("language" not in hit.scores),
        )
        for i, share in enumerate(shares)
    ]


@dataclass(frozen=True, slots=True)
class _Share:
    own: float
    around: float
    before: float
    after: float


def _shares(holds: Rows, weights: Rows) -> list[_Share]:
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


def _dated(text: str, sought: Wanted) -> bool:
    """Whether a question for a date finds one that it does not hold itself."""
    if sought.kind not in {"year", "when"}:
        return False
    found = new_values(text, "date", sought.figures)
    return any(sought.kind == "when" or tells_year(value) for value in found)


def _amounts(said: _Said, sought: Wanted, alike: _Alike) -> list[list[Amount]]:
    """What a question for an amount finds in each sentence that it does not hold itself."""
    if sought.kind != "amount":
        return [[] for _ in said.texts]
    if (i := sought.counted) is None:
        return amounts(said.texts, sought.figures, lambda _: 0.0)
    there = {word for own in said.words for word in own}
    of_thing = alike.cosines[i, [alike.places[word] for word in there]]
    near = dict(zip(there, met(np.zeros(len(there)), of_thing).tolist(), strict=True))
    named = naming(sought.terms[i], said.language, near)
    return amounts(said.texts, sought.figures, named)


def _may_answer(amount: Amount, told: bool) -> bool:
    """Whether an amount may be what is asked for; `told`: others count that very thing."""
    return not (told and amount.measured and amount.counts < NAMED)
