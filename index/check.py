"""Open a generation and ask it something, in a process of its own: `python -m index.check DIR`.

Exits 1 with a line when the vectors do not match the passages. A damaged HNSW file kills the
process instead, which is why the builder does not do this itself.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from index import vectors
from index.dense import DenseStore
from index.errors import SanadError
from index.generations import read_manifest
from index.store import PassageStore

# Cosines that differ by more are not those of the same vector.
_NEARLY = 1e-3


def check(folder: Path) -> str:
    """What is wrong with the generation, or the empty string."""
    manifest = read_manifest(folder)
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        ids = store.passage_ids()
    rows = {passage_id: row for row, passage_id in enumerate(ids)}
    matrix = vectors.load(folder)
    vector = np.full(manifest.dim, manifest.dim**-0.5, np.float32)
    with closing(DenseStore(folder / "chroma")) as dense:
        n_vectors = dense.count()
        found = dense.search(vector, 10)
    if n_vectors != len(ids):
        return f"{n_vectors} vectors for {len(ids)} passages"
    if matrix.shape != (len(ids), manifest.dim):
        return f"a matrix of {matrix.shape} for {len(ids)} passages of {manifest.dim} dimensions"
    if strangers := found.keys() - rows.keys():
        return f"a vector without its passage: {sorted(strangers)[0]}"
    other = [i for i, cosine in found.items() if abs(matrix[rows[i]] @ vector - cosine) > _NEARLY]
    return f"two vectors of one passage: {other[0]}" if other else ""


def main() -> int:
    """See the module's docstring."""
    try:
        wrong = check(Path(sys.argv[1]))
    except (SanadError, sqlite3.Error, OSError, ValueError) as error:
        wrong = str(error)
    if wrong:
        print(wrong, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
