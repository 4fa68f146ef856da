"""The one door: a question in, an answer with citations out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.citations import cite
from assistant.confidence import confidence
from assistant.config import MAX_QUESTION_CHARS, AnswerConfig
from assistant.conversation import Conversation, standalone
from assistant.errors import GeneratorError, QuestionError
from assistant.evidence import Evidence, gather
from assistant.extractive import choose
from assistant.generative import Generator
from assistant.types import Answer, Citation, Sentence
from index.queries import language_of
from index.search import Searcher
from index.text import valid
from index.types import Hit

GENERATOR = "extractive"
_NOTHING_SAID = Conversation()


class Assistant:
    """Answers from one open index; keeps nothing between questions, so threads may share it."""

    def __init__(
        self,
        searcher: Searcher,
        config: AnswerConfig | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.searcher = searcher
        self._config = config or AnswerConfig()
        self._generator = generator

    def ask(self, question: str, conversation: Conversation = _NOTHING_SAID) -> Answer:
        """The answer, or a refusal when support is too weak. A question that follows up on
        `conversation` is searched with what it leaves out: see `Answer.query`.

        Raises QuestionError when the question is empty or longer than any question.
        """
        *_, answer = self.stream(question, conversation)
        return answer

    def stream(self, question: str, conversation: Conversation = _NOTHING_SAID) -> Iterator[Answer]:
        """The answer as far as it has come, about ten times a second; the last one is whole.

        Without a language model there is only that one. Raises as `ask` does.
        """
        started = time.perf_counter()
        question = _checked(question)
        plain = self._quoting(question, self._standalone(conversation, question))
        if self._generator is None or plain.refused:
            yield plain
            return
        left_s = self._generator.timeout_s - (time.perf_counter() - started)
        started = time.perf_counter()
        for answer in self._generator.stream(plain, self.searcher, left_s):
            spent = round(1000 * (time.perf_counter() - started), 1)
            yield replace(answer, timings_ms={**plain.timings_ms, "model": spent})

    def _standalone(self, conversation: Conversation, question: str) -> str:
        """By the language model where there is one and it can, else by rules."""
        if self._generator is None or not conversation.turns:
            return standalone(conversation, question)
        turns = [(turn.query, turn.answer) for turn in conversation.turns]
        try:
            return _checked(self._generator.condense(turns, question))
        except (GeneratorError, QuestionError):
            return standalone(conversation, question)

    def _quoting(self, question: str, query: str) -> Answer:
        """The answer in sentences of the documents, or the refusal."""
        started = time.perf_counter()
        hits = self.searcher.search(query, self._config.n_hits)
        searched = time.perf_counter()
        language = language_of(question if any(map(str.isalpha, question)) else query)
        asked = self.searcher.query_terms(query)
        evidence = gather(query, hits, asked)
        sure = confidence(evidence, asked)
        refused = sure < self._config.min_confidence
        chosen = [] if refused else choose(evidence, language, self._config)
        timings = {
            "search": round(1000 * (searched - started), 1),
            "answer": round(1000 * (time.perf_counter() - searched), 1),
        }
        answer = self._answer(query, chosen, hits, refused, sure, language, timings)
        return replace(answer, question=question)

    def _answer(  # noqa: PLR0913, PLR0917 - the parts of an answer
        self,
        question: str,
        chosen: Sequence[Evidence],
        hits: Sequence[Hit],
        refused: bool,
        sure: float,
        language: str,
        timings: dict[str, float],
    ) -> Answer:
        citations = tuple(cite(number, e) for number, e in enumerate(chosen, start=1))
        return Answer(
            question=question,
            query=question,
            sentences=tuple(map(_sentence, citations, chosen)),
            citations=citations,
            hits=tuple(hits),
            refused=refused,
            confidence=round(sure, 3),
            language=language,
            generator=GENERATOR,
            fingerprint=self.searcher.fingerprint,
            timings_ms=timings,
        )


def _sentence(citation: Citation, evidence: Evidence) -> Sentence:
    support = max(evidence.coverage, evidence.cosine)
    return Sentence(citation.quote, (citation.number,), round(min(1.0, max(0.0, support)), 3))


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
