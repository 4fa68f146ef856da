"""Texts → unit vectors by a static model: the sum of a vector for each token, at unit length.

Reads what sentence-transformers saves of a `StaticEmbedding`, and what model2vec does, which may
keep bytes with a scale a row. Tests hold it to the vectors of both; neither is imported, so that
the first vector comes in half a second.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from index.errors import ModelError, first_line
from index.wordwise import Tokens

Vectors = NDArray[np.float32]

_KIND = "StaticEmbedding"


class StaticEncoder:
    """A folder that holds a saved `StaticEmbedding`. It has no prompts and cuts no text off."""

    instant = True

    def __init__(self, name: str, folder: Path, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        try:
            self._load(folder / (module_path(folder) or ""))
        except Exception as error:  # a damaged folder fails in as many ways as it has files
            raise ModelError(
                f"'{name}' is not a static model that can be read: {first_line(error)}"
            ) from error
        self.dim = int(self._rows.shape[1])

    def _load(self, folder: Path) -> None:
        from safetensors.numpy import load_file  # noqa: PLC0415 - not every encoder needs them
        from tokenizers import Tokenizer  # noqa: PLC0415

        tensors = load_file(folder / "model.safetensors")
        self._rows = tensors["embedding.weight" if "embedding.weight" in tensors else "embeddings"]
        n_tokens = len(tensors.get("mapping", self._rows))
        self._row_of = tensors.get("mapping", np.arange(n_tokens))
        self._weights = tensors.get("weights", np.ones(n_tokens)).astype(np.float32)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        if tokenizer.get_vocab_size() > n_tokens:
            raise ValueError("its tokenizer has tokens without a vector")
        self._tokens = Tokens(tokenizer)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`. A text without a token of the vocabulary is all zeros."""
        return unit(self.sums(*self.tokens(texts)))

    def tokens(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The tokens of all texts one after another, and where each text's start; the last start
        is the number of tokens."""
        return self._tokens.of(texts)

    def forget(self) -> None:
        """Free the memory that the words of former texts take."""
        self._tokens.forget()

    def sums(self, tokens: NDArray[np.int32], starts: NDArray[np.int64]) -> Vectors:
        """The sum of the vectors of each text's tokens, `(n, dim)`, given what `tokens` gives."""
        used, column = np.unique(tokens, return_inverse=True)
        shape = len(starts) - 1, len(used)
        counted = csr_array((self._weights[tokens], column, starts), shape=shape)
        return np.asarray(counted @ self._vectors_of(used), np.float32)

    def products(self, tokens: NDArray[np.int32], vector: Vectors) -> Vectors:
        """The product of each token's vector with another, `(n_tokens,)`. Those of a text's tokens
        add up to that of its sum."""
        met = np.zeros(len(self._weights), np.bool_)
        met[tokens] = True
        used = np.flatnonzero(met)
        found = np.zeros(len(met), np.float32)
        # Not `@`, whose last digit depends on which rows are asked for together.
        rows = self._vectors_of(used)
        found[used] = self._weights[used] * np.einsum("ij,j->i", rows, vector)
        return found[tokens]

    def _vectors_of(self, tokens: NDArray[np.integer]) -> Vectors:
        """A row for each token, before it is weighted."""
        return np.asarray(self._rows[self._row_of[tokens]], np.float32)


def unit(sums: Vectors) -> Vectors:
    """Rows at unit length; one of zeros stays so."""
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def module_path(folder: Path) -> str | None:
    """Where in a sentence-transformers folder its static embedding is, or None if it has none."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        return next((m["path"] for m in modules if m.get("type", "").endswith(_KIND)), None)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None
