"""Two rankings → one."""

from collections.abc import Iterable
from dataclasses import replace

from index.types import Hit


def fused(dense: float, sentence: float, lexical: float) -> float:
    """The cosine of a passage, plus that of its best sentence, plus its share of a full lexical
    match (0 to 1).

    A convex combination after normalisation (Bruch, Gai & Ingber 2023), which ranks better than
    reciprocal ranks when the scores themselves mean something; equal weights.
    """
    return dense + sentence + lexical


def ranked(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The first `k` hits in the order (-score, passage_id), with their ranks."""
    ordered = sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[:k]
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]
