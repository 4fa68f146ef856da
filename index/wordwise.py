"""The tokens of texts through their words, each of which is tokenized once.

Our tokenizer cuts at whatever is no letter and no digit, so white space bounds what it looks at: a
text's tokens are those of its pieces between white space, one after another. An archive repeats its
words, and a look in a table is fifty times as quick as the tokenizer. Any other tokenizer may look
further, and is given whole texts.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.pieces import Numbers, Parts, Places, laid_out
from index.unigram import CUT, Unigram, unigram_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# What stands around words most often; the tokenizer cuts at all of it, and drops it.
_MARKS = '.,;:!?…()[]«»"“”„؟،؛'
# When so many pieces are remembered, all are forgotten: 200 MB, of which what is common is made
# anew in a second.
_N_REMEMBERED = 1 << 20
# New words in one go as only builds have them: they are worth the third of a second that `Unigram`
# takes to be ready.
_MANY = 8_000


class Tokens:
    """What a tokenizer makes of texts; safe to share between threads."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        self._wordwise = _wordwise(tokenizer)
        self._pieces, self._parts = Places(), Parts()
        self._lock = Lock()
        self._quick: Unigram | None = None

    def of(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The tokens of all texts one after another, and where each text's start; the last start
        is the number of tokens."""
        if self._wordwise:
            return self._by_words(texts)
        made = self._made(texts)
        return np.frombuffer(b"".join(made), np.int32), np.cumsum([0, *map(_size, made)])

    def forget(self) -> None:
        """Free what is remembered."""
        with self._lock:
            self._pieces, self._parts, self._quick = Places(), Parts(), None

    def _by_words(self, texts: Sequence[str]) -> tuple[Numbers, NDArray[np.int64]]:
        pieces = [text.split() for text in texts]
        with self._lock:
            numbers, parts, starts = self._known(chain.from_iterable(pieces))
        ends = np.cumsum([0, *map(len, pieces)])
        return laid_out(numbers, parts, starts, ends)

    def _known(self, pieces: Iterable[str]) -> tuple[Numbers, Numbers, Numbers]:
        """The numbers of pieces, and the tokens of all pieces by their numbers."""
        failed = len(self._pieces) > self._parts.n
        if failed or self._parts.n > _N_REMEMBERED:
            self._pieces, self._parts = Places(), Parts()
        numbers = np.frombuffer(self._pieces.of(pieces), np.int32)
        if new := self._pieces.since(self._parts.n):
            # The marks around a word leave its tokens as they are.
            made = self._made([piece.strip(_MARKS) for piece in new])
            sizes = np.array(list(map(_size, made)), np.int32)
            self._parts.add(np.frombuffer(b"".join(made), np.int32), sizes)
        return numbers, self._parts.of, self._parts.starts

    def _made(self, pieces: Sequence[str]) -> list[bytes]:
        """The tokens of pieces, or of texts where those are not enough."""
        if self._quick is None and self._wordwise and len(pieces) > _MANY:
            self._quick = unigram_of(self._tokenizer)
        found = self._quick.of(pieces) if self._quick else [None] * len(pieces)
        left = [piece for piece, tokens in zip(pieces, found, strict=True) if tokens is None]
        others = iter(self._tokenized(left))
        return [next(others) if tokens is None else tokens for tokens in found]

    def _tokenized(self, texts: Sequence[str]) -> list[bytes]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [array("i", encoding.ids).tobytes() for encoding in encodings]


def _size(tokens: bytes) -> int:
    return len(tokens) // 4


def _wordwise(tokenizer: "Tokenizer") -> bool:
    """Whether tokens do not depend on what stands beyond white space."""
    step = tokenizer.pre_tokenizer
    state = json.loads(step.__getstate__()) if step else {}
    return bool(state.get("type") == "Sequence" and state["pretokenizers"][0] == CUT)
