"""Texts → unit vectors, by a sentence-transformers model.

A static model (one vector a token, their mean) is read by model2vec, which needs no torch and is
ready in a second; any other by sentence-transformers. A test holds the two to the same vectors.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.config import BUNDLED
from index.errors import ModelError

if TYPE_CHECKING:
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

BUNDLED_FOLDER = Path(__file__).parent / "models" / "encoder"

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """`queries` and `passages` give float32 unit rows `(n, dim)`, in the order of the texts.

    `fingerprint` changes with the weights. `instant` says that hundreds of sentences can be
    encoded while a person waits; the vectors of others are kept in the index.
    """

    name: str
    dim: int
    fingerprint: str
    instant: bool

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is found."""
        ...


@lru_cache(maxsize=4)
def load_encoder(name: str, offline: bool = False) -> Encoder:
    """The encoder `bundled`, of a sentence-transformers folder, or of that name on the hub; with
    `offline` the hub is not asked: a question stays on this machine.

    Raises ModelError when it is not on this machine and the hub cannot be reached, or is no model.
    """
    folder = BUNDLED_FOLDER if name == BUNDLED else Path(name)
    if folder.is_dir() and _is_static(folder):
        return StaticEncoder(name, folder)
    return TransformerEncoder(name, str(folder) if folder.is_dir() else name, offline)


def encoder_fingerprint(name: str) -> str:
    """A digest of what decides an encoder's vectors, without loading it. A hub model goes by its
    name: its files are the hub's business."""
    folder = BUNDLED_FOLDER if name == BUNDLED else Path(name)
    return _folder_fingerprint(folder) if folder.is_dir() else _text_fingerprint(name)


def _is_static(folder: Path) -> bool:
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return any(module.get("type", "").endswith("StaticEmbedding") for module in modules)


class StaticEncoder:
    """A folder that holds a saved `StaticEmbedding`."""

    instant = True

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.fingerprint = encoder_fingerprint(name)
        self._model = _static_model(name, folder)
        self.dim = int(self._model.dim)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`. A static model has no prompts."""
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        vectors = self._model.encode(list(texts), max_length=None, use_multiprocessing=False)
        return np.asarray(vectors, np.float32)


def _static_model(name: str, folder: Path) -> "StaticModel":
    from model2vec import StaticModel  # noqa: PLC0415 - half a second

    try:
        model = StaticModel.from_pretrained(
            folder, normalize=True, max_length=None, force_download=False
        )
    except Exception as error:  # a damaged folder fails in as many ways as it has files
        raise ModelError(_unusable(name, error)) from error
    # A byte a number saves space in the repository; means are taken in float32.
    model.embedding = model.embedding.astype(np.float32)
    if model.weights is not None:
        model.embedding *= model.weights[:, None]
        model.weights = None
    return model


class TransformerEncoder:
    """Any other sentence-transformers model, with the prompts that its own config asks for."""

    instant = False

    def __init__(self, name: str, location: str, offline: bool = False) -> None:
        self.name = name
        self._model = _sentence_transformer(name, location, offline)
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = encoder_fingerprint(name)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`; with the model's `query` prompt, if it has one."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        vectors = self._model.encode_query(list(texts), normalize_embeddings=True)
        return np.asarray(vectors, np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`; with the model's `document` or `passage` prompt, if it has one."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        vectors = self._model.encode_document(list(texts), normalize_embeddings=True)
        return np.asarray(vectors, np.float32)


def _sentence_transformer(name: str, location: str, offline: bool) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds

    try:
        return SentenceTransformer(location, trust_remote_code=False, local_files_only=offline)
    except Exception as error:  # transformers, hub and safetensors each raise their own
        raise ModelError(_unusable(name, error)) from error


def _unusable(name: str, error: Exception) -> str:
    if Path(name).exists():
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return f"'{name}' is not a sentence-transformers model that can be read: {reason}"
    return (
        f"encoder '{name}' is not on this machine and the hub cannot be reached or does not have "
        f"it; the bundled encoder needs no network: --encoder {BUNDLED}"
    )


def _folder_fingerprint(folder: Path) -> str:
    """A digest of what decides a vector: weights, tokenizer and configuration, not the card."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}:
            digest.update(file.relative_to(folder).as_posix().encode())
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


def _text_fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
