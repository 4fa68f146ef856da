"""Hits in several languages, brought to one level for an answer.

The search puts the question's own language first: of a passage and its translation a reader wants
the one that he reads. But where an answer stands in another language alone, its passage competes
with all that is merely near it in the question's, and is met in translation, which finds less of
any question. So for an answer the preference is taken back, and what translation loses given: more
where a transformer embeds, whose cosines count more and are drawn to the question's own language.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.types import Hit


def level(hits: Sequence[Hit], language: str, translated: float) -> list[Hit]:
    """The hits of a question in `language` in their new order, ranked from 1, those in another
    given `translated`; as they were when they are not in several languages, or a reranker, which
    reads every language, ordered them."""
    own = {hit.passage.language == language for hit in hits}
    if len(own) < 2 or any("reranker" in hit.shares for hit in hits):
        return list(hits)
    levelled = [_level(hit, hit.passage.language == language, translated) for hit in hits]
    ordered = sorted(levelled, key=lambda hit: (-hit.score, hit.passage.passage_id))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _level(hit: Hit, own: bool, translated: float) -> Hit:
    shares = {name: share for name, share in hit.shares.items() if name != "language"}
    if not own:
        shares["translated"] = translated
    return replace(hit, score=sum(shares.values()), shares=shares)
