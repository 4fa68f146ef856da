"""Texts → unit vectors, by a sentence-transformers model.

A static model (one vector a token, their sum) needs little but its tokenizer, one exported to ONNX
is run by onnxruntime: neither needs torch, both are ready in a second or two. Any other is run by
sentence-transformers itself. Tests hold all three to its vectors.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import hub, onnx, static, torch
from index.config import ACCURATE, BUNDLED, FAST
from index.errors import ModelError

_MODELS = Path(__file__).parent / "models"
BUNDLED_FOLDER = _MODELS / "encoder"
ACCURATE_FOLDER = _MODELS / "accurate"

# What the repository carries. The static encoder is both the default and the fast choice.
_OURS = {BUNDLED: BUNDLED_FOLDER, FAST: BUNDLED_FOLDER, ACCURATE: ACCURATE_FOLDER}
# The files of a folder that decide a vector, by their suffix.
_DECISIVE = frozenset({".safetensors", ".bin", ".onnx", ".data", ".json", ".txt", ".model"})

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
    """The encoder `bundled`, `fast` or `accurate`, of a folder, or of that name on the hub; with
    `offline` the hub is not asked: a question stays on this machine.

    Raises ModelError when it is not on this machine and the hub cannot be reached, or is no model.
    """
    folder = locate(name, offline)
    fingerprint = encoder_fingerprint(name)
    if static.module_path(folder) is not None:
        return static.StaticEncoder(name, folder, fingerprint)
    if (folder / onnx.MODEL).is_file():
        return onnx.OnnxEncoder(name, folder, fingerprint)
    return torch.TorchEncoder(name, folder, fingerprint)


def locate(name: str, offline: bool = True) -> Path:
    """The folder of an encoder. Raises ModelError when it is not on this machine; unless `offline`
    it is downloaded first."""
    if name in _OURS:
        return _OURS[name]
    if Path(name).is_dir():
        return Path(name)
    if Path(name).exists():
        raise ModelError(f"'{name}' is a file; an encoder is a folder of sentence-transformers")
    if folder := hub.cached(name):
        return folder
    if offline:
        raise ModelError(
            f"encoder '{name}' is not on this machine, and a question asks no hub. Download it by "
            f"indexing: sanad index PATH… --encoder {name}"
        )
    return hub.fetch(name)


def encoder_fingerprint(name: str) -> str:
    """A digest of what decides an encoder's vectors, without loading it. A hub model goes by its
    name and commit; one that is not on this machine by its name, which fits no index."""
    try:
        folder = locate(name)
    except ModelError:
        return _text_fingerprint(name)
    if name in _OURS or Path(name).is_dir():
        return _folder_fingerprint(folder)
    return _text_fingerprint(f"{name}@{folder.name}")


def _folder_fingerprint(folder: Path) -> str:
    """A digest of what decides a vector: weights, tokenizer and configuration, not the card."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in _DECISIVE]
    states = tuple((file, (s := file.stat()).st_size, s.st_mtime_ns) for file in files)
    return _digest(folder, states)


@lru_cache(maxsize=8)
def _digest(folder: Path, states: tuple[tuple[Path, int, int], ...]) -> str:
    """Files that look the same as the last time (size and time) are not read again."""
    digest = hashlib.sha256()
    for file, _, _ in states:
        digest.update(file.relative_to(folder).as_posix().encode())
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


def _text_fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
