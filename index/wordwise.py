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
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.pieces import Places, laid_out
from index.unigram import CUT, Unigram, unigram_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# What stands around words most often; the tokenizer cuts at all of it, and drops it.
_MARKS = '.,;:!?…()[]«»"“”„؟،؛'
# Pieces that are remembered until others have been met, and for as long again: 40 MB each. What is
# common is met again meanwhile.
_N_REMEMBERED = 1 << 18
# New words in one go as only builds have them: they are worth the third of a second that `Unigram`
# takes to be ready.
_MANY = 8_000


class Tokens:
    """What a tokenizer makes of texts; safe to share between threads."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        self._wordwise = _wordwise(tokenizer)
        # The tokens of a piece as the bytes of 32-bit numbers.
        self._remembered: dict[str, bytes] = {}
        self._before: dict[str, bytes] = {}
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
        self._remembered, self._before, self._quick = {}, {}, None

    def _by_words(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        pieces = [text.split() for text in texts]
        places = Places()
        numbers = np.frombuffer(places.of(chain.from_iterable(pieces)), np.int32)
        known = self._known(places)
        tokens = [known[piece] for piece in places]
        parts = np.frombuffer(b"".join(tokens), np.int32)
        ends = np.cumsum([0, *map(len, pieces)])
        return laid_out(numbers, parts, np.array(list(map(_size, tokens)), np.int32), ends)

    def _known(self, pieces: Iterable[str]) -> dict[str, bytes]:
        """The tokens of every one of some distinct pieces, and others."""
        if len(self._remembered) > _N_REMEMBERED:
            # A new one, for another thread may be reading the old.
            self._remembered, self._before = {}, self._remembered
        known, before = self._remembered, self._before
        missing = [piece for piece in pieces if piece not in known]
        again = {piece: before[piece] for piece in missing if piece in before}
        known.update(again)
        # The marks around a word leave its tokens as they are.
        bare = {piece: piece.strip(_MARKS) for piece in missing if piece not in again}
        new = list(set(bare.values()).difference(known))
        known.update(zip(new, self._made(new), strict=True))
        known.update({piece: known[word] for piece, word in bare.items()})
        return known

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
