"""Which source a draft names for which of its words.

A sign (a footnote's, [1]), a link to a document, or a document named in brackets belongs to the
sentence in which or right after which it stands. A quotation takes the signs between its end and
the next quotation in its sentence, else the others of its sentence, those after it first. A block
quotation takes the signs in it, else a line of attribution («— title, date») or a paragraph below
it that names a document, else what introduces it and ends with a colon. A reference in the line
below a quotation is that quotation's.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.blocks import Block
from assistant.cited import Named, Target
from assistant.markers import marker_numbers
from assistant.quotations import Quotation, find_quotations
from index.segmentation import sentence_spans

_MARKER = re.compile(r"[\[【［]{1,2}[^\[\]【】［］\n]{1,40}[\]】］]{1,2}")
_BRACKETED = re.compile(r"[(（][^()（）]{3,300}[)）]|`[^`\n]{1,300}`")
_ATTRIBUTION = re.compile(r"(?:^|\n)[ \t]*(?:[—–―]|--)[ \t]*(?P<source>\S[^\n]{2,300})$")
# A reference is no longer than that.
_MAX_LINE = 600
# Paragraphs of one block quotation that are looked through for its source, on either side.
_MAX_GROUP = 20
_STOPS = ".!?…؟۔"


@dataclass(frozen=True, slots=True)
class Cite:
    """What is cited at a place of a block: `label` as a reader sees it, `targets` what it names in
    the index, nothing where the source is unknown. `text[at:end]` only says so."""

    at: int
    end: int
    label: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` of a block and what is cited for it."""

    start: int
    end: int
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A block with its quotations, each with what is cited for it, and its sentences."""

    block: Block
    quotations: tuple[tuple[Quotation, tuple[Cite, ...]], ...]
    sentences: tuple[Sentence, ...]

    @property
    def cites(self) -> list[Cite]:
        """All of the block's."""
        return [cite for sentence in self.sentences for cite in sentence.cites]


def read(blocks: Sequence[Block], named: Named) -> list[Read]:
    """Every block with its quotations and what is cited for them."""
    named.look_up(x for b in blocks for x in (b.text, *(link.target for link in b.links)))
    sources = {label: named.named_in(said) for label, said in _sources(blocks).items()}
    found = [_read(block, sources, named) for block in blocks]
    return [_with_surroundings(found, i, named) for i in range(len(found))]


def _sources(blocks: Sequence[Block]) -> dict[str, str]:
    """The text of each note and reference by its label; links say what they lead to."""
    texts: dict[str, list[str]] = {}
    for block in blocks:
        if block.label is not None:
            links = [link.target for link in block.links]
            texts.setdefault(block.label, []).extend([block.text, *links])
    return {label: " ".join(said) for label, said in texts.items()}


def _read(block: Block, sources: Mapping[str, tuple[Target, ...]], named: Named) -> Read:
    quotations = find_quotations(block.text, block.quoted)
    if block.label is not None:
        # A note names its own source, wherever in it that stands.
        n = len(block.text)
        own = Cite(n, n, block.label.lstrip("^"), sources[block.label])
        cited = (own,) if own.targets else ()
        return Read(block, tuple((q, cited) for q in quotations), ())
    cites = sorted(_cites(block, quotations, sources, named), key=lambda cite: cite.at)
    sentences = _sentences(block, quotations, cites)
    following = [*(q.start for q in quotations[1:]), len(block.text)]
    pairs = (
        tuple(
            (q, _of_quotation(q, later, sentences))
            for q, later in zip(quotations, following, strict=True)
        )
        if quotations
        else ()
    )
    return Read(block, pairs, sentences)


def _cites(
    block: Block,
    quotations: Sequence[Quotation],
    sources: Mapping[str, tuple[Target, ...]],
    named: Named,
) -> Iterator[Cite]:
    for mark in block.marks:
        yield Cite(mark.at, mark.at, mark.label.lstrip("^"), sources.get(mark.label, ()))
    for marker in _MARKER.finditer(block.text):
        for number in marker_numbers(marker.group()):
            label = str(number) if str(number) in sources else f"^{number}"
            # Within a quotation [1] may be the source's own.
            if label in sources or not _is_within(marker.start(), quotations):
                yield Cite(*marker.span(), str(number), sources.get(label, ()))
    for link in block.links:
        if targets := named.named_in(link.target):
            yield Cite(link.end, link.end, link.target, targets)
    yield from _lines_below(block, quotations, named)
    for bracket in _BRACKETED.finditer(block.text):
        if targets := named.named_in(bracket.group()):
            yield Cite(*bracket.span(), bracket.group().strip("()（）` "), targets)


