"""A language model's draft → an answer whose every marker was checked; or the quotations instead.

The model's text is data: it is read for markers, compared with the passages and shown, never
obeyed. What it gives is never worse than no model at all: when it is down, slow, cut off, refuses
or cites nothing, the answer is the extractive one, with a note that says why.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import prompts
from assistant.citations import cite_sentences
from assistant.errors import GeneratorError
from assistant.llm import TIMEOUT_S, Llm
from assistant.markers import Drafted, MarkerReader, read_markers, sentences
from assistant.support import SUPPORTED, Checker, Support
from assistant.types import Answer, Citation, Note, Sentence
from index.queries import language_of
from index.search import Searcher
from index.text import fold, valid
from index.types import Passage

# A reader sees the text grow about ten times a second; more often only costs.
TICK_S = 0.1
# What models think aloud is no part of their answer.
_THOUGHTS, _END_OF_THOUGHTS = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Generator:
    """A model, and what to do with its sentences that no passage supports: mark them (by their
    `support`) or leave them out. `timeout_s` limits a whole answer."""

    llm: Llm
    drop_unsupported: bool = False
    timeout_s: float = TIMEOUT_S

    def stream(
        self, plain: Answer, searcher: Searcher, left_s: float | None = None
    ) -> Iterator[Answer]:
        """The answer to what `plain`, the extractive answer, was asked, as far as it has come; the
        first is empty, the last whole. The sentences of each are checked; `pending` is not.
        `left_s` is what is left of the time limit."""
        hits = prompts.shown(plain.hits)
        passages = [hit.passage for hit in hits]
        prompt = prompts.answering(plain.query, hits, plain.language)
        draft = _Draft(passages, Checker(searcher), self.drop_unsupported)
        yield draft.answer(plain, self.llm.name)
        try:
            pieces = self.llm.stream(prompt, self.timeout_s if left_s is None else left_s)
            for _ in _ticks(pieces, draft):
                yield draft.answer(plain, self.llm.name)
        except GeneratorError as error:
            yield replace(plain, notes=(*plain.notes, Note("failed", str(error))))
            return
        yield draft.final(plain, self.llm.name)

    def condense(self, turns: Sequence[tuple[str, str]], message: str) -> str:
        """`message` as a question that stands alone after `turns` of question and answer.

        Raises GeneratorError when the model gives none.
        """
        prompt = prompts.condensing(turns, message, language_of(message))
        said = "".join(self.llm.stream(prompt, self.timeout_s / 4))
        lines = [line.strip() for line in _spoken(said).splitlines() if line.strip()]
        if len(lines) != 1 or len(lines[0]) > 4 * len(message) + 400:
            raise GeneratorError(f"{self.llm.name} gave no question of one line")
        return valid(lines[0])

    def translate(self, text: str, language: str) -> str:
        """`text` in another language, as the model says it: nobody checked it, and it is none of
        the document's. Raises GeneratorError when the model gives nothing."""
        said = "".join(self.llm.stream(prompts.translating(text, language), self.timeout_s))
        translated = valid(_spoken(said)).strip()
        if not translated:
            raise GeneratorError(f"{self.llm.name} gave no translation")
        return translated


def _ticks(pieces: Iterator[str], draft: "_Draft") -> Iterator[None]:
    """Feed the draft; yields when something is to be seen, at most ten times a second."""
    shown = time.monotonic()
    for piece in pieces:
        draft.feed(piece)
        if time.monotonic() - shown >= TICK_S:
            yield
            shown = time.monotonic()


class _Draft:
    """What a model has written so far, sentence by sentence checked against its passages."""

    def __init__(self, passages: Sequence[Passage], checker: Checker, drop: bool) -> None:
        self._passages = passages
        self._checker = checker
        self._drop = drop
        self._text = ""

    def feed(self, piece: str) -> None:
        self._text += piece

    def answer(self, plain: Answer, name: str) -> Answer:
        """The sentences that are complete, and the rest of the text as pending."""
        reader = MarkerReader()
        reader.feed(valid(_spoken(self._text)))
        written = sentences(reader.so_far())
        pending = written[-1].text if written else ""
        said = [sentence for sentence in written[:-1] if not _is_refusal(sentence.text)]
        return replace(self._checked(said, plain, name), whole=False, pending=pending)

    def final(self, plain: Answer, name: str) -> Answer:
        """The whole answer, or the extractive one where nothing in it rests on a passage."""
        written = sentences(read_markers(valid(_spoken(self._text))))
        said = [sentence for sentence in written if not _is_refusal(sentence.text)]
        answer = self._checked(said, plain, name)
        if answer.citations:
            return answer
        if len(said) < len(written):
            return replace(plain, notes=(*plain.notes, Note("refused")))
        return replace(plain, notes=(*plain.notes, Note("unmarked")))

    def _checked(self, written: Sequence[Drafted], plain: Answer, name: str) -> Answer:
        book = _Citations()
        kept, n_dropped = [], 0
        for drafted in written:
            known = [n for n in drafted.markers if 1 <= n <= len(self._passages)]
            found = self._checker.check(drafted.text, [self._passages[n - 1] for n in known])
            support = max((s.probability for s in found), default=0.0)
            if self._drop and support < SUPPORTED and not _spared(drafted.text, found):
                n_dropped += 1
                continue
            kept.append(Sentence(drafted.text, book.numbers(found), round(support, 3)))
        n_removed = sum(
            not 1 <= n <= len(self._passages) for drafted in written for n in drafted.markers
        )
        notes = [Note("removed", n=n_removed)] * (n_removed > 0)
        notes += [Note("dropped", n=n_dropped)] * (n_dropped > 0)
        return replace(
            plain,
            sentences=tuple(kept),
            citations=tuple(book.citations),
            generator=name,
            notes=(*_unnumbered(plain.notes), *notes),
        )


def _unnumbered(notes: Sequence[Note]) -> Iterator[Note]:
    """Without those that name citations by number: the model's sentences have others."""
    return (note for note in notes if note.kind not in {"differ", "dated"})


def _spared(claim: str, found: Sequence[Support]) -> bool:
    """Whether a claim rests on passages in other languages alone: likeness is weaker there, so that
    too little of it is no reason to leave the claim out, but a figure or a quotation that they lack
    is one in any language."""
    foreign = [s for s in found if s.passage.language != language_of(claim)]
    return bool(found) and len(foreign) == len(found) and not found[0].invented


class _Citations:
    """Citations numbered from 1 in the order of their use, the same place once."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self._numbers: dict[tuple[str, int, int], int] = {}

    def numbers(self, found: Sequence[Support]) -> tuple[int, ...]:
        """The numbers of the places that carry a claim."""
        return tuple(dict.fromkeys(self._number(support) for support in found))

    def _number(self, support: Support) -> int:
        key = support.passage.passage_id, support.first, support.last
        if key not in self._numbers:
            number = self._numbers[key] = len(self.citations) + 1
            self.citations.append(
                cite_sentences(number, support.passage, support.first, support.last)
            )
        return self._numbers[key]


def _is_refusal(sentence: str) -> bool:
    said = fold(sentence).strip(" .*\"'")
    return any(said == fold(phrase).strip(" .") for phrase in prompts.REFUSALS.values())


def _spoken(text: str) -> str:
    """The text without the thoughts at its beginning; nothing while they last."""
    text = text.lstrip()
    if text.startswith(_THOUGHTS):
        return text.partition(_END_OF_THOUGHTS)[2].lstrip()
    return "" if _THOUGHTS.startswith(text) else text
