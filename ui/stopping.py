"""Answers that a reader stops while they are being written."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event


class Stops:
    """The answers in progress, by the random key that only the tab that asked knows."""

    def __init__(self) -> None:
        self._running: dict[str, Event] = {}

    @contextmanager
    def running(self, key: str) -> Iterator[Event]:
        """While an answer is in progress; the event is set once it should stop."""
        stopped = self._running[key] = Event()
        try:
            yield stopped
        finally:
            self._running.pop(key, None)

    def stop(self, key: str) -> bool:
        """Stop that answer; False when none such is in progress."""
        event = self._running.get(key)
        if event:
            event.set()
        return event is not None
