"""The hits of a follow-up, put in an order that minds the conversation.

The query that is searched joins what the turn before named with what the message asks, and the
former mostly outweighs the latter. So a passage gains by what its best sentence has of the message
alone; and, as a talk stays where it is, by having been cited in the turn before, or by standing in
a document that was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.evidence import gather
from index.types import Hit, Passage, QueryTerm

# Chosen on the tuning half of the dialogues (`eval/LOG.md`), in the measure of a hit's score: for
# each unit of a sentence's score; for the passage cited first, and a document's other passages; and
# what a later citation weighs beside the one before it.
MESSAGE, CITED, BESIDE, FADING = 0.05, 0.2, 0.1, 0.5
# As many hits are looked at, of which the best are kept.
N_LOOKED = 25


def in_context(
    hits: Sequence[Hit],
    message: str,
    asked: Mapping[str, Sequence[QueryTerm]],
    cited: Sequence[Passage],
) -> list[Hit]:
    """`hits` in their new order, ranked from 1; what each gained is its score `context`.

    `asked` is what the message's words are in the passages of each language, `cited` the passages
    of the turn before in the order of its citations.
    """
    best: dict[str, float] = {}
    for evidence in gather(message, hits, asked):  # best first
        best.setdefault(evidence.hit.passage.passage_id, evidence.score)
    lowest = min(best.values(), default=0.0)
    gained = [
        _with(
            hit, MESSAGE * (best.get(hit.passage.passage_id, lowest) - lowest) + _kept(hit, cited)
        )
        for hit in hits
    ]
    ordered = sorted(gained, key=lambda hit: (-hit.score, hit.passage.passage_id))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _kept(hit: Hit, cited: Sequence[Passage]) -> float:
    """What it gains by where the turn before found its answer."""
    gains = (FADING**i * _near(hit.passage, passage) for i, passage in enumerate(cited))
    return max(gains, default=0.0)


def _near(passage: Passage, cited: Passage) -> float:
    if passage.passage_id == cited.passage_id:
        return CITED
    return BESIDE if passage.doc_id == cited.doc_id else 0.0


def _with(hit: Hit, gain: float) -> Hit:
    return replace(
        hit,
        score=hit.score + gain,
        scores={**hit.scores, "context": gain},
        shares={**hit.shares, "context": gain},
    )
