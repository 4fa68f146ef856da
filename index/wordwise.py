"""A static model's vectors through the words of the texts, each of which is tokenized once.

Our tokenizer cuts at whatever is no letter and no digit, so white space bounds what it looks at: a
text's tokens are those of its pieces between white space, one after another. An archive repeats its
words, and a look in a table is fifty times as quick as the tokenizer. Any other tokenizer may look
further, and is left to do so. A test holds the vectors to those of model2vec.
"""

import json
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from model2vec import StaticModel

# The first step of our tokenizer after folding; see `index.training.tokenizer`.
_CUT = {
    "type": "Split",
    "pattern": {"Regex": r"[^\p{L}\p{N}]+"},
    "behavior": "Removed",
    "invert": False,
}
# Pieces that are remembered, some 40 MB.
_N_REMEMBERED = 1 << 18


def fits(model: "StaticModel") -> bool:
    """Whether a model's tokens do not depend on what stands beyond white space."""
    steps = json.loads(model.tokenizer.to_str())["pre_tokenizer"]
    plain = model.weights is None and model.token_mapping is None
    return plain and steps["type"] == "Sequence" and steps["pretokenizers"][0] == _CUT


class WordwiseModel:
    """A model that `fits`; safe to share between threads."""

    def __init__(self, model: "StaticModel") -> None:
        self._model = model
        # The tokens of a piece as the bytes of 32-bit numbers: what is joined needs no loop.
        self._tokens: dict[str, bytes] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The mean of each text's token vectors at unit length, `(n, dim)`; zeros for none."""
        pieces = [text.split() for text in texts]
        known = self._known(pieces)
        joined = [b"".join([known[piece] for piece in of]) for of in pieces]
        tokens = np.frombuffer(b"".join(joined), np.int32)
        starts = np.cumsum([0, *(len(part) // 4 for part in joined)])
        embedding = self._model.embedding
        ones = np.ones(len(tokens), np.float32)
        sums = csr_array((ones, tokens, starts), shape=(len(texts), len(embedding))) @ embedding
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(sums / np.maximum(lengths, 1e-32), np.float32)

    def _known(self, pieces: Sequence[Sequence[str]]) -> dict[str, bytes]:
        """The tokens of every piece."""
        if len(self._tokens) > _N_REMEMBERED:
            self._tokens = {}  # a new one, for another thread may be reading the old
        known = self._tokens
        new = [piece for piece in dict.fromkeys(chain.from_iterable(pieces)) if piece not in known]
        for piece, tokens in zip(new, self._model.tokenize(new), strict=True):
            known[piece] = np.array(tokens, np.int32).tobytes()
        return known
