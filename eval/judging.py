"""One sitting of a judge: what is next, what was said, and taking it back."""

import datetime
import threading
from collections.abc import Sequence
from pathlib import Path

from eval.judgements import Judgement, record, withdraw
from eval.pooling import Item


class Sitting:
    """Judgements of `items`, written to `file` one by one; safe to share between threads.

    Items are named by their place in `items`. What was put off comes again at the end.
    """

    def __init__(self, items: Sequence[Item], file: Path) -> None:
        self.items = items
        self.file = file
        self._queue = list(range(len(items)))
        self._done: list[int] = []
        self._lock = threading.Lock()

    @property
    def next(self) -> int | None:
        """The item to judge now; None when all are judged."""
        return self._queue[0] if self._queue else None

    @property
    def n_done(self) -> int:
        """How many were judged in this sitting."""
        return len(self._done)

    def judge(self, i: int, grade: int) -> None:
        """Write the grade of item `i`. Raises as `record` does, the item still to be judged."""
        item = self.items[i]
        now = datetime.datetime.now(datetime.UTC)
        with self._lock:
            record(Judgement(*item.pair, grade, when=now), self.file)
            self._queue = [j for j in self._queue if j != i]
            self._done = [*(j for j in self._done if j != i), i]

    def put_off(self, i: int) -> None:
        """Ask for item `i` last."""
        with self._lock:
            if i in self._queue:
                self._queue.remove(i)
                self._queue.append(i)

    def undo(self) -> None:
        """Take the latest judgement out of the file, its item to be judged now."""
        with self._lock:
            if self._done:
                withdraw(*self.items[self._done[-1]].pair, self.file)
                self._queue.insert(0, self._done.pop())
