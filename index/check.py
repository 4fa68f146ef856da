"""Open a generation and ask it something, in a process of its own: `python -m index.check DIR`.

Exits 1 with a line when the vectors do not match the passages. A damaged HNSW file kills the
process instead, which is why the builder does not do this itself.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from index import processes, vectors
from index.dense import DenseStore
from index.errors import IndexBroken, SanadError
from index.store import PassageStore

_MODULE, _KILLED = "index.check", "its check ended with {}"
# Cosines that differ by more are not those of the same vector.
_NEARLY = 1e-3


def check(folder: Path) -> str:
    """What is wrong with the generation, or the empty string."""
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        ids = store.passage_ids()
    rows = {passage_id: row for row, passage_id in enumerate(ids)}
    matrix = vectors.load(folder)
    dim = matrix.shape[1]
    vector = np.full(dim, dim**-0.5, np.float32)
    with closing(DenseStore(folder / "chroma")) as dense:
        n_vectors = dense.count()
        found = dense.search(vector, 10)
    if n_vectors != len(ids):
        return f"{n_vectors} vectors for {len(ids)} passages"
    if len(matrix) != len(ids):
        return f"a matrix of {len(matrix)} rows for {len(ids)} passages"
    if strangers := found.keys() - rows.keys():
        return f"a vector without its passage: {sorted(strangers)[0]}"
    other = [i for i, cosine in found.items() if abs(matrix[rows[i]] @ vector - cosine) > _NEARLY]
    return f"two vectors of one passage: {other[0]}" if other else ""


def wrong_with(folder: Path) -> str:
    """The same as another process tells it: a broken HNSW file ends in SIGSEGV, which no `except`
    catches."""
    return processes.fault(processes.begun(_MODULE, str(folder)), _KILLED)


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Look at a new generation while other files of it are written. Raises IndexBroken in the end
    when something is wrong with it."""
    with processes.beside(_MODULE, str(folder)) as process:
        yield
        wrong = processes.fault(process, _KILLED)
    if wrong:
        raise IndexBroken(
            f"the new index failed its check and was discarded ({wrong}). Start afresh: "
            "sanad index --rebuild PATH…"
        )


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
