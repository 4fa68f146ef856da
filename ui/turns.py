"""The turns of a conversation for the chat page: answered as they come, or drawn again."""

import logging
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from assistant.config import MAX_QUESTION_CHARS
from assistant.conversation import MAX_TURNS, Conversation, Turn
from assistant.types import Answer
from index.errors import SanadError
from index.filters import EVERYTHING, Filter
from ui import corpus, kept, programs
from ui.filtering import Counting, count, filter_of
from ui.library import Library
from ui.naming import named
from ui.offering import Held
from ui.render import problem_html, question_html, turn_html
from ui.telling import told
from ui.words import page_words, spoken

# Turns that are drawn again at once: the page asks for a longer conversation in parts.
_MOST_DRAWN = 50
# Passages that a turn of ours cites at most, with room.
_MOST_CITED = 20
_TURN_ID = re.compile(r"t\d{1,6}")

_log = logging.getLogger("sanad")


class Searching(Library, Counting, Held, corpus.Holding, programs.Searching, Protocol):
    """What holds the documents and counts them: `index.search.Searcher` does."""


class Answering(programs.Asking, Protocol):
    """What the page needs of an assistant: `assistant.assistant.Assistant` has it."""

    @property
    def searcher(self) -> Searching:
        """Where the cited documents are read."""

    def stream(
        self, question: str, conversation: Conversation, filters: Filter
    ) -> Iterator[Answer]:
        """The answer as it comes; may be called from several threads at once."""

    @property
    def translates(self) -> bool:
        """Whether there is a language model to translate with."""

    def translate(self, text: str, language: str) -> str | None:
        """`text` in another language; None without a language model."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the page: `turn` begins the ids of its answer, `before` are the turns that the
    tab remembers, `chosen` its filters, `language` that of the page."""

    question: str
    turn: str
    language: str
    before: Conversation
    chosen: Any = None

    @classmethod
    def of(cls, data: Any) -> "Asked | None":
        """From what the page sends; None for what is no question of ours."""
        if not isinstance(data, Mapping) or not is_turn(data.get("turn")):
            return None
        question, turn = str(data.get("question", "")).strip(), data["turn"]
        language = spoken(str(data.get("language", "")))
        return cls(
            question, turn, language, conversation_of(data.get("before")), data.get("filters")
        )


def is_turn(name: Any) -> bool:
    """Whether it can be the beginning of ids in the page."""
    return isinstance(name, str) and _TURN_ID.fullmatch(name) is not None


def conversation_of(before: Any) -> Conversation:
    """The turns that the tab remembers and sends along; whatever else it sends is left out."""
    turns = [turn for turn in before if isinstance(turn, dict)] if isinstance(before, list) else []
    return Conversation(tuple(_turn(turn) for turn in turns[-MAX_TURNS:] if turn.get("query")))


def _turn(said: Mapping[str, Any]) -> Turn:
    texts = (str(said.get(name, ""))[:MAX_QUESTION_CHARS] for name in ("query", "answer", "words"))
    query, answer, words = texts
    passages = said.get("passages")
    ids = passages[:_MOST_CITED] if isinstance(passages, list) else []
    return Turn(query, answer, tuple(str(i)[:MAX_QUESTION_CHARS] for i in ids), words)


def answer_turn(assistant: Answering, asked: Asked) -> Generator[dict[str, Any], None, None]:
    """One turn for the page, as it comes: its `html` (the question, then its answer or one line on
    what went wrong) and whether it is `done`; of a whole answer what the next question is read
    against as `said`, and what the browser keeps as `kept`. Closed, it asks no language model any
    further."""
    try:
        yield from _answered(assistant, asked)
    except SanadError as error:
        yield _failed(asked, told(error, asked.language))
    except Exception:
        _log.exception("while answering a question")
        yield _failed(asked, problem_html(page_words(asked.language)["went_wrong"]))


def _answered(assistant: Answering, asked: Asked) -> Iterator[dict[str, Any]]:
    filters = filter_of(asked.chosen)
    if filters != EVERYTHING and count(assistant.searcher, asked.chosen) == 0:
        yield _failed(asked, problem_html(page_words(asked.language)["none_match"]))
        return
    for answer in assistant.stream(asked.question, asked.before, filters):
        yield _shown(asked, named(answer, assistant.searcher))


def _shown(asked: Asked, answer: Answer) -> dict[str, Any]:
    html = question_html(asked.question) + turn_html(answer, asked.turn, asked.language)
    shown = {"html": html, "done": answer.whole}
    if not answer.whole:
        return shown
    said = asdict(Conversation().after(answer).turns[0])
    return {**shown, "said": said, "kept": kept.dump(answer)}


def _failed(asked: Asked, problem: str) -> dict[str, Any]:
    return {"html": question_html(asked.question) + problem, "done": True}


def draw_turns(data: Any) -> list[str]:
    """Turns that the browser kept, as HTML in the `language` of the page: of each of `turns` its
    `turn` (the beginning of its ids), its `question` and its `answer`, without which there is only
    the question."""
    language = spoken(str(data.get("language", "")))
    turns = [turn for turn in data["turns"] if isinstance(turn, Mapping)]
    return [_drawn(turn, language) for turn in turns[:_MOST_DRAWN]]


def _drawn(turn: Mapping[str, Any], language: str) -> str:
    head = question_html(str(turn.get("question", ""))[:MAX_QUESTION_CHARS])
    if not turn.get("answer") or not is_turn(turn.get("turn")):
        return head
    try:
        return head + turn_html(kept.load(turn["answer"]), turn["turn"], language)
    except (ValueError, LookupError):  # kept by another version, or meddled with
        return head + problem_html(page_words(language)["not_shown"])
