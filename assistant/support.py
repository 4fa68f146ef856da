"""Whether a passage says what a sentence claims: by words, meaning, figures and quotations."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.likeness import held
from assistant.questions import figures
from index.analysis import term, words
from index.languages import script_of
from index.lexical import term_weights
from index.search import Searcher
from index.text import fold, fold_with_offsets
from index.types import Passage, QueryTerm

# A logistic model of the best coverage and the best cosine of a passage's sentences, fitted to
# sentences of xquad-r (`fit`) with the passage that translates theirs and with others, near and
# far: `python -m eval.support`.
INTERCEPT, COVERAGE, COSINE = -6.66, 11.87, 10.85
# From here on a claim counts as supported.
SUPPORTED = 0.5
# What a claim gets at most when a figure or a quotation in it is not in what it cites.
CONTRADICTED = 0.2
# No sentence is longer; a model that writes on without a full stop shall not cost minutes.
MAX_CLAIM_CHARS = 2_000
# Single digits are written as words too often to be missed.
_MIN_FIGURE_DIGITS = 2
# Shorter quotations are titles and words used with a distance.
_MIN_QUOTED_WORDS = 4
_QUOTED = re.compile(
    r"«([^«»\n]{8,1000})»|“([^“”\n]{8,1000})”|„([^„“\n]{8,1000})“|\"([^\"\n]{8,1000})\""
)


@dataclass(frozen=True, slots=True)
class Support:
    """Sentences `first` to `last` of a passage and how likely, 0 to 1, they carry a claim;
    `invented` where it has a figure or a quotation that none of the passages it cites holds."""

    passage: Passage
    first: int
    last: int
    probability: float
    invented: bool = False


class Checker:
    """Checks claims against the passages of one answer. Remembers each result, so that a stream
    may ask for the same sentence again and again; not to be shared between threads."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._known: dict[tuple[str, tuple[str, ...]], list[Support]] = {}

    def check(self, claim: str, passages: Sequence[Passage]) -> list[Support]:
        """What in each of `passages`, which `claim` cites, carries it best, in their order."""
        key = claim, tuple(passage.passage_id for passage in passages)
        if key not in self._known:
            self._known[key] = _check(claim, passages, self._searcher)
        return self._known[key]


def _check(claim: str, passages: Sequence[Passage], searcher: Searcher) -> list[Support]:
    claim = claim[:MAX_CLAIM_CHARS]
    asked = searcher.query_terms(claim)
    cosines = searcher.sentence_cosines(claim, passages)
    spans = [_quoted_sentences(claim, passage) for passage in passages]
    invented = _invents_figure(claim, passages) or _invents_quote(claim, passages)
    return [
        _support(
            asked.get(passage.language, []), passage, cosines[passage.passage_id], span, invented
        )
        for passage, span in zip(passages, spans, strict=True)
    ]


def _support(
    asked: Sequence[QueryTerm],
    passage: Passage,
    cosines: Sequence[float],
    quoted: tuple[int, int] | None,
    invented: bool,
) -> Support:
    covered = list(_coverages(asked, passage))
    of_each = [COVERAGE * x + COSINE * c for x, c in zip(covered, cosines, strict=True)]
    best = max(range(len(of_each)), key=of_each.__getitem__)
    first, last = quoted or (best, best)
    likely = probability(max(covered), max(cosines))
    return Support(passage, first, last, min(likely, CONTRADICTED if invented else 1.0), invented)


def probability(coverage: float, cosine: float) -> float:
    """How likely a passage carries a claim, given the largest coverage and the largest cosine (0 to
    1) that one of its sentences has with it."""
    return 1 / (1 + math.exp(-(INTERCEPT + COVERAGE * coverage + COSINE * cosine)))


def features(
    claim: str, passage: Passage, searcher: Searcher, asked: Mapping[str, Sequence[QueryTerm]]
) -> tuple[float, float]:
    """The coverage and the cosine that `probability` takes."""
    covered = _coverages(asked.get(passage.language, []), passage)
    cosines = searcher.sentence_cosines(claim, [passage])[passage.passage_id]
    return max(covered, default=0.0), max(cosines, default=0.0)


def nearest(
    claim: str, passage: Passage, searcher: Searcher, asked: Mapping[str, Sequence[QueryTerm]]
) -> tuple[float, int]:
    """How likely, 0 to 1, one sentence alone carries a claim, by its own words and its own meaning,
    and which sentence of the passage that is. `features` may take each from another one."""
    covered = _coverages(asked.get(passage.language, []), passage)
    cosines = searcher.sentence_cosines(claim, [passage])[passage.passage_id]
    each = [(probability(x, c), i) for i, (x, c) in enumerate(zip(covered, cosines, strict=True))]
    return max(each, default=(0.0, 0))


def _coverages(asked: Sequence[QueryTerm], passage: Passage) -> Iterator[float]:
    """The share (0 to 1, by idf) of the claim's words that each sentence holds."""
    terms = list({item.word: item for item in asked}.values())
    weights = term_weights(terms)
    total = math.fsum(weights) or 1.0
    for i in range(len(passage.sentences)):
        there = {term(word, passage.language) for word in words(passage.sentence(i))}
        yield math.fsum(w * held(t, there) for t, w in zip(terms, weights, strict=True)) / total


def _invents_figure(claim: str, passages: Sequence[Passage]) -> bool:
    """Whether a number of two digits or more stands in none of the passages, nor in their titles
    and dates."""
    told = " ".join(f"{p.text} {p.title or ''} {p.date or ''}" for p in passages)
    missing = figures(claim) - figures(told)
    return any(len(figure) >= _MIN_FIGURE_DIGITS for figure in missing)


def _invents_quote(claim: str, passages: Sequence[Passage]) -> bool:
    """Whether words in quotation marks stand in none of the passages in their script: a quotation
    of another language was translated, and cannot be looked up."""
    for quote in quotations(claim):
        same_script = [p for p in passages if script_of(p.text) == script_of(quote)]
        if same_script and not any(_place(quote, p) for p in same_script):
            return True
    return False


def quotations(text: str) -> list[str]:
    """What `text` holds in quotation marks, some words long at least."""
    found = [next(filter(None, match.groups())) for match in _QUOTED.finditer(text)]
    return [quote for quote in found if len(words(quote)) >= _MIN_QUOTED_WORDS]


def _quoted_sentences(claim: str, passage: Passage) -> tuple[int, int] | None:
    """The first and the last sentence of the first quotation in `claim` that is in the passage."""
    for quote in quotations(claim):
        if place := _place(quote, passage):
            touched = [
                i
                for i, (start, end) in enumerate(passage.sentences)
                if start < place[1] and place[0] < end
            ]
            if touched:
                return touched[0], touched[-1]
    return None


def _place(quote: str, passage: Passage) -> tuple[int, int] | None:
    """Where in the passage the quotation stands, spelling and final marks aside."""
    wanted = fold(quote).strip(" .,;:!?…")
    return next(fold_with_offsets(passage.text).find_all(wanted), None)
