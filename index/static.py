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

from index.errors import ModelError
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
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(
                f"'{name}' is not a static model that can be read: {reason}"
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
        tokens, starts = self._tokens.of(texts)
        used, column = np.unique(tokens, return_inverse=True)
        rows = self._rows[self._row_of[used]].astype(np.float32)
        counted = csr_array((self._weights[tokens], column, starts), shape=(len(texts), len(used)))
        sums = counted @ rows
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(sums / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def module_path(folder: Path) -> str | None:
    """Where in a sentence-transformers folder its static embedding is, or None if it has none."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        return next((m["path"] for m in modules if m.get("type", "").endswith(_KIND)), None)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None
