"""Hits → hits in a better order, by a cross-encoder that reads query and passage together.

None is bundled: `--reranker` takes the folder of a sentence-transformers CrossEncoder, or the name
of one that is on this machine already. Without one nothing here imports torch.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import encoder_fingerprint
from index.errors import ModelError, first_line
from index.types import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# The name by which no reranker is asked for.
NONE = "none"
# A cross-encoder of six layers reads some dozens of passages a second on two cores.
N_RERANKED = 30

Scores = NDArray[np.float64]


class Reranker(Protocol):
    """`scores` gives how well each text answers the query, `(n,)`, between 0 and 1.

    `fingerprint` changes with the weights of a folder, and with the name of a hub model.
    """

    name: str
    fingerprint: str

    def scores(self, query: str, texts: Sequence[str]) -> Scores:
        """One score for each text, in their order."""
        ...


@lru_cache(maxsize=2)
def load_reranker(name: str) -> Reranker | None:
    """The cross-encoder of a folder, or of that name where it was fetched before: a question stays
    on this machine. None for the name `none`. Raises ModelError when it is not here or is no
    cross-encoder with one score."""
    return None if name == NONE else CrossEncoderReranker(name)


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fingerprint = encoder_fingerprint(name)
        self._model = _cross_encoder(name)

    def scores(self, query: str, texts: Sequence[str]) -> Scores:
        """See `Reranker`: the logistic function of what the model says of each pair."""
        if not texts:
            return np.zeros(0)
        from torch.nn import Identity  # noqa: PLC0415 - here already, with the model

        pairs = [(query, text) for text in texts]
        logits = self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        return np.asarray(1 / (1 + np.exp(-np.asarray(logits, np.float64))))


def _cross_encoder(name: str) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - ten seconds

    try:
        model: CrossEncoder = CrossEncoder(name, trust_remote_code=False, local_files_only=True)
    except Exception as error:  # transformers, hub and safetensors each raise their own
        raise ModelError(_unusable(name, error)) from error
    if model.num_labels != 1:
        raise ModelError(
            f"reranker '{name}' gives {model.num_labels} scores for a pair, not the one by which "
            "passages are ranked; name another"
        )
    return model


def _unusable(name: str, error: Exception) -> str:
    if Path(name).exists():
        return f"'{name}' is not a cross-encoder that can be read: {first_line(error)}"
    return (
        f"reranker '{name}' is not on this machine; fetch it first (hf download {name}) or name "
        f"its folder, or do without: --reranker {NONE}"
    )


def reranked(reranker: Reranker, query: str, hits: Sequence[Hit]) -> list[Hit]:
    """The first `N_RERANKED` of `hits` in the order of the reranker's scores (equal ones in that
    they had), the others after them as they were, their scores lowered to lie below."""
    first, rest = hits[:N_RERANKED], hits[N_RERANKED:]
    scores = reranker.scores(query, [hit.passage.text for hit in first]).tolist()
    scored = [
        replace(
            hit,
            score=score,
            scores={**hit.scores, "reranker": score},
            shares={"reranker": score},
        )
        for hit, score in zip(first, scores, strict=True)
    ]
    ordered = sorted(scored, key=lambda hit: -hit.score)
    ordered += _below(min(scores, default=0.0), rest)
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _below(lowest: float, hits: Sequence[Hit]) -> list[Hit]:
    """The same hits, all at or below the score `lowest`; those of the best are above 0."""
    best = max((hit.score for hit in hits), default=0.0)
    share = lowest / best if best > 0 else 0.0
    return [replace(hit, score=hit.score * share, shares=_scaled(hit, share)) for hit in hits]


def _scaled(hit: Hit, share: float) -> dict[str, float]:
    return {name: share * added for name, added in hit.shares.items()}
