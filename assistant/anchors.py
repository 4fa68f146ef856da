"""A permanent name for a place in a document, by which it is found again after changes.

    sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678

says the document's content and name (the beginnings of their sha256), the span in code points, and
of its folded text the length and a polynomial hash. The hash rolls (Karp and Rabin 1987): the same
words are found wherever they stand now, in whatever spelling folds alike, without being named.
Every character of an anchor may stand in a URL, a file name and a footnote.
"""

import hashlib
import re
from collections.abc import Iterator
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
    hashes = documents.hashes()
    same = [x for x, sha in hashes.items() if sha.startswith(wanted.content)]
    named = [x for x in hashes if _short(x) == wanted.name]
    own = sorted(same, key=lambda x: x not in named) + [x for x in named if x not in same]
    others = (x for x in hashes if x not in own)
    for doc_id in own:
        if found := _find_in(wanted, documents.document(doc_id), is_own=True):
            return found
    for doc_id in others:
        if found := _find_in(wanted, documents.document(doc_id), is_own=False):
            return found
    return _lost(wanted, documents.document(own[0]) if own else None)


def _lost(wanted: Anchor, document: Document | None) -> Found | None:
    if document is None:
        return None
    size = len(document.text)
    return Found("changed", document, min(wanted.start, size), min(wanted.end, size))


def _find_in(wanted: Anchor, document: Document | None, *, is_own: bool) -> Found | None:
    if document is None:
        return None
    if is_own and _is_at(wanted, document.text):
        return Found("unchanged", document, wanted.start, wanted.end)
    at = list(_occurrences(wanted, fold(document.text)))
    if not at:
        return None
    folded = fold_with_offsets(document.text)
    spans = [folded.span(i, i + wanted.n_folded) for i in at]
    start, end = min(spans, key=lambda span: abs(span[0] - wanted.start))
    return Found("moved" if is_own else "elsewhere", document, start, end)


def _is_at(wanted: Anchor, text: str) -> bool:
    folded = fold(text[wanted.start : wanted.end]).strip()
    return len(folded) == wanted.n_folded and _hash(folded) == wanted.words


def _occurrences(wanted: Anchor, folded: str) -> Iterator[int]:
    """Where in folded text the words of an anchor begin."""
    n = wanted.n_folded
    codes = _codes(folded)
    if len(codes) < n:
        return
    powers = _powers(len(codes))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers, dtype=np.uint64)])
    windows = sums[n:] - sums[:-n]
    yield from map(int, np.flatnonzero(windows == np.uint64(wanted.words) * powers[: len(windows)]))


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
