"""Evidence → the few stretches of text that are worth reading closely."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence
from index.types import Hit

# So much of a passage is read: some hundred pieces of words.
MAX_CHARS = 450


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences `[first, last]` of a hit's passage."""

    hit: Hit
    first: int
    last: int

    @property
    def text(self) -> str:
        """As it stands in the passage."""
        start, end = self.span
        return self.hit.passage.text[start:end]

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the passage."""
        sentences = self.hit.passage.sentences
        return sentences[self.first][0], sentences[self.last][1]

    def holds(self, one: Evidence) -> bool:
        """Whether a sentence stands in it."""
        same = one.hit.passage.passage_id == self.hit.passage.passage_id
        return same and self.first <= one.sentence <= self.last

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The spans of its sentences within `text`."""
        start, _ = self.span
        own = self.hit.passage.sentences[self.first : self.last + 1]
        return tuple((a - start, b - start) for a, b in own)


def excerpts(evidence: Sequence[Evidence], n: int, n_more: int = 0) -> list[Excerpt]:
    """Of each of the `n` passages with the best sentences what stands around that sentence, as much
    as `MAX_CHARS` allow, the likelier neighbour first; the sentence itself in any case. Then
    `n_more` around the best of those that are in none of them, wherever they stand (a passage may
    answer elsewhere than it seems to), which may hold sentences of the others again."""
    found = [around(own) for own in by_passage(evidence)[:n]]
    for _ in range(n_more):
        if left := next((one for one in evidence if not any(x.holds(one) for x in found)), None):
            own = (one for one in evidence if one.hit.passage == left.hit.passage)
            found.append(around([left, *own]))
    return found


def by_passage(evidence: Iterable[Evidence]) -> list[list[Evidence]]:
    """The sentences of each passage, in their order; passages in that of their first ones."""
    passages: dict[str, list[Evidence]] = {}
    for one in evidence:
        passages.setdefault(one.hit.passage.passage_id, []).append(one)
    return list(passages.values())


def around(evidence: Sequence[Evidence]) -> Excerpt:
    """The excerpt of one passage, from its sentences, best first."""
    hit, best = evidence[0].hit, evidence[0].sentence
    scores = {one.sentence: one.score for one in evidence}
    found = Excerpt(hit, best, best)
    while wider := [x for x in _wider(found) if len(x.text) <= MAX_CHARS]:
        found = max(wider, key=lambda x: scores[x.first if x.first < found.first else x.last])
    return found


def _wider(found: Excerpt) -> list[Excerpt]:
    """With one sentence more, before or after."""
    both = []
    if found.first > 0:
        both.append(Excerpt(found.hit, found.first - 1, found.last))
    if found.last + 1 < len(found.hit.passage.sentences):
        both.append(Excerpt(found.hit, found.first, found.last + 1))
    return both
