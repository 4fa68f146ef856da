"""The vectors of all passages as one matrix beside Chroma, a row a passage, memory-mapped.

HNSW finds the nearest of all passages; which of a few given ones are nearest is read from here.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped, write

Vectors = NDArray[np.float32]

FILE = "vectors.npy"


def save(
    folder: Path,
    passage_ids: Sequence[str],
    dim: int,
    known: Iterable[tuple[Sequence[str], Vectors]],
) -> None:
    """Write the vectors of `passage_ids`, in that order, taken from what is `known`: ids and their
    vectors; later ones win."""
    matrix = np.zeros((len(passage_ids), dim), np.float32)
    rows = {passage_id: row for row, passage_id in enumerate(passage_ids)}
    for ids, vectors in known:
        wanted = [i for i, passage_id in enumerate(ids) if passage_id in rows]
        matrix[[rows[ids[i]] for i in wanted]] = vectors[wanted]
    write(folder / FILE, matrix)


def load(folder: Path) -> Vectors:
    """What `save` wrote, `(n_passages, dim)`; it stays on disk until it is touched."""
    return mapped(folder / FILE)
