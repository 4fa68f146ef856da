"""Two rankings → one."""

from collections.abc import Iterable
from dataclasses import replace

from index.types import Hit


def shares(dense: float, sentence: float, lexical: float) -> dict[str, float]:
    """What each adds to a score, their sum: the cosine of a passage, that of its best sentence, and
    its share of a full lexical match (0 to 1).

    A convex combination after normalisation (Bruch, Gai & Ingber 2023), which ranks better than
    reciprocal ranks when the scores themselves mean something; equal weights.
    """
    return {"dense": dense, "sentence": sentence, "bm25": lexical}


def ranked(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The first `k` hits in the order (-score, passage_id), with their ranks."""
    ordered = sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[:k]
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]
