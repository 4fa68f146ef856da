"""The sentences of candidates, compared with the query.

Of a static encoder the tokens of every sentence are kept, and how long the sum of their vectors is:
the query's product with a sentence is the sum of its products with the tokens, of which a few
thousand are met in all candidates together, so that no vector of a sentence is made or kept. Of any
other encoder the vectors of the sentences are kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped, write
from index.encoder import Encoder
from index.scale import Scale
from index.static import StaticEncoder, unit
from index.types import Passage

FOLDER = "sentences"
_TOKENS = ("starts", "bounds", "norms", "tokens")

Vectors = NDArray[np.float32]
Cosines = list[NDArray[np.float32]]


class Sentences(Protocol):
    """The sentences of all passages of an index."""

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> Cosines:
        """The cosine of every sentence of the passages `rows` with a unit `vector`, in order, on
        the common scale."""
        ...


@dataclass(frozen=True, slots=True)
class SentenceTokens:
    """The sentences of some passages, one after another: those of passage `i` are `starts[i]` to
    `starts[i + 1]`; sentence `j` has `tokens[bounds[j] : bounds[j + 1]]`, whose vectors' sum is
    `norms[j]` long."""

    starts: NDArray[np.int64]
    bounds: NDArray[np.int64]
    norms: NDArray[np.float32]
    tokens: NDArray[np.int32]

    def of(self, passages: Sequence[int]) -> "SentenceTokens":
        """Those of some passages alone, in that order."""
        return _joined([(self, i) for i in passages])


def _joined(passages: Sequence[tuple[SentenceTokens, int]]) -> SentenceTokens:
    runs = list(_runs(passages))
    starts = [known.starts[first : end + 1] for known, first, end in runs]
    bounds = [of[0].bounds[at[0] : at[-1] + 1] for of, at in zip(runs, starts, strict=True)]
    norms = [of[0].norms[at[0] : at[-1]] for of, at in zip(runs, starts, strict=True)]
    tokens = [of[0].tokens[at[0] : at[-1]] for of, at in zip(runs, bounds, strict=True)]
    return SentenceTokens(
        _bounds(np.concatenate([np.zeros(0, np.int64), *map(np.diff, starts)])),
        _bounds(np.concatenate([np.zeros(0, np.int64), *map(np.diff, bounds)])),
        np.concatenate([np.zeros(0, np.float32), *norms]),
        np.concatenate([np.zeros(0, np.int32), *tokens]),
    )


def _runs(
    passages: Sequence[tuple[SentenceTokens, int]],
) -> Iterator[tuple[SentenceTokens, int, int]]:
    """Stretches of passages that follow one another where they are from: first and end. A build
    has few, and is spared a hundred thousand slices."""
    if not passages:
        return
    of, first = passages[0]
    end = first + 1
    for known, i in passages[1:]:
        if known is of and i == end:
            end += 1
            continue
        yield of, first, end
        of, first, end = known, i, i + 1
    yield of, first, end


def _bounds(sizes: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of some things begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def embedding(
    encoder: StaticEncoder, passages: Sequence[Passage]
) -> Callable[[], tuple[Vectors, SentenceTokens]]:
    """What gives the vectors of passages `(n, dim)`, and their sentences. Their tokens are looked
    up at once; what is left is arithmetic, during which another thread can run Python."""
    texts = [p.sentence(i) for p in passages for i in range(len(p.sentences))]
    starts = _bounds([len(p.sentences) for p in passages])
    return partial(_summed, encoder, starts, *encoder.tokens(texts))


def _summed(
    encoder: StaticEncoder,
    starts: NDArray[np.int64],
    tokens: NDArray[np.int32],
    bounds: NDArray[np.int64],
) -> tuple[Vectors, SentenceTokens]:
    sums = encoder.sums(tokens, bounds)
    # White space bounds a token, so a passage has those of its sentences.
    whole = np.add.reduceat(sums, starts[:-1]) if len(sums) else sums
    norms = np.linalg.norm(sums, axis=1).astype(np.float32)
    return unit(whole), SentenceTokens(starts, bounds, norms, tokens)


class TokenCosines:
    """By the tokens of a static encoder. Threads may share it."""

    def __init__(self, encoder: StaticEncoder, known: SentenceTokens, scale: Scale) -> None:
        self._encoder = encoder
        self._known = known
        self._scale = scale

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> Cosines:
        """See `Sentences`. A sentence without a token has the cosine 0."""
        asked = self._known.of(rows)
        products = self._encoder.products(asked.tokens, vector)
        found = np.zeros(len(asked.norms), np.float32)
        spoken = np.flatnonzero(np.diff(asked.bounds))
        lengths = np.maximum(asked.norms[spoken], np.finfo(np.float32).tiny)
        found[spoken] = np.add.reduceat(products, asked.bounds[spoken]) / lengths
        scaled = self._scale(found)
        return [scaled[start:end] for start, end in pairwise(asked.starts.tolist())]


class VectorCosines:
    """By the vectors of any encoder, kept in 16 bits."""

    def __init__(
        self, starts: NDArray[np.int64], vectors: NDArray[np.float16], scale: Scale
    ) -> None:
        self._starts, self._vectors, self._scale = starts, vectors, scale

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> Cosines:
        """See `Sentences`."""
        spans = [slice(self._starts[row], self._starts[row + 1]) for row in rows]
        kept = [np.asarray(self._vectors[span], np.float32) for span in spans]
        return [self._scale(rows @ vector) for rows in kept]


def save_tokens(
    folder: Path,
    passage_ids: Sequence[str],
    known: Iterable[tuple[Sequence[str], SentenceTokens]],
) -> None:
    """Keep the sentences of `passage_ids`, in that order, taken from what is `known`: ids and their
    sentences; later ones win."""
    (folder / FOLDER).mkdir(exist_ok=True)
    places: Mapping[str, tuple[SentenceTokens, int]] = {
        passage_id: (of, i) for ids, of in known for i, passage_id in enumerate(ids)
    }
    kept = _joined([places[passage_id] for passage_id in passage_ids])
    for name in _TOKENS:
        write(folder / FOLDER / f"{name}.npy", getattr(kept, name))


def load_tokens(folder: Path) -> SentenceTokens | None:
    """What `save_tokens` wrote, if it did; it stays on disk until it is touched."""
    files = [folder / FOLDER / f"{name}.npy" for name in _TOKENS]
    return SentenceTokens(*map(mapped, files)) if files[-1].exists() else None


def save_vectors(folder: Path, counts: Sequence[int], vectors: Vectors) -> None:
    """Keep `vectors`, all sentences of all passages in order, `counts[row]` of them a passage."""
    (folder / FOLDER).mkdir()
    write(folder / FOLDER / "vectors.npy", vectors.astype(np.float16))
    write(folder / FOLDER / "starts.npy", _bounds(counts))


def load(folder: Path, encoder: Encoder, scale: Scale) -> Sentences:
    """The sentences of a generation that `encoder` made."""
    if isinstance(encoder, StaticEncoder) and (known := load_tokens(folder)):
        return TokenCosines(encoder, known, scale)
    starts, vectors = (mapped(folder / FOLDER / f"{name}.npy") for name in ("starts", "vectors"))
    return VectorCosines(starts, vectors, scale)
