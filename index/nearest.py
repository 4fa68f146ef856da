"""The dense half: a query's vector → the nearest passages of a selection."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.columns import Rows
from index.dense import DenseStore
from index.filters import Selection
from index.scale import Scale
from index.vectors import Vectors

# HNSW is asked for this many times the neighbours of which as many as needed should be allowed.
_SLACK = 1.5
# A search in HNSW costs about as much as so many rows of the matrix, and so many more for each
# neighbour that is asked for (50,000 vectors of 256 dimensions: 3.4 ms and 6 µs against 0.2 to
# 0.5 µs a row). By the cheaper way of the two, and with HNSW finding what was expected, a filter
# costs at most in proportion to the square root of the corpus.
_ROWS_FOR_A_SEARCH = 8_000
_ROWS_FOR_A_NEIGHBOUR = 12
# Rows taken from the matrix at a time, 16 MB at 256 dimensions.
_CHUNK = 16_384


class DenseSearch:
    """The vectors of one index, twice: in HNSW graphs by language, and as a matrix."""

    def __init__(
        self, store: DenseStore, matrix: Vectors, rows: Mapping[str, int], scale: Scale
    ) -> None:
        """`matrix` holds a row for each passage, `rows` says which by its id; all cosines are given
        on the common `scale`."""
        self._store = store
        self._matrix = matrix
        self._rows = rows
        self._scale = scale

    def search(
        self, vector: Vectors, n: int, languages: Mapping[str, int], selection: Selection
    ) -> dict[int, float]:
        """Cosines of the `n` nearest rows of a selection, nearest first. `languages` are those it
        lies in, with their numbers of passages."""
        if not selection:
            return self._nearest(vector, n, list(languages))
        n_searched = sum(languages.values())
        n_asked = math.ceil(_SLACK * n * n_searched / max(1.0, selection.n_about))
        if selection.n_at_most > _ROWS_FOR_A_SEARCH + _ROWS_FOR_A_NEIGHBOUR * n_asked:
            found = self._nearest(vector, n_asked, list(languages))
            rows = np.array(list(found), np.int32)
            allowed = rows[selection.allows(rows)][:n].tolist()
            if len(allowed) == n:
                return {row: found[row] for row in allowed}
        return self._exact(vector, n, selection.rows())

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """The cosines of given rows."""
        cosines = self._cosines(vector, np.array(rows, np.int32))
        return dict(zip(rows, cosines.tolist(), strict=True))

    def _nearest(self, vector: Vectors, n: int, languages: Sequence[str]) -> dict[int, float]:
        found = self._store.search(vector, n, languages)
        return self._exact(vector, n, np.array([self._rows[i] for i in found], np.int32))

    def _exact(self, vector: Vectors, n: int, rows: Rows) -> dict[int, float]:
        cosines = self._cosines(vector, rows)
        if len(rows) > n:
            best = np.argpartition(-cosines, n)[:n]
            rows, cosines = rows[best], cosines[best]
        order = np.lexsort((rows, -cosines))
        return dict(zip(rows[order].tolist(), cosines[order].tolist(), strict=True))

    def _cosines(self, vector: Vectors, rows: Rows) -> NDArray[np.float32]:
        parts = (self._matrix[rows[at : at + _CHUNK]] for at in range(0, len(rows), _CHUNK))
        # Not `@`, whose last digit depends on which rows are asked for together.
        found = [np.einsum("ij,j->i", part, vector) for part in parts]
        return self._scale(np.concatenate([np.zeros(0, np.float32), *found]))
