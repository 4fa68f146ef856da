"""Two rankings → one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from index.types import Hit, Passage
from index.wording import Wording

# Chosen on the `fit` split by `python -m eval.fusion`, see eval/LOG.md: equal weights for what has
# a scale of its own did as well as a fitted model, and need no new ones for another encoder.
NEAR = 0.5
# Words met in translation are surer to be met by chance.
TRANSLATED = 0.6
# Of two passages that answer alike, the one in the question's language.
OWN_LANGUAGE = 0.2


def shares(dense: float, sentence: float, lexical: float, weight: float = 1.0) -> dict[str, float]:
    """What each adds to a score, their sum: the cosine of a passage and that of its best sentence,
    which count `weight`, and its share of a full lexical match (0 to 1).

    A convex combination of scores that mean something by themselves (Bruch, Gai & Ingber 2023),
    which ranks better than reciprocal ranks.
    """
    return {"dense": weight * dense, "sentence": weight * sentence, "bm25": lexical}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit whose text nobody has read yet; the fields are those of `Hit`. `own` says that it is in
    the query's language."""

    row: int
    passage_id: str
    own: bool
    scores: Mapping[str, float]
    shares: Mapping[str, float]
    sentence_scores: tuple[float, ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The higher the better."""
        return sum(self.shares.values())

    def hit(self, passage: Passage, rank: int) -> Hit:
        """The same with its passage."""
        known = self.scores, self.sentence_scores, self.ranks, self.shares
        return Hit(passage, self.score, rank, *known)


def read(
    candidates: Iterable[Candidate], wording: Callable[[Candidate], Wording], n: int
) -> list[Candidate]:
    """The same with what their language adds, and the `n` best of them with what their `wording`
    does."""
    ordered = ordered_candidates(map(_of_language, candidates))
    return [_worded(each, wording(each)) for each in ordered[:n]] + ordered[n:]


def _of_language(found: Candidate) -> Candidate:
    if not found.own:
        return found
    scores = {**found.scores, "language": 1.0}
    return replace(found, scores=scores, shares={**found.shares, "language": OWN_LANGUAGE})


def _worded(found: Candidate, wording: Wording) -> Candidate:
    trust = 1.0 if found.own else TRANSLATED
    scores = {**found.scores, "form": wording.form, "near": wording.near}
    added = {"form": trust * wording.form, "near": NEAR * trust * wording.near}
    return replace(found, scores=scores, shares={**found.shares, **added})


def ordered_candidates(found: Iterable[Candidate]) -> list[Candidate]:
    """In the order (-score, passage_id)."""
    return sorted(found, key=lambda each: (-each.score, each.passage_id))
