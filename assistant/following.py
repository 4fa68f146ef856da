"""An assistant that goes on with the index as it is built anew."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.assistant import Assistant
from assistant.conversation import NOTHING_SAID, Conversation
from assistant.types import Answer
from index.errors import SanadError
from index.filters import EVERYTHING, Filter
from index.generations import pointer
from index.search import Searcher

_log = logging.getLogger("sanad")


class FollowingAssistant:
    """Answers from the current generation of an index: after a build, the next question is asked of
    the new one, and the old one is closed when the last answer from it is whole.

    `make` makes an assistant of `open_searcher()`. Whoever asks first waits until the new
    generation is open, the others are answered from the old one meanwhile. Threads may share it.
    """

    def __init__(
        self,
        index_dir: Path,
        open_searcher: Callable[[], Searcher],
        make: Callable[[Searcher], Assistant],
    ) -> None:
        self._index_dir = index_dir
        self._open = open_searcher
        self._make = make
        self._opening = threading.Lock()
        self._seen = pointer(index_dir)
        self._assistant = make(open_searcher())

    @property
    def searcher(self) -> Searcher:
        """What is searched now; it stays open as long as it is held."""
        return self._now().searcher

    def ask(
        self,
        question: str,
        conversation: Conversation = NOTHING_SAID,
        filters: Filter = EVERYTHING,
    ) -> Answer:
        """As `Assistant.ask`."""
        return self._now().ask(question, conversation, filters)

    def stream(
        self,
        question: str,
        conversation: Conversation = NOTHING_SAID,
        filters: Filter = EVERYTHING,
    ) -> Iterator[Answer]:
        """As `Assistant.stream`, from one generation."""
        yield from self._now().stream(question, conversation, filters)

    @property
    def translates(self) -> bool:
        """As `Assistant.translates`."""
        return self._assistant.translates

    def translate(self, text: str, language: str) -> str | None:
        """As `Assistant.translate`."""
        return self._assistant.translate(text, language)

    def _now(self) -> Assistant:
        if pointer(self._index_dir) != self._seen and self._opening.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._opening.release()
        return self._assistant

    def _follow(self) -> None:
        """Open what is current; where it cannot be, go on with what there is, and say so once."""
        self._seen = pointer(self._index_dir)
        try:
            self._assistant = self._make(self._open())
        except SanadError as error:
            _log.warning("the new index cannot be opened, the old one goes on answering: %s", error)
