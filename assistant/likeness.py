"""How like single words are in meaning, in one language or across two."""

from collections.abc import Container, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.config import BUNDLED
from index.encoder import load_encoder
from index.types import QueryTerm

# Words whose vectors have a lower cosine have nothing to do with each other.
UNLIKE = 0.4


def likeness(asked: Sequence[str], there: Sequence[str]) -> NDArray[np.float32]:
    """The cosine of each of `asked` with each word that is `there`, `(n_asked, n_there)`.

    By the bundled encoder, whatever the index was built with: what is fitted to it stays right, and
    it takes some ten microseconds a word.
    """
    if not asked or not there:
        return np.zeros((len(asked), len(there)), np.float32)
    cosines: NDArray[np.float32] = _vectors(tuple(asked)) @ load_encoder(BUNDLED).passages(there).T
    return cosines


@lru_cache(maxsize=64)
def _vectors(asked: tuple[str, ...]) -> NDArray[np.float32]:
    """The words of a question are compared with those of every passage that is found for it."""
    return load_encoder(BUNDLED).passages(asked)


def held(asked: QueryTerm, there: Container[str]) -> float:
    """Whether a word that is asked for is among the terms of a text: 1 when its likeliest
    translation is there, less for a less likely one."""
    likeliest = max(asked.terms.values(), default=0.0)
    best = max((p for t, p in asked.terms.items() if t in there), default=0.0)
    return best / likeliest if likeliest else 0.0


def met(exact: NDArray[np.float64], likest: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far words are there, 0 to 1: as themselves, or in a word of like meaning, which counts
    less."""
    near = np.clip((likest.astype(np.float64) - UNLIKE) / (1 - UNLIKE), 0, 1)
    found: NDArray[np.float64] = np.maximum(exact, near)
    return found
