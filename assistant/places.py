"""Anchors → what stands there now, ready to be cited."""

import datetime
from collections.abc import Iterable

from assistant.anchors import Anchor, Found, find_all, parse_anchor
from assistant.errors import AnchorError
from assistant.references import Source, source
from index.archive import Documents


def sources_at(
    anchors: Iterable[str], documents: Documents, accessed: datetime.date | None = None
) -> tuple[list[Source], list[str]]:
    """The sources of anchors, in order, and a line about each that is not where it was.

    Raises AnchorError for what is no anchor and for what the archive does not say any more.
    """
    wanted = [parse_anchor(anchor) for anchor in anchors]
    found = find_all(wanted, documents)
    sources = [source_at(one, found[one], accessed) for one in wanted]
    return sources, [told for one in wanted if (told := moved(one, found[one]))]


def source_at(wanted: Anchor, found: Found | None, accessed: datetime.date | None = None) -> Source:
    """The source of an anchor that is found there. Raises AnchorError as `sources_at` does."""
    if found is None or found.place == "changed":
        raise AnchorError(_lost(wanted, found.document.doc_id if found else None))
    return source(found.document, found.start, found.end, accessed)


def moved(wanted: Anchor, found: Found | None) -> str | None:
    """A line about what is not where it was."""
    if found and found.place == "moved":
        return f"'{found.document.doc_id}' has changed since it was cited by {wanted}"
    if found and found.place == "elsewhere":
        return f"the words of {wanted} are cited from '{found.document.doc_id}'"
    return None


def _lost(wanted: Anchor, doc_id: str | None) -> str:
    if doc_id is None:
        return f"neither the document of '{wanted}' nor its words are in the index"
    return f"'{doc_id}' has changed and no longer says what '{wanted}' cites; sanad open shows it"
