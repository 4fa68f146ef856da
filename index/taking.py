"""Documents → passages and what is kept of them; of many, another process takes in a share.

    python -m index.taking ENCODER MIN_WORDS MAX_WORDS

takes in what it reads from its input, batch by batch, and answers each on its output: a line of
JSON, and after it the arrays that the line tells of. Batches come out in the order they went in,
and as they would by one process alone: which of the two took one in makes no difference.
"""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index import processes, sentences
from index.collecting import rarely_collected
from index.encoder import load_encoder
from index.errors import IndexBroken
from index.passages import split_passages
from index.sentences import SentenceTokens
from index.static import StaticEncoder
from index.store import document_from, document_row, passage_from, passage_row
from index.types import Document, Passage

Vectors = NDArray[np.float32]

# Not many more characters are taken in while another process gets ready (a second, and it loads
# the encoder).
_FEW_CHARS = 10_000_000
# Batches given to the other process before it has answered: one at work, and the next.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of some passages: their vectors `(n, dim)`, and the sentences of those that a
    static encoder embedded (else None)."""

    ids: Sequence[str]
    vectors: Vectors
    sentences: SentenceTokens | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What some documents became: the passages of each, and what is kept of all of them."""

    passages: Sequence[Sequence[Passage]]
    known: Known


Take = Callable[[Sequence[Document]], Taken]


def passages_of(
    documents: Sequence[Document], min_words: int, max_words: int
) -> list[list[Passage]]:
    """The passages of each document."""
    return [split_passages(document, min_words, max_words) for document in documents]


def flat(passages: Sequence[Sequence[Passage]]) -> list[Passage]:
    """Those of all documents."""
    return [passage for of in passages for passage in of]


def known_by(encoder: StaticEncoder, passages: Sequence[Passage]) -> Known:
    """What is kept of passages by a static encoder."""
    ids = [passage.passage_id for passage in passages]
    return Known(ids, *sentences.embed(encoder, passages))


def pays(documents: Sequence[Document]) -> bool:
    """Whether another process is worth its start."""
    return sum(len(document.text) for document in documents) > _FEW_CHARS


class Taker:
    """Takes in documents by `take`, and beside it in another process, where that pays."""

    def __init__(self, here: Take, there: Sequence[str] | None) -> None:
        """`there` are the arguments of the other process; None where there shall be none."""
        self._here = here
        self._process: subprocess.Popen[bytes] | None = None
        self._said = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._asked: list[Future[Taken]] = []
        if there:
            command = processes.command("index.taking", *there)
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self._said)

    def __enter__(self) -> "Taker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._said:
            if self._process:
                self._process.kill()  # what was asked of it is answered, or wanted no more
                self._pool.shutdown(cancel_futures=True)
                self._process.communicate()

    def taken(
        self, batches: Iterable[Sequence[Document]]
    ) -> Iterator[tuple[Sequence[Document], Taken]]:
        """Each batch with what became of it, in their order. Raises IndexBroken when the other
        process fails."""
        waiting: deque[tuple[Sequence[Document], Future[Taken]]] = deque()
        for batch in batches:
            waiting.append((batch, self._begun(batch)))
            while waiting and waiting[0][1].done():
                yield _ended(*waiting.popleft())
        for each in waiting:
            yield _ended(*each)

    def _begun(self, batch: Sequence[Document]) -> "Future[Taken]":
        """Given to the other process if it is about to have nothing to do, else done here."""
        self._asked = [each for each in self._asked if not each.done()]
        if self._process and len(self._asked) < _AHEAD:
            future = self._pool.submit(self._there, self._process, batch)
            self._asked.append(future)
            return future
        done: Future[Taken] = Future()
        done.set_result(self._here(batch))
        return done

    def _there(self, process: "subprocess.Popen[bytes]", batch: Sequence[Document]) -> Taken:
        try:
            _write(process.stdin, [document_row(document) for document in batch], [])
            return _answered(*_read(process.stdout))
        except (OSError, EOFError) as error:
            process.wait()
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace")
            last = processes.last_line(said, "it died")
            raise IndexBroken(f"the documents could not be taken in: {last}. Try again") from error


def _ended(batch: Sequence[Document], future: "Future[Taken]") -> tuple[Sequence[Document], Taken]:
    return batch, future.result()


def _write(stream: Any, said: object, arrays: Sequence[NDArray[Any]]) -> None:
    """A line of JSON, and the arrays."""
    shapes = [(array.dtype.str, array.shape) for array in arrays]
    stream.write(json.dumps([said, shapes], ensure_ascii=False).encode() + b"\n")
    for array in arrays:
        stream.write(np.ascontiguousarray(array).tobytes())
    stream.flush()


def _read(stream: Any) -> tuple[Any, list[NDArray[Any]]]:
    """What `_write` wrote. Raises EOFError when there is no more, or it was cut off."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    said, shapes = json.loads(line)
    return said, [_array(stream, np.dtype(kind), shape) for kind, shape in shapes]


def _array(stream: IO[bytes], kind: "np.dtype[Any]", shape: Sequence[int]) -> NDArray[Any]:
    size = kind.itemsize * int(np.prod(shape))
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return np.frombuffer(content, kind).reshape(shape)


def _answered(rows: Any, arrays: Sequence[NDArray[Any]]) -> Taken:
    passages = [[passage_from(row) for row in of] for of in rows]
    ids = [passage.passage_id for passage in flat(passages)]
    return Taken(passages, Known(ids, arrays[0], SentenceTokens(*arrays[1:])))


def _answer(encoder: StaticEncoder, min_words: int, max_words: int) -> None:
    """Take in the next batch. Raises EOFError when there is none."""
    documents = [document_from(row) for row in _read(sys.stdin.buffer)[0]]
    passages = passages_of(documents, min_words, max_words)
    rows = [[passage_row(passage) for passage in of] for of in passages]
    vectors, kept = sentences.embed(encoder, flat(passages))
    _write(sys.stdout.buffer, rows, [vectors, kept.starts, kept.bounds, kept.norms, kept.tokens])


def main() -> None:
    """See the module's docstring."""
    name, min_words, max_words = sys.argv[1:]
    encoder = load_encoder(name, offline=True)
    if not isinstance(encoder, StaticEncoder):
        raise SystemExit(f"'{name}' is no static encoder")
    with rarely_collected(), suppress(EOFError):
        while True:
            _answer(encoder, int(min_words), int(max_words))


if __name__ == "__main__":
    main()
