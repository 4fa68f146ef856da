"""A write-up against the archive: every quotation and every citation in it is looked up.

A quotation is `exact`; `respelled`, the same words in another spelling or punctuation; `altered`;
`elsewhere`, in another document than the draft names for it; `missing`; `short`, too few words to
tell; or `translated`, when what it cites is in another script and has a sentence that may be its
original: that is not checked word for word, and somebody has to look. A cited sentence is
`supported`, `unsupported`, has `figures` that its source lacks, or is `reversed`: the words of its
source but for a *not*. A citation may be `unknown`: it names no document of the index.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.attribution import Cite, Read, Sentence, read, without_cites
from assistant.blocks import Block, Place
from assistant.cited import Named, Target
from assistant.claims import Judged, judge, nearest_sentence
from assistant.lookup import Archive, Looked
from assistant.quotations import Quotation, wanted
from assistant.wordings import Change
from index.analysis import words
from index.errors import InputError
from index.search import Searcher

Outcome = Literal[
    "exact",
    "respelled",
    "altered",
    "elsewhere",
    "missing",
    "short",
    "translated",
    "supported",
    "unsupported",
    "figures",
    "reversed",
    "unknown",
]
# What makes a draft wrong.
WRONG: frozenset[str] = frozenset(
    {"altered", "elsewhere", "missing", "unsupported", "figures", "reversed", "unknown"}
)
# What is not wrong, as far as can be told, but cannot be told word for word.
OPEN: frozenset[str] = frozenset({"translated"})
What = Literal["quotation", "sentence", "citation"]
# Fewer words in quotation marks are a name, a title, a word used with a distance.
MIN_WORDS = 3
# A book has some thousands; each takes some hundredths of a second.
MAX_LOOKED_UP = 10_000
# A sentence that has fewer words beside its quotations claims nothing of its own.
_MIN_CLAIM_WORDS = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One quotation, cited sentence or citation: where it stands in the draft, what became of it,
    the document with title, date and place that it was found in or compared with.

    `changes` say how a quotation differs, `missing` are the figures that the source lacks, `cited`
    is what the draft names as the source, `as_cited` whether the quotation stands there, `support`
    (0 to 1) how well it carries a sentence. Of a quotation in another script than its source,
    which is `foreign`, `source` is the nearest sentence.
    """

    what: What
    outcome: Outcome
    place: Place
    text: str
    cited: tuple[str, ...] = ()
    doc_id: str | None = None
    start: int | None = None
    end: int | None = None
    title: str | None = None
    date: datetime.date | None = None
    source: str | None = None
    changes: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()
    support: float | None = None
    as_cited: bool = True
    foreign: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether it is not as the draft says."""
        return self.outcome in WRONG

    @property
    def is_open(self) -> bool:
        """Whether only somebody who reads both languages can tell."""
        return self.outcome in OPEN


def verify(blocks: Sequence[Block], searcher: Searcher) -> list[Finding]:
    """Everything that can be checked in a draft, in its order. Raises InputError when it is more
    than MAX_LOOKED_UP."""
    named = Named(searcher.sections(), searcher)
    found = read(blocks, named)
    n = sum(len(block.quotations) + len(block.cites) for block in found)
    if n > MAX_LOOKED_UP:
        raise InputError(
            f"the draft has {n:,} quotations and citations; at most {MAX_LOOKED_UP:,} can be "
            "looked up at once: split it"
        )
    verifier = _Verifier(Archive(searcher), named, searcher)
    return [finding for block in found for finding in verifier.block(block)]


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many there are of each outcome, commonest first."""
    return dict(Counter(finding.outcome for finding in findings).most_common())


