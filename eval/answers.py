"""How well questions are answered: each is asked, and what was quoted is held against what answers.

A question that is refused is asked once more with nothing refused, so that the quality of what is
quoted and the wisdom of refusing it are measured apart.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.errors import QuestionError
from assistant.types import Answer, Citation, Sentence
from eval.askings import Asking
from eval.datasets import Qrels, Query
from index.errors import NothingToFind
from index.filters import Filter
from index.text import fold
from index.types import Document

# As many passages are read by someone who looks for the answer among them.
FIRST = 3


class Answerer(Protocol):
    """Something that answers questions. Both methods raise as `Assistant.ask` does."""

    @property
    def name(self) -> str:
        """What its figures are called by."""

    def ask(self, question: str, filters: Filter) -> Answer:
        """The answer as a user gets it."""

    def insist(self, question: str, filters: Filter) -> Answer:
        """The same, with nothing refused."""

    def document(self, doc_id: str) -> Document | None:
        """A document as it is stored."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer: what it quotes, and the words of it that are marked as answering.

    `holds` is whether an acceptable answer stands in it; `supported` whether one does and it rests
    on a relevant document: the same words in another may tell of something else.
    """

    text: str
    words: tuple[tuple[int, int], ...]
    citations: tuple[Citation, ...]
    holds: bool
    supported: bool

    @property
    def marked(self) -> str:
        """The marked words."""
        return " ".join(self.text[start:end] for start, end in self.words)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one asking.

    `said` is what was answered or, had it not been `refused`, would have been; `score` that of the
    first hit (0.0 without any), `rank` that of the first passage of a relevant document that holds
    an acceptable answer; `n_wrong_places` counts citations that are not what stands in their
    document, or of passages that were not found.
    """

    asking: Asking
    generator: str
    refused: bool
    confidence: float
    score: float
    rank: int | None
    said: tuple[Said, ...]
    n_citations: int
    n_wrong_places: int
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the answer holds an acceptable one, or would have, from a relevant document."""
        return self.asking.answerable and any(said.supported for said in self.said)

    @property
    def found(self) -> bool:
        """Whether it was given, too."""
        return self.right and not self.refused

    @property
    def in_first(self) -> bool:
        """Whether one of the first three passages answers."""
        return self.rank is not None and self.rank <= FIRST


@dataclass(frozen=True)
class Answers:
    """The outcomes of one generator over a set, in the order of the askings, and those of the plain
    ways beside it by name; `fingerprint` is that of the index."""

    dataset: str
    generator: str
    outcomes: Sequence[Outcome]
    beside: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def each(self) -> "tuple[Answers, ...]":
        """Every generator by itself."""
        others = (replace(self, generator=x, outcomes=o, beside={}) for x, o in self.beside.items())
        return replace(self, beside={}), *others


def outcomes_of(askings: Iterable[Asking], answerer: Answerer) -> Iterator[Outcome]:
    """Ask every question."""
    for asking in askings:
        started = time.perf_counter()
        answer = _asked(answerer.ask, asking)
        seconds = time.perf_counter() - started
        whole = answer if not answer.refused else _asked(answerer.insist, asking)
        yield _outcome(asking, answer, whole, seconds, answerer)


class _Ask(Protocol):
    def __call__(self, question: str, filters: Filter) -> Answer: ...


def _asked(ask: _Ask, asking: Asking) -> Answer:
    """The answer; a refusal where the question is none that can be searched."""
    try:
        return ask(asking.query.text, asking.filters)
    except (QuestionError, NothingToFind):
        text, language = asking.query.text, asking.query.language
        return Answer(text, text, (), (), (), True, 0.0, language, "", "")


def _outcome(
    asking: Asking, given: Answer, whole: Answer, seconds: float, answerer: Answerer
) -> Outcome:
    sentences = [_said(sentence, whole, asking) for sentence in whole.sentences]
    wrong = [c for c in whole.citations if not _in_place(c, whole, answerer.document(c.doc_id))]
    return Outcome(
        asking=asking,
        generator=given.generator,
        refused=given.refused,
        confidence=given.confidence,
        score=given.hits[0].score if given.hits else 0.0,
        rank=_rank(given, asking),
        said=tuple(sentences),
        n_citations=len(whole.citations),
        n_wrong_places=len(wrong),
        seconds=seconds,
    )


def _said(sentence: Sentence, answer: Answer, asking: Asking) -> Said:
    """A model's sentence also holds what the quotations it rests on say."""
    cited = tuple(c for c in answer.citations if c.number in sentence.citations)
    relevant = [c.quote for c in cited if c.doc_id in asking.relevant]
    holding = holds([sentence.text, *(c.quote for c in cited)], asking.answers)
    supported = bool(relevant) and holds([sentence.text, *relevant], asking.answers)
    return Said(sentence.text, sentence.words, cited, holding, supported)


def _in_place(citation: Citation, answer: Answer, document: Document | None) -> bool:
    """Whether a citation quotes what stands there, within a passage that was found."""
    passages = [h.passage for h in answer.hits if h.passage.passage_id == citation.passage_id]
    within = any(
        p.doc_id == citation.doc_id and p.start <= citation.start <= citation.end <= p.end
        for p in passages
    )
    stands = document is not None and document.text[citation.start : citation.end]
    return within and stands == citation.quote


def _rank(answer: Answer, asking: Asking) -> int | None:
    right = (
        hit.rank
        for hit in answer.hits
        if hit.passage.doc_id in asking.relevant and holds([hit.passage.text], asking.answers)
    )
    return next(right, None)


def answered(answer: Answer, query: Query, qrels: Qrels) -> bool:
    """Whether a quotation from a relevant document holds an acceptable answer: the same words in
    another document may tell of something else."""
    relevant = {doc_id for doc_id, r in qrels.get(query.query_id, {}).items() if r > 0}
    quotes = [c.quote for c in answer.citations if c.doc_id in relevant]
    return not answer.refused and holds(quotes, query.answers)


def holds(quotes: Iterable[str], answers: Iterable[str]) -> bool:
    """Whether one of the quotations contains one of the answers, spelling aside.

    A number is not contained in a longer one, as 5 is not in 1957; but a word may stand within a
    longer one, as Arabic ties conjunctions and the article to it.
    """
    patterns = [_pattern(folded) for a in answers if (folded := fold(a).strip())]
    return any(pattern.search(fold(quote)) for quote in quotes for pattern in patterns)


def _pattern(answer: str) -> re.Pattern[str]:
    before = r"(?<!\d)" if answer[0].isdigit() else ""
    after = r"(?!\d)" if answer[-1].isdigit() else ""
    return re.compile(before + re.escape(answer) + after)
