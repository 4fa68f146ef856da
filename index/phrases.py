"""Passages that hold a phrase or a word: found by their terms, phrases then checked in the text."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from index.analysis import term, words
from index.columns import Rows
from index.filters import Among, NotAmong, Selection
from index.queries import Query
from index.sparse import LanguageCounts
from index.text import fold

# Of a long quotation so many words, the rarest, find the passage as well as all of them.
MOST_TELLING = 24

# The texts of given rows, in their order.
Texts = Callable[[Rows], Iterable[str]]


class PhraseSearch:
    """The counts of all languages of an index, and where the texts of its passages are."""

    def __init__(self, counts: Mapping[str, LanguageCounts], texts: Texts) -> None:
        self._counts = counts
        self._texts = texts

    def narrow(self, selection: Selection, query: Query) -> Selection:
        """What is left of a selection of passages when the query's demands are met.

        Takes time in proportion to the passages that hold all words of a phrase.
        """
        for word in query.excluded:
            selection = selection.also(NotAmong(self._candidates([word]), selection.n_all))
        for phrase in query.excluded_phrases:
            selection = selection.also(NotAmong(self.holding(phrase, selection), selection.n_all))
        for phrase in query.phrases:
            selection = selection.also(Among(self.holding(phrase, selection)))
        return selection

    def holding(self, phrase: Sequence[str], selection: Selection) -> Rows:
        """Rows of the passages of a selection that hold the folded words of a phrase in a row, in
        order."""
        rows = self._candidates(phrase)
        rows = rows[selection.allows(rows)]
        looks_like = re.compile(r"[\W_]*".join(map(re.escape, phrase))).search
        folded = map(fold, self._texts(rows))
        # Cutting a text into words takes longer than all the rest.
        held = [bool(looks_like(text)) and _holds(words(text), phrase) for text in folded]
        return rows[np.array(held, np.bool_)]

    def most_alike(self, asked: Sequence[str], n: int, selection: Selection) -> Rows:
        """Rows of the `n` passages of a selection that hold the most of these folded words, by
        BM25 and untranslated, best first."""
        scores = np.zeros(selection.n_all)
        for language, counts in self._counts.items():
            terms = {term(word, language) for word in asked} & counts.vocabulary.keys()
            telling = sorted(terms, key=lambda t: (-counts.idf_of(t), t))[:MOST_TELLING]
            if telling:
                scores[counts.rows] = counts.scores(telling)
        rows = np.flatnonzero(scores).astype(np.int32)
        rows = rows[selection.allows(rows)]
        return rows[np.argsort(-scores[rows], kind="stable")[:n]]

    def _candidates(self, asked: Iterable[str]) -> Rows:
        """Rows of the passages that hold the term of every word that is asked for, in order."""
        found = [
            counts.holding([term(word, language) for word in asked])
            for language, counts in self._counts.items()
        ]
        return np.sort(np.concatenate([np.zeros(0, np.int32), *found]))


def _holds(there: Sequence[str], phrase: Sequence[str]) -> bool:
    first, n = phrase[0], len(phrase)
    starts = (i for i, word in enumerate(there) if word == first)
    return any(list(there[i : i + n]) == list(phrase) for i in starts)
