"""The hits of a follow-up, put in an order that minds the conversation.

The query that is searched joins what the turn before named with what the message asks, and the
former mostly outweighs the latter: first comes the passage that answered before. So a passage
gains by its best sentence, as an answer to the whole query and as one to the message alone; and,
as a talk stays where it is, by standing in a document that the turn before cited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.evidence import gather
from assistant.features import Features
from index.types import Hit, Passage, QueryTerm

# Chosen on dialogues (`eval/LOG.md`), in the measure of a hit's score: for each unit of a
# sentence's score for the query, and for the message; for a document that was cited first, and what
# a later citation weighs beside the one before it.
QUERY, MESSAGE, CITED, FADING = 0.2, 0.3, 1.0, 0.5
# As many hits are looked at, of which the best are kept.
N_LOOKED = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that asks, and what its words are in the passages of each language."""

    text: str
    terms: Mapping[str, Sequence[QueryTerm]]


def in_context(
    hits: Sequence[Hit],
    query: Asked,
    message: Asked,
    cited: Sequence[Passage],
    weights: Features,
) -> list[Hit]:
    """`hits` of `query` in their new order, ranked from 1; what each gained is its score `context`.

    `message` is what was typed, `cited` the passages of the turn before in the order of its
    citations; sentences are scored by `weights`.
    """
    by_query, by_message = _best(query, hits, weights), _best(message, hits, weights)
    gained = [
        _with(
            hit,
            QUERY * by_query[hit.passage.passage_id]
            + MESSAGE * by_message[hit.passage.passage_id]
            + _kept(hit, cited),
        )
        for hit in hits
    ]
    ordered = sorted(gained, key=lambda hit: (-hit.score, hit.passage.passage_id))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _best(asked: Asked, hits: Sequence[Hit], weights: Features) -> dict[str, float]:
    """By how much the best sentence of each passage answers better than that of the worst one."""
    best: dict[str, float] = {}
    for evidence in gather(asked.text, hits, asked.terms, weights):  # best first
        best.setdefault(evidence.hit.passage.passage_id, evidence.score)
    lowest = min(best.values(), default=0.0)
    return {
        hit.passage.passage_id: best.get(hit.passage.passage_id, lowest) - lowest for hit in hits
    }


def _kept(hit: Hit, cited: Sequence[Passage]) -> float:
    """What it gains by where the turn before found its answer."""
    documents = list(dict.fromkeys(passage.doc_id for passage in cited))
    if hit.passage.doc_id not in documents:
        return 0.0
    return CITED * float(FADING ** documents.index(hit.passage.doc_id))


def _with(hit: Hit, gain: float) -> Hit:
    return replace(
        hit,
        score=hit.score + gain,
        scores={**hit.scores, "context": gain},
        shares={**hit.shares, "context": gain},
    )
