"""Texts → unit vectors by torch: any sentence-transformers model, on whatever device is there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, first_line
from index.prompts import prompts_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

# Larger batches are no faster on the cores of a processor, hardly on those of a GPU.
_MOST_ON_CPU, _MOST_ON_GPU = 32, 256
# Of the memory that is free; the rest is for what the estimate leaves out.
_SHARE_OF_MEMORY = 0.25


class TorchEncoder:
    """A sentence-transformers folder, with the prompts and lengths that its own config asks for."""

    instant = False

    def __init__(self, name: str, folder: Path, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._model = load(name, folder)
        self._prompts = prompts_of(name, self._model.prompts)
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(self._model.encode_query, texts, self._prompts.query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(self._model.encode_document, texts, self._prompts.document)

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        vectors = encode(
            list(texts),
            prompt=prompt,
            batch_size=self._batch_size(len(prompt) + max(map(len, texts))),
            show_progress_bar=False,
            normalize_embeddings=True,
        )
        return np.asarray(vectors, np.float32)

    def _batch_size(self, n_characters: int) -> int:
        """For texts of at most so many characters, hence tokens."""
        n_tokens = min(n_characters, self._model.max_seq_length or n_characters)
        config = self._model.config
        n_heads = int(getattr(config, "num_attention_heads", 0) or 16)
        hidden = int(getattr(config, "hidden_size", 0) or self.dim)
        most = _MOST_ON_GPU if self._model.device.type == "cuda" else _MOST_ON_CPU
        return batch_size(_free_bytes(self._model.device), n_tokens, hidden, n_heads, most)


def batch_size(free: int, n_tokens: int, hidden: int, n_heads: int, most: int) -> int:
    """How many texts of `n_tokens` to encode at once with `free` bytes, from 1 to `most`.

    What a layer holds at its peak, in float32: sixteen vectors a token (four for attention, two
    times four for the feed-forward step, some in passing) and the attention of each head.
    """
    text = 4 * n_tokens * (16 * hidden + n_heads * n_tokens)
    return max(1, min(most, int(free * _SHARE_OF_MEMORY) // max(1, text)))


def _free_bytes(device: Any) -> int:
    if device.type == "cuda":
        import torch  # noqa: PLC0415 - loaded by now

        return int(torch.cuda.mem_get_info(device)[0])
    import psutil  # noqa: PLC0415

    return int(psutil.virtual_memory().available)


def load(name: str, folder: Path) -> "SentenceTransformer":
    """The model of a folder. Raises ModelError."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), trust_remote_code=False, local_files_only=True)
    except Exception as error:  # transformers, hub and safetensors each raise their own
        raise ModelError(unusable(name, error)) from error


def unusable(name: str, error: Exception) -> str:
    """What to say of a folder that cannot be read, in one line."""
    return f"'{name}' is not a sentence-transformers model that can be read: {first_line(error)}"
