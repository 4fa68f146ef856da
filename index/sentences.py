"""Sentence vectors kept beside the passages, for encoders too slow to make them while one waits."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped

_FOLDER = "sentences"


class SentenceVectors:
    """`self[passage_id]` is `(n_sentences, dim)`, the sentences of that passage in order."""

    def __init__(self, folder: Path, passage_ids: Sequence[str]) -> None:
        self._vectors = mapped(folder / _FOLDER / "vectors.npy")
        self._starts = mapped(folder / _FOLDER / "starts.npy")
        self._row = {passage_id: row for row, passage_id in enumerate(passage_ids)}

    def __getitem__(self, passage_id: str) -> NDArray[np.float32]:
        row = self._row[passage_id]
        kept = self._vectors[self._starts[row] : self._starts[row + 1]]
        return np.asarray(kept, np.float32)


def save(folder: Path, counts: Sequence[int], vectors: NDArray[np.float32]) -> None:
    """Keep `vectors`, all sentences of all passages in order, `counts[row]` of them a passage."""
    (folder / _FOLDER).mkdir()
    np.save(folder / _FOLDER / "vectors.npy", vectors.astype(np.float16), allow_pickle=False)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    np.save(folder / _FOLDER / "starts.npy", starts, allow_pickle=False)


def load(folder: Path, passage_ids: Sequence[str]) -> SentenceVectors | None:
    """What `save` kept in a generation, or None when its encoder is quick enough without."""
    return SentenceVectors(folder, passage_ids) if (folder / _FOLDER).is_dir() else None
