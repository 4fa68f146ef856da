"""How a passage words what is asked, beyond BM25: words of like form, and words side by side.

A stemmer takes two forms of a word for one or for two; the character 4-grams they share say how
alike they are, whatever affixes, clitics and spellings a language has (McNamee & Mayfield 2004).
Only candidates are looked at, by the numbers of their words: a passage takes some tens of
microseconds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.lexical import term_weights
from index.running import Said
from index.types import QueryTerm

N_GRAM = 4
# Translations less likely than this share of the likeliest are looked for whole, not by their form.
LIKELY = 0.3

# 4-grams of one form as UTF-8.
Grams = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """`form` is the share (0 to 1, by idf) of the query's words that a passage holds, each counted
    by the share of its 4-grams that is there; `near` how close neighbouring words of the query
    stand in it (0 to 1: side by side)."""

    form: float
    near: float


NOTHING = Wording(0.0, 0.0)


class Asked:
    """The words of a query, to be looked for in passages of one language.

    `vocabulary` numbers that language's terms. `own` says that it is the query's language: then a
    word's own form is looked for, and that of its translations' stems otherwise.
    """

    def __init__(
        self, asked: Sequence[QueryTerm], vocabulary: Mapping[str, int], own: bool
    ) -> None:
        items = list({item.word: item for item in asked}.values())
        weights = term_weights(items)
        total = math.fsum(weights) or 1.0
        self.own = own
        self._weights = [weight / total for weight in weights]
        self._wanted = _by_term(items, vocabulary)
        self._grams = [_forms(item, own) for item in items]
        pairs = [min(pair) for pair in pairwise(self._weights)]
        self._pairs, self._most_near = pairs, math.fsum(pairs) or 1.0

    def wording(self, said: Said) -> Wording:
        """That of one passage."""
        if not self._weights:
            return NOTHING
        places, held = self._places(said.terms)
        form = math.fsum(
            weight * max(held[i], _likeness(self._grams[i], said.words) if held[i] < 1 else 0.0)
            for i, weight in enumerate(self._weights)
        )
        near = math.fsum(
            weight / distance
            for weight, (a, b) in zip(self._pairs, pairwise(places), strict=True)
            if (distance := _distance(a, b))
        )
        return Wording(form, near / self._most_near)

    def _places(self, terms: Sequence[int]) -> tuple[list[list[int]], list[float]]:
        """Where each word of the query stands, and how likely its likeliest translation there."""
        places: list[list[int]] = [[] for _ in self._weights]
        held = [0.0] * len(places)
        for at, term in enumerate(terms):
            for i, share in self._wanted.get(term, ()):
                places[i].append(at)
                held[i] = max(held[i], share)
        return places, held


def _by_term(
    items: Sequence[QueryTerm], vocabulary: Mapping[str, int]
) -> Mapping[int, list[tuple[int, float]]]:
    """The words that each term, by its number, stands for, with its share of the likeliest one's
    probability."""
    found: dict[int, list[tuple[int, float]]] = {}
    for i, item in enumerate(items):
        likeliest = max(item.terms.values(), default=1.0) or 1.0
        for asked, probability in item.terms.items():
            if (number := vocabulary.get(asked)) is not None:
                found.setdefault(number, []).append((i, probability / likeliest))
    return found


def _forms(item: QueryTerm, own: bool) -> list[tuple[float, Grams]]:
    """The 4-grams of the word, or of its likely translations with their shares of the likeliest
    one's probability, best first. None of a number, which is whole or not there."""
    if item.word[0].isdigit():
        return []
    if own:
        return [(1.0, _grams(f" {item.word} "))]
    likeliest = max(item.terms.values(), default=1.0) or 1.0
    shares = [(p / likeliest, t) for t, p in item.terms.items() if len(t) >= N_GRAM]
    return [(share, _grams(t)) for share, t in sorted(shares, reverse=True) if share >= LIKELY]


def _grams(form: str) -> Grams:
    n_grams = max(1, len(form) - N_GRAM + 1)
    return tuple(form[i : i + N_GRAM].encode() for i in range(n_grams))


def _likeness(forms: Sequence[tuple[float, Grams]], words: bytes) -> float:
    best = 0.0
    for share, grams in forms:
        if share > best:
            best = max(best, share * sum(gram in words for gram in grams) / len(grams))
    return best


def _distance(a: Sequence[int], b: Sequence[int]) -> int:
    """The fewest words from one of the places `a` to one of `b`, both ascending; 0 without any."""
    return min((abs(x - y) for x in a for y in b if x != y), default=0)
