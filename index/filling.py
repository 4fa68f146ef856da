"""Vectors → Chroma, while the rest of the index is built: its graphs take most of a build's time.

    python -m index.filling FOLDER

fills FOLDER with what it reads from its input, batch by batch: a line of JSON, `language` and `ids`
(and `dim`), and after it that many rows of 32-bit floats; or `delete`, ids that go. A last line
`{}` says that this was all; an input that ends without it was cut off, and nothing is promised of
the folder. A few vectors are added without another process, which takes two seconds to start.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile
from threading import Thread
from types import TracebackType
from typing import IO

import numpy as np
from numpy.typing import NDArray

from index import processes
from index.dense import DenseStore
from index.errors import IndexBroken
from index.types import Passage

Vectors = NDArray[np.float32]

# A line of JSON, and the bytes after it.
Item = tuple[dict[str, object], bytes]

# Fewer are added in the time that another process takes to start.
_FEW = 4_000
# Vectors added at a time: a transaction each.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages of one language, `(n, dim)` vectors in their order."""

    language: str
    ids: Sequence[str]
    vectors: Vectors


class Filler:
    """Fills a folder; it is filled when the `with` that holds this ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._removed: list[str] = []
        self._waiting: list[Batch] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._complete = self._finished = False
        self._queue: SimpleQueue[Item | None] = SimpleQueue()
        self._said = TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> "Filler":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._said:
            if kind is None:
                self.finish()
            elif self._process:
                self._process.kill()
                self._end()

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Passages that go; before any is added."""
        self._removed.extend(passage_ids)

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Passages that come, with their vectors, rows in their order."""
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(passages):
            rows.setdefault(passage.language, []).append(row)
        for language, of in sorted(rows.items()):
            ids = [passages[row].passage_id for row in of]
            self._waiting.append(Batch(language, ids, vectors[of]))
        if self._process or sum(len(batch.ids) for batch in self._waiting) > _FEW:
            self._send()

    def complete(self) -> None:
        """Nothing more comes: the other process, if there is one, ends as soon as it is done, and
        leaves its memory to what comes next."""
        if self._process and not self._complete:
            self._queue.put(({}, b""))
            self._complete = True

    def _send(self) -> None:
        """Hand what waits to the other process, which may be slower, or dead: `finish` tells."""
        if self._process is None:
            command = processes.command("index.filling", str(self._folder))
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=self._said)
            self._pump = Thread(target=_pump, args=(self._process.stdin, self._queue), daemon=True)
            self._pump.start()
            self._queue.put(({"delete": self._removed}, b""))
        for batch in self._waiting:
            head = {"language": batch.language, "ids": batch.ids, "dim": batch.vectors.shape[1]}
            self._queue.put((head, np.ascontiguousarray(batch.vectors, np.float32).tobytes()))
        self._waiting = []

    def finish(self) -> None:
        """Wait until the folder is filled, as the end of the `with` does. Raises IndexBroken when
        the other process fails."""
        if self._finished:
            return
        self._finished = True
        if self._process is None:
            fill(self._folder, self._removed, self._waiting)
            return
        self.complete()
        self._end()
        if self._process.returncode:
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace")
            last = processes.last_line(said, "it died")
            raise IndexBroken(f"the vectors could not be written: {last}. Try again")

    def _end(self) -> None:
        self._queue.put(None)
        if self._process:
            self._pump.join()
            self._process.communicate()


def _pump(pipe: IO[bytes], queue: "SimpleQueue[Item | None]") -> None:
    """Write what is in the queue, so that its filler need not wait for the reader."""
    with suppress(BrokenPipeError):
        while item := queue.get():
            pipe.write(json.dumps(item[0]).encode() + b"\n" + item[1])
            pipe.flush()  # the last line is short, and waited for


def fill(folder: Path, removed: Iterable[str], batches: Iterable[Batch]) -> None:
    """Bring `folder` up to date."""
    with closing(DenseStore(folder, create=True)) as store:
        store.delete(removed)
        for batch in _gathered(batches):
            store.add(batch.language, batch.ids, batch.vectors)


def _gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same vectors in larger batches."""
    waiting: dict[str, list[Batch]] = {}
    for batch in batches:
        of = waiting.setdefault(batch.language, [])
        of.append(batch)
        if sum(len(each.ids) for each in of) >= _AT_ONCE:
            yield _joined(waiting.pop(batch.language))
    yield from (_joined(waiting[language]) for language in sorted(waiting))


def _joined(batches: Sequence[Batch]) -> Batch:
    ids = [passage_id for batch in batches for passage_id in batch.ids]
    return Batch(batches[0].language, ids, np.concatenate([batch.vectors for batch in batches]))


def _read(stream: IO[bytes]) -> Iterator[Batch]:
    """The batches that `Filler` sends. Raises EOFError when it was cut off."""
    while line := stream.readline():
        head = json.loads(line)
        if not head:
            return
        size = len(head["ids"]) * head["dim"] * 4
        content = stream.read(size)
        if len(content) < size:
            break
        vectors = np.frombuffer(content, np.float32).reshape(-1, head["dim"])
        yield Batch(head["language"], head["ids"], vectors)
    raise EOFError("the build was interrupted")


def main() -> int:
    """See the module's docstring."""
    stream = sys.stdin.buffer
    try:
        removed = json.loads(stream.readline())["delete"]
        fill(Path(sys.argv[1]), removed, _read(stream))
    except EOFError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
