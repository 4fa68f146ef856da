"""Why a passage was found: pure data, which `ui` shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.analysis import term, word_spans
from index.queries import language_of
from index.translation import Translator
from index.types import Hit, Passage, QueryTerm

How = Literal["same", "form", "acronym", "translation", "sound"]


@dataclass(frozen=True, slots=True)
class Met:
    """A word of the query and the word of the passage that it met, each as it is first written, and
    `how`: the `same` word, another `form` of it, the name that an `acronym` stands for (as much of
    it as is there), a `translation`, or a name of like `sound`."""

    word: str
    found: str
    how: How


@dataclass(frozen=True, slots=True)
class Part:
    """What a retriever gave: the passage's place among all that it found (from 1; None when it was
    not among them), its score in its own measure, and what that `adds` to the hit's."""

    retriever: str
    rank: int | None
    score: float
    adds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit was found. `missing` are the query's words that the passage does not hold in any
    way; `sentence` is the place of the sentence nearest to the query, None where none was scored;
    the `parts` add up to the hit's score."""

    met: tuple[Met, ...]
    missing: tuple[str, ...]
    sentence: int | None
    parts: tuple[Part, ...]


def explain(
    query: str, hit: Hit, asked: Mapping[str, Sequence[QueryTerm]], tables: Translator
) -> Explanation:
    """`asked` are the query's folded words, in order, each as terms of the passage's language: one,
    or for an acronym those of its name."""
    spelt = {word: query[start:end] for word, start, end in reversed(word_spans(query))}
    meeting = _Meeting(language_of(query), hit.passage, tables)
    met = {word: meeting.met(word, items) for word, items in asked.items()}
    scores = hit.sentence_scores
    return Explanation(
        tuple(replace(found, word=spelt.get(w, w)) for w, found in met.items() if found),
        tuple(spelt.get(w, w) for w, found in met.items() if not found),
        max(range(len(scores)), key=scores.__getitem__) if scores else None,
        tuple(
            Part(name, hit.ranks.get(name), score, hit.shares.get(name, 0.0))
            for name, score in hit.scores.items()
        ),
    )


class _Meeting:
    """The words of a query in language `source` meet those of a passage."""

    def __init__(self, source: str, passage: Passage, tables: Translator) -> None:
        self._source, self._language, self._tables = source, passage.language, tables
        # The first word behind each term, folded and as it is written.
        self._there = {
            term(word, passage.language): (word, passage.text[start:end])
            for word, start, end in reversed(word_spans(passage.text))
        }

    def met(self, word: str, items: Sequence[QueryTerm]) -> Met | None:
        """What a folded word met: the likeliest of its terms that is there, or of an acronym those
        of all words of the name, or of a compound those of its parts."""
        likeliest = [
            (item.word, max(present, key=item.terms.__getitem__))
            for item in items
            if (present := [t for t in item.terms if t in self._there])
        ]
        if not likeliest:
            return None
        written = dict.fromkeys(self._there[t][1] for _, t in likeliest)
        return Met(word, " ".join(written), self._how(word, *likeliest[0]))

    def _how(self, word: str, name: str, met: str) -> How:
        """`name` is a word of the name that `word` stands for, if it is an acronym, or a part of
        it, if it is a compound."""
        if word == self._there[met][0]:
            return "same"
        if met == term(word, self._language):
            return "form"
        if name != word:
            return "form" if name in word else "acronym"
        known = self._tables.translate(word, self._source, self._language)
        return "translation" if met in {term(w, self._language) for w in known} else "sound"
