"""Open a generation and ask it something, in a process of its own: `python -m index.check DIR`.

Exits 1 with a line when the vectors do not match the passages. A damaged HNSW file kills the
process instead, which is why the builder does not do this itself.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from index.dense import DenseStore
from index.errors import SanadError
from index.generations import read_manifest
from index.store import PassageStore


def check(folder: Path) -> str:
    """What is wrong with the generation, or the empty string."""
    manifest = read_manifest(folder)
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        ids = set(store.passage_ids())
    vector = np.full(manifest.dim, manifest.dim**-0.5, np.float32)
    with closing(DenseStore(folder / "chroma")) as dense:
        n_vectors = dense.count()
        found = dense.search(vector, 10)
    if n_vectors != len(ids):
        return f"{n_vectors} vectors for {len(ids)} passages"
    strangers = found.keys() - ids
    return f"a vector without its passage: {sorted(strangers)[0]}" if strangers else ""


def main() -> int:
    """See the module's docstring."""
    try:
        wrong = check(Path(sys.argv[1]))
    except (SanadError, sqlite3.Error) as error:
        wrong = str(error)
    if wrong:
        print(wrong, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
