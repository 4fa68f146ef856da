"""The sentences of candidates, compared with the query.

Encoders that are quick make their vectors while one waits; those of the others are kept beside the
passages.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped
from index.encoder import Encoder
from index.scale import Scale
from index.types import Passage

_FOLDER = "sentences"
# Passages whose sentence vectors are remembered: at five sentences of 256 dimensions each, 40 MB.
N_REMEMBERED = 8_000

Vectors = NDArray[np.float32]


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


class Sentences:
    """The sentences of any passages, by vectors that were kept or are made on the spot. Threads may
    share it."""

    def __init__(self, encoder: Encoder, kept: SentenceVectors | None, scale: Scale) -> None:
        self._encoder = encoder
        self._kept = kept
        self._scale = scale
        self._recent: dict[str, Vectors] = {}

    def cosines(self, vector: Vectors, passages: Sequence[Passage]) -> dict[str, tuple[float, ...]]:
        """The cosine of every sentence of `passages` with a unit `vector`, by passage id, on the
        common scale."""
        vectors = self._made(passages) if self._kept is None else self._read(self._kept, passages)
        return {i: tuple(self._scale(rows @ vector).tolist()) for i, rows in vectors.items()}

    @staticmethod
    def _read(kept: SentenceVectors, passages: Sequence[Passage]) -> dict[str, Vectors]:
        return {p.passage_id: kept[p.passage_id] for p in passages}

    def _made(self, passages: Sequence[Passage]) -> Mapping[str, Vectors]:
        """Those of recent queries are remembered; the others are embedded in one go."""
        known = {
            i: rows for p in passages if (rows := self._recent.get(i := p.passage_id)) is not None
        }
        new = [p for p in passages if p.passage_id not in known]
        texts = [p.sentence(i) for p in new for i in range(len(p.sentences))]
        ends = np.cumsum([len(p.sentences) for p in new])
        made = np.split(self._encoder.passages(texts), ends[:-1]) if new else []
        fresh = {p.passage_id: rows for p, rows in zip(new, made, strict=True)}
        if len(self._recent) + len(fresh) > N_REMEMBERED:
            self._recent = {}  # a new one, for another thread may be reading the old
        self._recent |= fresh
        return known | fresh
