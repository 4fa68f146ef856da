"""A permanent name for a place in a document, by which it is found again after changes.

    sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678

says the document's content and name (the beginnings of their sha256), the span in code points, and
of its folded text the length and a polynomial hash. The hash rolls (Karp and Rabin 1987): the same
words are found wherever they stand now, in whatever spelling folds alike, without being named.
Every character of an anchor may stand in a URL, a file name and a footnote.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AnchorError
from index.archive import Documents
from index.text import fold, fold_with_offsets
from index.types import Document

Place = Literal["unchanged", "moved", "elsewhere", "changed"]

_FORM = re.compile(
    r"(?:sanad:)?(?P<content>[0-9a-f]{12})-(?P<name>[0-9a-f]{6})"
    r"-(?P<start>\d{1,10})-(?P<end>\d{1,10})-(?P<n>\d{1,10})-(?P<words>[0-9a-f]{16})"
)
# An odd multiplier for hashes modulo 2**64 (Knuth's, for linear congruential generators).
_BASE = np.uint64(6364136223846793005)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span of a document, `start` to `end` in code points.

    `content` and `name` begin the sha256 of the document's bytes and of its id; `n_folded` and
    `words` are the length and the hash of the span's folded text.
    """

    content: str
    name: str
    start: int
    end: int
    n_folded: int
    words: int

    def __str__(self) -> str:
        span = f"{self.start}-{self.end}-{self.n_folded}"
        return f"sanad:{self.content}-{self.name}-{span}-{self.words:016x}"


@dataclass(frozen=True, slots=True)
class Found:
    """Where the text of an anchor stands now: `document.text[start:end]`.

    `unchanged`: where it stood. `moved`: elsewhere in its document, which has changed. `elsewhere`:
    in another document only. `changed`: its document is there, but the words are nowhere; then the
    span is what stands in their place.
    """

    place: Place
    document: Document
    start: int
    end: int


def anchor(document: Document, start: int, end: int) -> Anchor:
    """The anchor of `document.text[start:end]`."""
    return anchor_of(document.doc_id, document.sha256, start, document.text[start:end])


def anchor_of(doc_id: str, sha256: str, start: int, quote: str) -> Anchor:
    """The anchor of a quotation that stands at `start` of a document of that id and content."""
    folded = fold(quote).strip()
    return Anchor(
        sha256[:12], _short(doc_id), start, start + len(quote), len(folded), _hash(folded)
    )


def parse_anchor(text: str) -> Anchor:
    """The anchor that `text` is. Raises AnchorError."""
    found = _FORM.fullmatch(text.strip())
    if not found or int(found["start"]) >= int(found["end"]) or found["n"] == "0":
        raise AnchorError(
            f"'{text[:100]}' is no anchor; one looks like "
            "sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678 and stands beside each source"
        )
    start, end, n = (int(found[name]) for name in ("start", "end", "n"))
    return Anchor(found["content"], found["name"], start, end, n, int(found["words"], 16))


def anchors_in(text: str) -> Iterator[Anchor]:
    """Every anchor that a text has, in order."""
    for found in re.finditer(rf"sanad:{_FORM.pattern}(?![0-9a-f])", text):
        with suppress(AnchorError):
            yield parse_anchor(found.group())


def find(wanted: Anchor, documents: Documents) -> Found | None:
    """Where the text of an anchor stands now; of several places the one nearest to where it stood,
    in its own document before others. None when neither its document nor its words are there."""
    return find_all([wanted], documents)[wanted]


def find_all(wanted: Iterable[Anchor], documents: Documents) -> dict[Anchor, Found | None]:
    """The same of each of several anchors. However many are lost, every document is read once more
    for all of them together."""
    hashes = documents.hashes()
    names = {doc_id: _short(doc_id) for doc_id in hashes}
    own = {one: _own(one, hashes, names) for one in wanted}
    found = {one: _in_own(one, own[one], documents) for one in own}
    for doc_id in hashes:
        lost = [one for one in own if found[one] is None and doc_id not in own[one]]
        if lost and (document := documents.document(doc_id)):
            text = _Text(document)
            found |= {one: text.find(one, "elsewhere") for one in lost}
    return {one: found[one] or _changed(one, own[one], documents) for one in own}


def _own(wanted: Anchor, hashes: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """The documents that are the one it names: first of its content and name, then of one."""
    same = [x for x, sha in hashes.items() if sha.startswith(wanted.content)]
    named = [x for x, name in names.items() if name == wanted.name]
    return sorted(same, key=lambda x: x not in named) + [x for x in named if x not in same]


def _in_own(wanted: Anchor, own: Sequence[str], documents: Documents) -> Found | None:
    for document in filter(None, map(documents.document, own)):
        if _is_at(wanted, document.text):
            return Found("unchanged", document, wanted.start, wanted.end)
        if found := _Text(document).find(wanted, "moved"):
            return found
    return None


def _changed(wanted: Anchor, own: Sequence[str], documents: Documents) -> Found | None:
    document = documents.document(own[0]) if own else None
    if document is None:
        return None
    size = len(document.text)
    return Found("changed", document, min(wanted.start, size), min(wanted.end, size))


def _is_at(wanted: Anchor, text: str) -> bool:
    folded = fold(text[wanted.start : wanted.end]).strip()
    return len(folded) == wanted.n_folded and _hash(folded) == wanted.words


class _Text:
    """A document's folded text, in which any number of anchors are looked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        codes = _codes(fold(document.text))
        self._powers = _powers(len(codes))
        sums = np.cumsum(codes * self._powers, dtype=np.uint64)
        self._sums = np.concatenate([np.zeros(1, np.uint64), sums])

    def find(self, wanted: Anchor, place: Place) -> Found | None:
        """The words of an anchor, nearest to where they stood."""
        at = self._occurrences(wanted)
        if not at:
            return None
        folded = fold_with_offsets(self._document.text)
        spans = [folded.span(i, i + wanted.n_folded) for i in at]
        start, end = min(spans, key=lambda span: abs(span[0] - wanted.start))
        return Found(place, self._document, start, end)

    def _occurrences(self, wanted: Anchor) -> list[int]:
        """Where in the folded text the words begin."""
        n = wanted.n_folded
        if len(self._powers) < n:
            return []
        windows = self._sums[n:] - self._sums[:-n]
        same = windows == np.uint64(wanted.words) * self._powers[: len(windows)]
        return np.flatnonzero(same).tolist()


def _hash(folded: str) -> int:
    codes = _codes(folded)
    return int(np.sum(codes * _powers(len(codes)), dtype=np.uint64))


def _codes(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _powers(n: int) -> NDArray[np.uint64]:
    """The multiplier to the powers 0 to `n` - 1, modulo 2**64."""
    powers = np.full(n, _BASE, np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)


def _short(doc_id: str) -> str:
    return hashlib.sha256(doc_id.encode()).hexdigest()[:6]
