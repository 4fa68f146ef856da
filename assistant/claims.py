"""A sentence that cites a source, against what it cites: is it carried, are its figures there."""

import datetime
import glob
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.attribution import Cite
from assistant.cited import Target
from assistant.figures import missing
from assistant.negations import reversed_in
from assistant.support import MAX_CLAIM_CHARS, features, probability
from index.filters import Filter
from index.queries import Query
from index.search import Searcher
from index.types import Passage

# Below it a sentence counts as not carried by what it cites. Lower than what a model's sentences
# must reach: a person puts things in words of their own, and a false alarm costs trust.
CARRIED = 0.25
# Passages of a cited document in which a claim is looked for.
N_PASSAGES = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """How likely, 0 to 1, a claim is carried by what it cites, the passage that carries it best,
    the figures that the source lacks, as they are written, and its words where the claim keeps
    close to them but for a *not*."""

    support: float
    passage: Passage | None
    missing: tuple[str, ...]
    reversed: str | None = None

    @property
    def is_carried(self) -> bool:
        """Whether the source says so, as far as can be told."""
        return self.support >= CARRIED


def judge(claim: str, cites: Sequence[Cite], searcher: Searcher, own: str | None = None) -> Judged:
    """A claim against all that it cites: the best of it counts. Of a part of it alone, if one is
    given, the figures are looked for."""
    claim = " ".join(claim.split())[:MAX_CLAIM_CHARS]
    targets = dict.fromkeys(target for cite in cites for target in cite.targets)
    passages = [p for target in targets for p in _passages(claim, target, searcher)]
    asked = searcher.query_terms(claim)
    likely = [probability(*features(claim, p, searcher, asked)) for p in passages]
    if not passages:
        return Judged(0.0, None, ())
    best = max(range(len(passages)), key=likely.__getitem__)
    # What stands around quotations is no sentence of its own.
    whole = own is None or own.split() == claim.split()
    turned = reversed_in(claim, passages) if whole else None
    lost = tuple(_missing(own or claim, passages))
    return Judged(likely[best], passages[best], lost, turned)


def _missing(claim: str, passages: Sequence[Passage]) -> list[str]:
    """Figures that no passage tells, nor its title, nor the day it was published."""
    told = " . ".join(f"{p.title or ''} . {p.text}" for p in passages)
    days: list[datetime.date | None] = [p.date for p in passages if p.date]
    lost = [missing(claim, told, day) for day in days or [None]]
    return [said for said in lost[0] if all(said in others for others in lost)]


def _passages(claim: str, target: Target, searcher: Searcher) -> list[Passage]:
    """The stretch that is meant, else what of the document is nearest to the claim."""
    of_document = searcher.passages_of(target.doc_id)
    if near := target.near:
        meant = [p for p in of_document if p.start < near[1] and near[0] < p.end]
        if meant:
            return meant
    cited = [p for p in of_document if target.holds(p.doc_id, p.start, p.end)]
    if len(cited) <= N_PASSAGES:
        return cited
    within = Filter(paths=[glob.escape(target.doc_id)])
    ids = {p.passage_id for p in cited}
    hits = searcher.search(Query(claim), 3 * N_PASSAGES, filters=within)
    return [hit.passage for hit in hits if hit.passage.passage_id in ids][:N_PASSAGES]
