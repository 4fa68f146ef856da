"""Evidence, the likeliest of it read closely, and weighed anew."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from assistant.evidence import Evidence, Reading, ranked
from assistant.excerpts import excerpts
from assistant.reader import read
from index.types import Hit

# What the reader says is cut off here: beyond that it is sure.
SURE = 8.0


@dataclass(frozen=True, slots=True)
class Reads:
    """How many excerpts are read: one each of so many `passages`, and so many `more` of any."""

    passages: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts for a sentence that was read: its score before, the log-odds that the answer
    stands in it against that it stands nowhere in the excerpt, and the logarithm of the former
    alone. One that was not read has its score and `unread`."""

    score: float
    odds: float
    here: float
    unread: float

    @property
    def row(self) -> tuple[float, ...]:
        """The weights in their order."""
        return astuple(self)


def reread(
    question: str, evidence: Sequence[Evidence], weights: Weights, reads: Reads
) -> list[Evidence]:
    """The same sentences, best first, those around the likeliest ones with their readings."""
    found = readings(question, evidence, reads)
    return ranked(_weighed(*each, weights) for each in zip(evidence, found, strict=True))


def by_evidence(hits: Sequence[Hit], evidence: Iterable[Evidence]) -> list[Hit]:
    """The hits, ranked anew from 1: the likelier one of their sentences answers, the earlier."""
    shares: defaultdict[str, float] = defaultdict(float)
    for one in evidence:
        shares[one.hit.passage.passage_id] += one.probability
    ordered = sorted(hits, key=lambda hit: -shares[hit.passage.passage_id])
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def readings(question: str, evidence: Sequence[Evidence], reads: Reads) -> list[Reading | None]:
    """How each sentence was read, by the first excerpt that holds it; `evidence` is best first."""
    chosen = excerpts(evidence, *astuple(reads))
    found: dict[tuple[str, int], Reading] = {}
    for excerpt, own in zip(chosen, read(question, chosen), strict=True):
        for i, reading in enumerate(own, start=excerpt.first):
            found.setdefault((excerpt.hit.passage.passage_id, i), reading)
    return [found.get((one.hit.passage.passage_id, one.sentence)) for one in evidence]


def _weighed(one: Evidence, reading: Reading | None, weights: Weights) -> Evidence:
    score = math.fsum(w * x for w, x in zip(weights.row, weighed(one, reading), strict=True))
    return replace(one, score=score, reading=reading)


def weighed(one: Evidence, reading: Reading | None) -> tuple[float, ...]:
    """What a sentence and its reading bring for each of `Weights`, in their order."""
    return (one.score, *told(reading))


def told(reading: Reading | None) -> tuple[float, float, float]:
    """The log-odds that the answer stands in a sentence, the logarithm of that probability, and
    whether it was not read at all."""
    if reading is None:
        return 0.0, 0.0, 1.0
    return odds(reading), max(-SURE, reading.here), 0.0


def odds(reading: Reading) -> float:
    """That the answer stands in the sentence, against nowhere in the excerpt: their logarithm."""
    return max(-SURE, min(SURE, reading.here - reading.nowhere))
