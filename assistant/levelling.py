"""Hits in several languages, brought to one level for an answer.

The search puts the question's own language first: of a passage and its translation a reader wants
the one that he reads. But where an answer stands in another language alone, its passage competes
with all that is merely near it in the question's, and is met in translation, which finds less of
any question. So for an answer the preference is taken back, and what translation loses given.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.types import Hit

# Chosen on the `fit` split, for answers that stand in one language alone, and the tuning half of
# the questions on the seeds (`eval/LOG.md`).
TRANSLATED = 0.1


def level(hits: Sequence[Hit], language: str) -> list[Hit]:
    """The hits of a question in `language` in their new order, ranked from 1; as they were when
    they are not in several languages, or a reranker, which reads every language, ordered them."""
    own = {hit.passage.language == language for hit in hits}
    if len(own) < 2 or any("reranker" in hit.shares for hit in hits):
        return list(hits)
    levelled = [_level(hit, hit.passage.language == language) for hit in hits]
    ordered = sorted(levelled, key=lambda hit: (-hit.score, hit.passage.passage_id))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _level(hit: Hit, own: bool) -> Hit:
    shares = {name: share for name, share in hit.shares.items() if name != "language"}
    if not own:
        shares["translated"] = TRANSLATED
    return replace(hit, score=sum(shares.values()), shares=shares)
