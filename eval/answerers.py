"""Who is measured by `sanad eval answers`: the assistant, and two plain ways to quote beside it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.assistant import Assistant
from assistant.citations import cite
from assistant.config import AnswerConfig
from assistant.evidence import Evidence, gather
from assistant.fits import STATIC
from assistant.generative import Generator
from assistant.types import Answer, Sentence
from index.analysis import term, words
from index.filters import Filter
from index.queries import Query, language_of
from index.search import Searcher
from index.types import Document, Hit, QueryTerm

# As many sentences a plain way quotes, whatever the question.
N_QUOTED = 2
# BM25's usual constants.
_K1, _B = 1.5, 0.75


class Assisted:
    """The assistant, with a language model or without."""

    def __init__(
        self, searcher: Searcher, config: AnswerConfig, generator: Generator | None = None
    ) -> None:
        self._searcher = searcher
        self._careful = Assistant(searcher, config, generator)
        self._bold = Assistant(searcher, replace(config, max_risk=1.0), generator)
        self.name = generator.llm.name if generator else "extractive"

    def ask(self, question: str, filters: Filter) -> Answer:
        """See `eval.answers.Answerer`."""
        return self._careful.ask(question, filters=filters)

    def insist(self, question: str, filters: Filter) -> Answer:
        """See `eval.answers.Answerer`."""
        return self._bold.ask(question, filters=filters)

    def document(self, doc_id: str) -> Document | None:
        """See `eval.answers.Answerer`."""
        return self._searcher.document(doc_id)


# Hits and the question's terms in a language → sentences, best first.
Choose = Callable[[Sequence[Evidence], dict[str, list[QueryTerm]]], list[Evidence]]


@dataclass(frozen=True)
class Plain:
    """Quotes the two sentences that `choose` puts first and refuses nothing; how sure it is, is the
    score of the first hit."""

    name: str
    searcher: Searcher
    n_hits: int
    choose: Choose

    def ask(self, question: str, filters: Filter) -> Answer:
        """See `eval.answers.Answerer`."""
        hits = self.searcher.search(Query(question), self.n_hits, filters=filters)
        asked = self.searcher.query_terms(question)
        chosen = self.choose(gather(question, hits, asked, STATIC.evidence), asked)[:N_QUOTED]
        return _answer(question, hits, chosen, self)

    def insist(self, question: str, filters: Filter) -> Answer:
        """See `eval.answers.Answerer`."""
        return self.ask(question, filters)

    def document(self, doc_id: str) -> Document | None:
        """See `eval.answers.Answerer`."""
        return self.searcher.document(doc_id)


def plain_ways(searcher: Searcher, n_hits: int) -> list[Plain]:
    """The baselines, on the same hits."""
    return [
        Plain("hand-set weights", searcher, n_hits, _hand_set),
        Plain("top passage, BM25", searcher, n_hits, _top_passage),
    ]


def _answer(question: str, hits: Sequence[Hit], chosen: Sequence[Evidence], way: Plain) -> Answer:
    citations = tuple(cite(n, e) for n, e in enumerate(chosen, start=1))
    return Answer(
        question=question,
        query=question,
        sentences=tuple(Sentence(c.quote, (c.number,), 1.0) for c in citations),
        citations=citations,
        hits=tuple(hits),
        refused=not citations,
        confidence=min(1.0, max(0.0, hits[0].score)) if hits else 0.0,
        language=language_of(question),
        generator=way.name,
        fingerprint=way.searcher.fingerprint,
    )


def _hand_set(found: Sequence[Evidence], _: dict[str, list[QueryTerm]]) -> list[Evidence]:
    """By three weights that nobody fitted."""

    def score(e: Evidence) -> float:
        return e.features.coverage + 0.5 * e.features.cosine + 0.8 * e.features.passage

    return sorted(found, key=lambda e: -score(e))


def _top_passage(found: Sequence[Evidence], asked: dict[str, list[QueryTerm]]) -> list[Evidence]:
    """The sentences of the first hit by BM25, which takes each for a document."""
    own = sorted((e for e in found if e.hit.rank == 1), key=lambda e: e.sentence)
    if not own:
        return []
    language = own[0].hit.passage.language
    texts = [[term(word, language) for word in words(e.text)] for e in own]
    usual = sum(map(len, texts)) / len(texts) or 1.0
    scores = [_bm25(asked.get(language, []), text, usual) for text in texts]
    return [own[i] for i in sorted(range(len(own)), key=lambda i: -scores[i])]


def _bm25(asked: Sequence[QueryTerm], text: Sequence[str], usual: float) -> float:
    """`usual` is the mean length; a translation counts by its share of the likeliest."""
    norm = _K1 * (1 - _B + _B * len(text) / usual)
    return math.fsum(
        item.idf * count * (_K1 + 1) / (count + norm) for item in asked if (count := _n(item, text))
    )


def _n(item: QueryTerm, text: Sequence[str]) -> float:
    likeliest = max(item.terms.values(), default=1.0) or 1.0
    return math.fsum(item.terms.get(word, 0.0) / likeliest for word in text)
