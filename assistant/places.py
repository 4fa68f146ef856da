"""Anchors → what stands there now, ready to be cited."""

import datetime
from collections.abc import Iterable

from assistant.anchors import Anchor, find, parse_anchor
from assistant.errors import AnchorError
from assistant.references import Source, source
from index.archive import Documents


def sources_at(
    anchors: Iterable[str], documents: Documents, accessed: datetime.date | None = None
) -> tuple[list[Source], list[str]]:
    """The sources of anchors, in order, and a line about each that is not where it was.

    Raises AnchorError for what is no anchor and for what the archive does not say any more.
    """
    sources: list[Source] = []
    notices: list[str] = []
    for wanted in map(parse_anchor, anchors):
        found = find(wanted, documents)
        if found is None or found.place == "changed":
            raise AnchorError(_lost(wanted, found.document.doc_id if found else None))
        sources.append(source(found.document, found.start, found.end, accessed))
        if found.place == "moved":
            notices.append(f"'{found.document.doc_id}' has changed since it was cited by {wanted}")
        elif found.place == "elsewhere":
            notices.append(f"the words of {wanted} are cited from '{found.document.doc_id}'")
    return sources, notices


def _lost(wanted: Anchor, doc_id: str | None) -> str:
    if doc_id is None:
        return f"neither the document of '{wanted}' nor its words are in the index"
    return f"'{doc_id}' has changed and no longer says what '{wanted}' cites; sanad open shows it"