@dataclass(frozen=True, slots=True)
class _Verifier:
    archive: Archive
    named: Named
    searcher: Searcher

    def block(self, block: Read) -> list[Finding]:
        """The findings of one block, in the order in which they stand there."""
        found = [
            *(each for q, cites in block.quotations for each in self._quotation(block, q, cites)),
            *(each for sentence in block.sentences for each in self._sentence(block, sentence)),
        ]
        return [finding for _, finding in sorted(found, key=lambda each: each[0])]

    def _quotation(
        self, block: Read, quotation: Quotation, cites: Sequence[Cite]
    ) -> Iterator[tuple[int, Finding]]:
        """The finding of a quotation and its place in the block; of one that is nowhere, those of
        the quotations in it, too."""
        text = without_cites(block.block.text, cites)[quotation.start : quotation.end].strip()
        if not words(text):
            return
        place = block.block.place_of(quotation.start)
        finding = Finding("quotation", "missing", place, text, _labels(cites))
        finding = self._looked_up(finding, [t for cite in cites for t in cite.targets], cites)
        yield quotation.start, finding
        if finding.outcome in ("missing", "short"):
            for inner in quotation.inner:
                yield from self._quotation(block, inner, cites)

    def _looked_up(
        self, finding: Finding, targets: Sequence[Target], cites: Sequence[Cite]
    ) -> Finding:
        looked = self.archive.look_up(finding.text, targets)
        titled = self.named.titled(finding.text)
        if titled and (looked is None or looked.wording.changes):
            cited = {target.doc_id for target in targets}
            its = next((t for t in titled if t.doc_id in cited), titled[0])
            return replace(finding, outcome="exact", doc_id=its.doc_id)
        if wanted(finding.text).n_required < MIN_WORDS and not _is_right(looked):
            return replace(finding, outcome="short")
        is_there = looked is not None and (looked.as_cited or not looked.wording.changes)
        if not is_there and self.archive.is_foreign(finding.text, targets):
            return self._translated(finding, cites)
        return finding if looked is None else _with_source(finding, looked)

    def _translated(self, finding: Finding, cites: Sequence[Cite]) -> Finding:
        """A quotation in another script than all that it cites, beside the nearest sentence."""
        near = nearest_sentence(finding.text, cites, self.searcher)
        if near is None:
            return finding
        outcome: Outcome = "missing"
        if near.may_translate:
            outcome = "figures" if near.missing else "translated"
        return replace(
            finding,
            outcome=outcome,
            doc_id=near.passage.doc_id,
            start=near.start,
            end=near.end,
            title=near.passage.title,
            date=near.passage.date,
            source=near.text,
            missing=near.missing,
            support=near.likely,
            foreign=True,
        )

    def _sentence(self, block: Read, sentence: Sentence) -> Iterator[tuple[int, Finding]]:
        """What is wrong with the citations of a sentence, and whether they carry it."""
        bare = without_cites(block.block.text, sentence.cites)
        text = " ".join(bare[sentence.start : sentence.end].split())
        for cite in sentence.cites:
            if not cite.targets:
                place = block.block.place_of(cite.at)
                yield cite.at, Finding("citation", "unknown", place, text, (cite.label,))
        known = [cite for cite in sentence.cites if cite.targets]
        own = _own_words(bare, block, sentence)
        claims = block.block.kind == "text" and not block.block.group
        if known and claims and len(words(own)) >= _MIN_CLAIM_WORDS:
            place = block.block.place_of(sentence.start)
            finding = Finding("sentence", "supported", place, text, _labels(known))
            judged = judge(text, known, self.searcher, own)
            yield sentence.end, _with_judgement(finding, judged, "supported")


def _is_right(looked: Looked | None) -> bool:
    return looked is not None and looked.as_cited and not looked.wording.changes


def _labels(cites: Sequence[Cite]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cite.label for cite in cites))


def _with_source(finding: Finding, looked: Looked) -> Finding:
    """A quotation and where it was found."""
    wording = looked.wording
    outcome: Outcome = "exact" if wording.to_the_letter else "respelled"
    if wording.changes:
        outcome = "altered"
    elif not looked.as_cited:
        outcome = "elsewhere"
    return replace(
        finding,
        outcome=outcome,
        doc_id=wording.doc_id,
        start=wording.start,
        end=wording.end,
        title=looked.title,
        date=looked.date,
        source=looked.text,
        changes=wording.changes,
        as_cited=looked.as_cited,
    )


def _with_judgement(finding: Finding, judged: Judged, carried: Outcome) -> Finding:
    """A claim and what carries it best; `carried` is its outcome when all is well."""
    outcome: Outcome = "unsupported"
    if judged.is_carried:
        outcome = "reversed" if judged.reversed else "figures" if judged.missing else carried
    finding = replace(finding, outcome=outcome, missing=judged.missing, support=judged.support)
    if (passage := judged.passage) is None:
        return finding
    return replace(
        finding,
        doc_id=passage.doc_id,
        start=passage.start,
        end=passage.end,
        title=passage.title,
        date=passage.date,
        source=judged.reversed or passage.text,
    )


def _own_words(text: str, block: Read, sentence: Sentence) -> str:
    """A sentence of a block's text without its quotations: what it says itself."""
    chars = list(text)
    for quotation, _ in block.quotations:
        if len(words(text[quotation.start : quotation.end])) >= MIN_WORDS:
            chars[quotation.start : quotation.end] = " " * (quotation.end - quotation.start)
    return "".join(chars[sentence.start : sentence.end])