def _lines_below(block: Block, quotations: Sequence[Quotation], named: Named) -> Iterator[Cite]:
    """References as they are pasted: in the line below a quotation that ends its own line."""
    for quotation in quotations:
        start = block.text.find("\n", quotation.end) + 1
        if not start or block.text[quotation.end + 1 : start].strip(" \t\n.,"):
            continue
        end = block.text.find("\n", start)
        line = block.text[start : end if end >= 0 else None]
        if targets := named.named_in(line[:_MAX_LINE]):
            yield Cite(start, start + len(line), line.strip(), targets)


def _is_within(at: int, quotations: Sequence[Quotation]) -> bool:
    before = bisect_right(quotations, at, key=lambda q: q.start) - 1
    return before >= 0 and at < quotations[before].end


def _sentences(
    block: Block, quotations: Sequence[Quotation], cites: Sequence[Cite]
) -> tuple[Sentence, ...]:
    spans = sentence_spans(_masked(block.text, quotations))
    if not spans:
        return ()
    starts = [start for start, _ in spans]
    of: list[list[Cite]] = [[] for _ in spans]
    for cite in cites:
        # A sign before the first letter of a sentence belongs to the one before it.
        at = bisect_right(starts, cite.at) - 1
        if at > 0 and not re.search(r"\w", _unmarked(block.text[starts[at] : cite.at])):
            at -= 1
        of[max(0, at)].append(cite)
    return tuple(
        Sentence(start, end, tuple(cited)) for (start, end), cited in zip(spans, of, strict=True)
    )


def _unmarked(text: str) -> str:
    return _MARKER.sub("", text)


def without_cites(text: str, cites: Sequence[Cite]) -> str:
    """A block's text, as long as before, with blanks for what only says where something is
    from."""
    chars = list(text)
    for cite in cites:
        chars[cite.at : cite.end] = " " * (cite.end - cite.at)
    return "".join(chars)


def _masked(text: str, quotations: Sequence[Quotation]) -> str:
    """The text with quotations as one long word each, which keeps its last full stop: sentences
    within them end none around them. As long as before."""
    chars = list(text.replace("\n", " "))
    for q in quotations:
        last = q.end - 1
        keep = text[last] if text[last] in _STOPS else "x"
        chars[q.start : q.end] = "x" * (q.end - q.start - 1) + keep
    return "".join(chars)


def _of_quotation(
    quotation: Quotation, later: int, sentences: Sequence[Sentence]
) -> tuple[Cite, ...]:
    """What is cited for a quotation; the next one begins at `later`."""
    first = bisect_right(sentences, quotation.start, key=lambda s: s.end)
    last = bisect_left(sentences, quotation.end, key=lambda s: s.start)
    cites = [cite for sentence in sentences[first:last] for cite in sentence.cites]
    after = [cite for cite in cites if cite.at >= quotation.end]
    inside = [cite for cite in cites if quotation.start <= cite.at < quotation.end]
    next_ = [cite for cite in after if cite.at <= later]
    return tuple(inside or next_ or after or cites)


def _with_surroundings(found: Sequence[Read], i: int, named: Named) -> Read:
    """A block quotation without the line that attributes it, and where it has no source of its
    own, with that of what stands around it."""
    here = found[i]
    if not here.block.group or here.block.label:
        return here
    cut = _attributed(found, i)
    kept = [(Quotation(q.start, min(q.end, cut), q.inner), c) for q, c in here.quotations]
    n = len(here.block.text)
    around = [] if any(c for _, c in kept) else _around(found, i, named)
    cites = tuple(replace(cite, at=n, end=n) for cite in around)  # they stand in other blocks
    pairs = tuple((q, c or cites) for q, c in kept if q.start < q.end)
    return Read(here.block, pairs, here.sentences)


def _attributed(found: Sequence[Read], i: int) -> int:
    """Where in a block quotation the line begins that says where it is from, or its end. A first
    line with a dash is speech."""
    block = found[i].block
    line = _ATTRIBUTION.search(block.text)
    begins = i == 0 or found[i - 1].block.group != block.group
    if line is None or (begins and not block.text[: line.start()].strip()):
        return len(block.text)
    return line.start()


def _around(found: Sequence[Read], i: int, named: Named) -> list[Cite]:
    first, last = i, i
    group = found[i].block.group
    while i - first < _MAX_GROUP and first > 0 and found[first - 1].block.group == group:
        first -= 1
    while last - i < _MAX_GROUP and last + 1 < len(found) and found[last + 1].block.group == group:
        last += 1
    if of_group := [cite for r in found[first : last + 1] for cite in r.cites]:
        return of_group
    for r in found[first : last + 2]:
        line = _ATTRIBUTION.search(r.block.text)
        said = line["source"] if line else r.block.text if r is not found[i] else ""
        if len(said) <= _MAX_LINE and (targets := named.named_in(said)):
            return [Cite(0, 0, said.strip(), targets)]
    lead = found[first - 1] if first else None
    if lead and lead.sentences and lead.block.text.rstrip().endswith((":", "：")):
        return list(lead.sentences[-1].cites)
    return []
