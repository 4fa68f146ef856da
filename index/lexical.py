"""Query → passages by their words: BM25 in every language, the query translated term by term."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.acronyms import full_name
from index.analysis import term
from index.filters import Selection
from index.queries import content_words, language_of
from index.sparse import LanguageCounts
from index.translation import Translator, virtual_term
from index.transliteration import Names
from index.types import QueryTerm

# A word that no passage holds weighs this many times as much as the rarest that one does: a query
# for something the passages never name is not answered by them.
UNSEEN = 1.2
# The best BM25 score becomes 1, unless it is less than this share of what a passage that held every
# word of the query once would score: one shared word of eight is no full match.
FULL_MATCH = 0.5
# Letters that each part of a compound has at least.
SHORTEST_PART = 2
# A translated match counts as this share of one in the question's own words, which are surer.
TRANSLATED = 0.8

# Words remembered, each in a language: those of some dozens of questions.
N_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class Match:
    """Passage `row` of the index: its BM25 score, and the same between 0 and 1, which can be
    compared between languages."""

    row: int
    bm25: float
    share: float


class LexicalSearch:
    """The counts of all languages of an index, with the tables between them."""

    def __init__(self, counts: Mapping[str, LanguageCounts], translator: Translator) -> None:
        self._counts = dict(counts)
        self._translator = translator
        self._names = {x: Names(of.vocabulary, x, of.spellings) for x, of in self._counts.items()}
        # A question's words are looked up by the search, the ranking, the evidence and the reasons.
        self._word_terms = lru_cache(maxsize=N_REMEMBERED)(self._looked_up)

    @property
    def languages(self) -> list[str]:
        """The languages of the passages (ISO 639-1)."""
        return list(self._counts)

    def query_terms(self, query: str, language: str) -> list[QueryTerm]:
        """The query's words as terms of one language: themselves, their translations, the words of
        the name that an acronym stands for, or the parts of a compound."""
        source, asked = language_of(query), content_words(query)
        return [item for word in asked for item in self._word_terms(word, source, language)]

    def terms_by_word(self, query: str, language: str) -> dict[str, list[QueryTerm]]:
        """The same for each folded word of the query: one term, or those of an acronym's name or of
        a compound's parts."""
        source = language_of(query)
        asked = content_words(query)
        return {word: list(self._word_terms(word, source, language)) for word in asked}

    def _looked_up(self, word: str, source: str, language: str) -> tuple[QueryTerm, ...]:
        counts, own = self._counts[language], term(word, language)
        if name := full_name(word, language):
            short = {own: 1.0} if own in counts.vocabulary else {}
            found = [QueryTerm(part, {term(part, language): 1.0} | short) for part in name]
        elif source == language and (parts := compound_parts(word, language, counts)):
            found = [QueryTerm(part, {term(part, language): 1.0}) for part in parts]
        elif source == language:
            return (QueryTerm(word, {own: 1.0}, idf=counts.idf_of(own)),)
        else:
            found = [virtual_term(word, source, self._translator, self._names[language])]
        return tuple(replace(item, idf=counts.virtual_idf(item.terms)) for item in found)

    def search(
        self, query: str, n: int, languages: Iterable[str], selection: Selection
    ) -> list[Match]:
        """The `n` best passages of a selection, which lies in `languages`, best first by share,
        equal ones by row; those that match no term are left out."""
        found = [
            match for x in languages for match in self._search_language(query, n, x, selection)
        ]
        best = max((match.share for match in found), default=0.0)
        scaled = [replace(match, share=match.share / max(best, FULL_MATCH)) for match in found]
        return sorted(scaled, key=lambda match: (-match.share, match.row))[:n]

    def _search_language(
        self, query: str, n: int, language: str, selection: Selection
    ) -> list[Match]:
        """The best of one language, as shares of a full match."""
        asked, counts = self.query_terms(query, language), self._counts[language]
        same = language_of(query) == language
        scores = self._scores(asked, counts)
        full = (full_match(asked) or 1.0) / (1.0 if same else TRANSLATED)
        places = np.flatnonzero(scores > 0)
        if selection:
            places = places[selection.allows(counts.rows[places])]
        return [
            Match(int(counts.rows[i]), float(scores[i]), float(scores[i]) / full)
            for i in _largest(scores, places, n)
        ]

    @staticmethod
    def _scores(asked: Sequence[QueryTerm], counts: LanguageCounts) -> NDArray[np.float64]:
        """Plain BM25 for a query in the passages' own words, else that of its virtual terms."""
        if all(item.weight == 1 and list(item.terms.values()) == [1.0] for item in asked):
            return counts.scores([t for item in asked for t in item.terms])
        return counts.virtual_scores([t.terms for t in asked], [t.weight for t in asked])


def compound_parts(word: str, language: str, counts: LanguageCounts) -> tuple[str, ...]:
    """The two words of a Persian compound that is written without its half-space (رأی‌گیری as
    رايگيري) where no passage holds it so; none where it is no such compound. Of several cuts the
    one is taken whose rarer part most passages hold."""
    if language != "fa" or term(word, language) in counts.vocabulary:
        return ()
    cuts = [(word[:i], word[i:]) for i in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
    held = {cut: min(counts.df_of(term(part, language)) for part in cut) for cut in cuts}
    best = max(cuts, key=held.__getitem__, default=())
    return best if best and held[best] else ()


def term_weights(asked: Sequence[QueryTerm]) -> list[float]:
    """How much each word of a query matters: its idf, or more than any where it is unseen."""
    rarest = max((item.idf for item in asked), default=0.0) or 1.0
    return [item.weight * (item.idf or UNSEEN * rarest) for item in asked]


def full_match(asked: Sequence[QueryTerm]) -> float:
    """About what a passage of average length scores that holds each word of a query once."""
    return sum(term_weights(asked))


def _largest(scores: NDArray[np.float64], places: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """Those of `places` with the `n` largest scores, in no order; ties at the edge are all kept, so
    that the order of the corpus decides nothing."""
    if len(places) <= n:
        return places
    found = scores[places]
    largest: NDArray[np.intp] = places[found >= np.partition(found, len(places) - n)[-n]]
    return largest
