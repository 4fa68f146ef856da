"""Two rankings → one."""

from collections.abc import Mapping

from index.types import Hit

# A query's best BM25 score becomes 1, but a weak best stays weak: the divisor is at least this
# share of what a short passage that held every query term would score.
WEAKEST_BEST = 0.25


def hybrid_score(scores: Mapping[str, float], best_bm25: float) -> float:
    """BM25 over its best, plus the cosine of the passage, plus that of its best sentence.

    A convex combination after normalisation (Bruch, Gai & Ingber 2023), which ranks better than
    reciprocal ranks when the scores themselves mean something; equal weights.
    """
    lexical = scores.get("bm25", 0.0) / best_bm25 if best_bm25 > 0 else 0.0
    return lexical + dense_score(scores)


def dense_score(scores: Mapping[str, float]) -> float:
    """The cosine of the passage plus that of its best sentence."""
    return scores.get("dense", 0.0) + scores.get("sentence", 0.0)


def ranked(hits: list[Hit], k: int) -> list[Hit]:
    """The first `k` hits in the order (-score, passage_id), with their ranks."""
    ordered = sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[:k]
    return [
        Hit(hit.passage, hit.score, rank, hit.scores, hit.sentence_scores)
        for rank, hit in enumerate(ordered, start=1)
    ]
