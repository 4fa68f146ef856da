"""The one door: a question in, an answer with citations out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.anchors import anchor_of
from assistant.answerable import answerable
from assistant.citations import cite
from assistant.confidence import Confidence, confidence, threshold
from assistant.config import CLEAR, MAX_QUESTION_CHARS, N_NEAREST, AnswerConfig
from assistant.context import N_LOOKED, Asked, in_context
from assistant.conversation import NOTHING_SAID, Conversation, standalone
from assistant.disagreement import Value, differing
from assistant.errors import GeneratorError, QuestionError
from assistant.evidence import Evidence, gather
from assistant.extractive import Choice, choose
from assistant.fits import fit_for
from assistant.generative import Generator
from assistant.levelling import level
from assistant.overlap import overlap
from assistant.recency import is_timely, newest_first
from assistant.remarks import remarks
from assistant.rereading import by_evidence, reread
from assistant.types import Answer, Citation, Sentence
from index.errors import NothingToFind
from index.filters import EVERYTHING, Filter
from index.queries import Query, language_of, parse
from index.search import Searcher
from index.text import valid
from index.types import Hit, Passage

GENERATOR = "extractive"


@dataclass(frozen=True, slots=True)
class _Found:
    """The hits of a query, by what speaks for them; the sentences to quote, the values in which
    documents differ, how sure one can be, and how much the archive seems to answer."""

    query: Query
    hits: Sequence[Hit]
    chosen: Sequence[Choice]
    values: Sequence[Value]
    sure: Confidence
    answerable: float
    search_ms: float


@dataclass(frozen=True, slots=True)
class _Context:
    """A follow-up: the message, and the passages that the turn before cited."""

    message: Asked
    cited: tuple[Passage, ...]


class Assistant:
    """Answers from one open index; keeps nothing between questions, so threads may share it."""

    def __init__(
        self,
        searcher: Searcher,
        config: AnswerConfig | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.searcher = searcher
        self._fit = fit_for(searcher.manifest.encoder)
        self._config = config or AnswerConfig()
        self._generator = generator

    def ask(
        self,
        question: str,
        conversation: Conversation = NOTHING_SAID,
        filters: Filter = EVERYTHING,
    ) -> Answer:
        """The answer from passages that `filters` allow, or a refusal when support is too weak.

        A question that follows up on `conversation` is searched with what it leaves out; what
        stands in quotation marks must be in the passages, word for word, but is searched like any
        other words when those that hold it do not answer: see `Answer.query`. Raises QuestionError
        when the question is empty or longer than any question, NothingToFind when it says only
        what to leave out.
        """
        *_, answer = self.stream(question, conversation, filters)
        return answer

    def stream(
        self,
        question: str,
        conversation: Conversation = NOTHING_SAID,
        filters: Filter = EVERYTHING,
    ) -> Iterator[Answer]:
        """The answer as far as it has come, about ten times a second; the last one is whole.

        Without a language model there is only that one. Raises as `ask` does.
        """
        started = time.perf_counter()
        question = _checked(question)
        query = self._standalone(conversation, question)
        plain = self._quoting(question, query, filters, self._context(conversation, question))
        if self._generator is None or plain.refused:
            yield self._finished(plain)
            return
        left_s = self._generator.timeout_s - (time.perf_counter() - started)
        started = time.perf_counter()
        for answer in self._generator.stream(plain, self.searcher, left_s):
            spent = round(1000 * (time.perf_counter() - started), 1)
            timed = replace(answer, timings_ms={**plain.timings_ms, "model": spent})
            yield self._finished(timed) if timed.whole else timed

    @property
    def translates(self) -> bool:
        """Whether there is a language model to translate with."""
        return self._generator is not None

    def translate(self, text: str, language: str) -> str | None:
        """`text` in another language by the language model; None without one. Raises GeneratorError
        when it fails."""
        return self._generator.translate(text, language) if self._generator else None

    def _standalone(self, conversation: Conversation, question: str) -> str:
        """By the language model where there is one and it can, else by rules."""
        if self._generator is None or not conversation.turns:
            return standalone(conversation, question)
        turns = [(turn.query, turn.answer) for turn in conversation.turns]
        try:
            return _checked(self._generator.condense(turns, question))
        except (GeneratorError, QuestionError):
            return standalone(conversation, question)

    def _context(self, conversation: Conversation, question: str) -> _Context | None:
        """What a follow-up is read against; None where the question stands alone."""
        if not conversation.turns or standalone(conversation, question) == question:
            return None
        found = map(self.searcher.passage, conversation.turns[-1].passages)
        cited = tuple(passage for passage in found if passage)
        return _Context(Asked(question, self.searcher.query_terms(question)), cited)

    def _finished(self, answer: Answer) -> Answer:
        """With anchors, and the reasons why the passages that a reader is shown were found."""
        cited = {citation.passage_id for citation in answer.citations}
        shown = answer.hits[:N_NEAREST] if answer.refused else answer.hits
        query = _as_searched(answer.query)
        why = {
            hit.passage.passage_id: self.searcher.explain(query, hit)
            for hit in shown
            if answer.refused or hit.passage.passage_id in cited
        }
        anchored = tuple(map(self._anchored, answer.citations))
        return replace(answer, explanations=why, citations=anchored)

    def _anchored(self, citation: Citation) -> Citation:
        sha256 = self.searcher.sha256(citation.doc_id)
        place = anchor_of(citation.doc_id, sha256, citation.start, citation.quote)
        return replace(citation, anchor=str(place))

    def _quoting(
        self, question: str, query: str, filters: Filter, context: _Context | None
    ) -> Answer:
        """The answer in sentences of the documents, or the refusal."""
        started = time.perf_counter()
        asked = parse(query)
        found = self._look(asked, filters, context)
        if asked.phrases and (not found.hits or self._refuses(found)):
            found = self._look(asked.unquoted, filters, context)
            query = found.query.text
        return self._answer(question, query, found, started)

    def _look(self, query: Query, filters: Filter, context: _Context | None) -> _Found:
        """What speaks for an answer in the passages that are found."""
        started = time.perf_counter()
        n_hits = self._config.n_hits
        hits = self.searcher.search(query, max(n_hits, N_LOOKED), filters=filters)
        hits = level(hits, language_of(query.text), self._fit.translated)
        asked = self.searcher.query_terms(query.text)
        if context:
            whole = Asked(query.text, asked)
            hits = in_context(hits, whole, context.message, context.cited, self._fit.evidence)
        hits = hits[:n_hits]
        search_ms = 1000 * (time.perf_counter() - started)
        gathered = gather(query.text, hits, asked, self._fit.evidence)
        evidence = reread(query.text, gathered, self._fit.reading, self._fit.reads)
        timely = is_timely(query.text)
        ordered = newest_first(evidence) if timely else evidence
        values = differing(query.text, ordered, asked)
        first = [value.evidence for value in values] or ordered[: int(timely)]
        chosen = choose(evidence, language_of(query.text), self._config, first)
        there = overlap(evidence, asked)
        quoted = [choice.evidence for choice in chosen]
        sure = confidence(query.text, evidence, quoted, there, self._fit.calibration)
        seems = answerable(evidence, there, self._fit.refusal)
        return _Found(query, by_evidence(hits, evidence), chosen, values, sure, seems, search_ms)

    def _refuses(self, found: _Found) -> bool:
        """Whether what was found is too weak: by the risk that is stated, else by whether the
        archive seems to answer."""
        if self._config.max_risk is not None:
            return found.sure.probability < threshold(self._config.max_risk, self._fit.calibration)
        return found.answerable < self._fit.refusal.least

    def _answer(self, question: str, query: str, found: _Found, started: float) -> Answer:
        """From what was found; `query` is what is shown as searched."""
        language = language_of(question if any(map(str.isalpha, question)) else query)
        refused = self._refuses(found)
        sentences, citations = _quoted([] if refused else found.chosen)
        return Answer(
            question=question,
            query=query,
            sentences=sentences,
            citations=citations,
            hits=tuple(found.hits),
            refused=refused,
            confidence=round(found.sure.probability, 3),
            calibration=found.sure.fit,
            language=language,
            generator=GENERATOR,
            fingerprint=self.searcher.fingerprint,
            timings_ms=_timings(found.search_ms, 1000 * (time.perf_counter() - started)),
            notes=tuple(remarks(found.values, is_timely(found.query.text), citations)),
        )


def _quoted(chosen: Sequence[Choice]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The sentences, each with its citation and those of the documents that repeat it."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for choice in chosen:
        told = (choice.evidence, *choice.repeats)
        own = [cite(number, e) for number, e in enumerate(told, start=len(citations) + 1)]
        sentences.append(_sentence(own, choice.evidence))
        citations += own
    return tuple(sentences), tuple(citations)


def _sentence(citations: Sequence[Citation], evidence: Evidence) -> Sentence:
    support = round(min(1.0, max(0.0, evidence.coverage, evidence.cosine)), 3)
    numbers = tuple(citation.number for citation in citations)
    return Sentence(evidence.text, numbers, support, _marked(evidence))


def _marked(evidence: Evidence) -> tuple[tuple[int, int], ...]:
    """The words of a sentence that answer, where the reader is sure enough of them."""
    reading = evidence.reading
    clear = reading is not None and reading.probability >= CLEAR
    return (reading.words,) if reading and clear else ()


def _timings(search_ms: float, total_ms: float) -> dict[str, float]:
    return {"search": round(search_ms, 1), "answer": round(total_ms - search_ms, 1)}


def _checked(question: str) -> str:
    question = valid(question).strip()
    if not question:
        raise QuestionError("the question is empty; type one, in any language")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} "
            "can be asked at once"
        )
    return question


def _as_searched(text: str) -> Query:
    """What was searched; a text that could not be is one whose quotation marks were left out."""
    try:
        return parse(text)
    except NothingToFind:
        return Query(text)
