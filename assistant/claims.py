"""A sentence that cites a source, against what it cites: is it carried, are its figures there."""

import datetime
import glob
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.attribution import Cite
from assistant.cited import Target
from assistant.figures import missing
from assistant.negations import reversed_in
from assistant.own_words import says_more
from assistant.support import MAX_CLAIM_CHARS, features, nearest, probability
from index.filters import Filter
from index.queries import Query, language_of
from index.search import Searcher
from index.types import Passage

# Below it a sentence counts as not carried by what it cites. Lower than what a model's sentences
# must reach: a person puts things in words of their own, and a false alarm costs trust.
CARRIED = 0.25
# Only from here on, and by one sentence alone, may a quotation in another language pass for a
# translation. Of sentences of xquad-r (split `fit`, across languages) it passes .95 of those that
# the passage translates, and .05 of those of the entry beside it.
TRANSLATED = 0.9
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
    claim, passages = _cited(claim, cites, searcher)
    asked = searcher.query_terms(claim)
    found = [features(claim, p, searcher, asked) for p in passages]
    if not passages:
        return Judged(0.0, None, ())
    likely = [probability(*each) for each in found]
    best = max(range(len(passages)), key=likely.__getitem__)
    support = likely[best]
    same = [p for p in passages if p.language == language_of(claim)]
    # Passages in other languages may say what those do not.
    if same == passages and says_more(asked[same[0].language], same, max(c for _, c in found)):
        support = 0.0
    # What stands around quotations is no sentence of its own.
    whole = own is None or own.split() == claim.split()
    turned = reversed_in(claim, passages) if whole else None
    lost = tuple(_missing(own or claim, passages))
    return Judged(support, passages[best], lost, turned)


@dataclass(frozen=True, slots=True)
class Near:
    """The sentence `text[start:end]` of a document nearest to a quotation in another language, and
    how likely, 0 to 1, it says the same; the figures that the source lacks."""

    likely: float
    passage: Passage
    start: int
    end: int
    text: str
    missing: tuple[str, ...]

    @property
    def may_translate(self) -> bool:
        """Whether the quotation may be this sentence in another language."""
        return self.likely >= TRANSLATED


def nearest_sentence(quote: str, cites: Sequence[Cite], searcher: Searcher) -> Near | None:
    """What of all that is cited is nearest to a quotation in another language; None where nothing
    of it is indexed."""
    claim, passages = _cited(quote, cites, searcher)
    if not passages:
        return None
    asked = searcher.query_terms(claim)
    found = [nearest(claim, passage, searcher, asked) for passage in passages]
    best = max(range(len(found)), key=lambda i: found[i][0])
    (likely, i), passage = found[best], passages[best]
    start, end = passage.sentences[i] if passage.sentences else (0, len(passage.text))
    return Near(
        likely=likely,
        passage=passage,
        start=passage.start + start,
        end=passage.start + end,
        text=passage.text[start:end],
        missing=tuple(_missing(claim, passages)),
    )


def _missing(claim: str, passages: Sequence[Passage]) -> list[str]:
    """Figures that no passage tells, nor its title, nor the day it was published."""
    told = " . ".join(f"{p.title or ''} . {p.text}" for p in passages)
    days: list[datetime.date | None] = [p.date for p in passages if p.date]
    lost = [missing(claim, told, day) for day in days or [None]]
    return [said for said in lost[0] if all(said in others for others in lost)]


def _cited(text: str, cites: Sequence[Cite], searcher: Searcher) -> tuple[str, list[Passage]]:
    """What is claimed, as it is searched, and the passages of all that is cited for it."""
    claim = " ".join(text.split())[:MAX_CLAIM_CHARS]
    targets = dict.fromkeys(target for cite in cites for target in cite.targets)
    return claim, [p for target in targets for p in _passages(claim, target, searcher)]


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
