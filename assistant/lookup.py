"""A quotation → the place in the archive where it stands, or stands altered."""

import datetime
import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.cited import Target
from assistant.quotations import Wanted, wanted
from assistant.wordings import (
    SourceWords,
    Wording,
    compare,
    is_same_quotation,
    source_words,
)
from index.filters import Filter
from index.languages import script_of, script_of_language
from index.search import Searcher
from index.types import Document, Section

# Passages whose surroundings are compared with a quotation, the likeliest by their rare words.
N_CANDIDATES = 6
# A document this much longer than a passage is read around its likely passages alone.
_LONG_CHARS = 60_000
_N_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Looked:
    """What is most like a quotation: where, in which words of the source, in which article.

    `as_cited` is whether it lies in what the draft names, True where the draft names nothing.
    """

    wording: Wording
    text: str
    title: str | None
    date: datetime.date | None
    as_cited: bool


class Archive:
    """The texts of an index, for comparison; not to be shared between threads."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._document = lru_cache(_N_REMEMBERED)(searcher.document)
        self._words = lru_cache(_N_REMEMBERED)(self._read)

    def look_up(self, quote: str, targets: Sequence[Target]) -> Looked | None:
        """The likeliest source of a quotation: unaltered before altered, and of equals what is
        cited. None where nothing is like it."""
        asked = wanted(quote)
        best: Looked | None = None
        for source in self._sources(quote, asked, targets):
            found = compare(quote, asked, source)
            if found is None or not is_same_quotation(found, asked.n_required):
                continue
            looked = self._looked(found, source.document, targets)
            if best is None or _rank(looked) > _rank(best):
                best = looked
            if not found.changes and best.as_cited:
                break
        return best

    def is_foreign(self, quote: str, targets: Sequence[Target]) -> bool:
        """Whether all that is cited is in another script than the quotation, so that it was
        translated and cannot be compared word for word."""
        scripts = {script_of_language(s.language) for t in targets for s in self._sections(t)}
        return bool(scripts) and script_of(quote) not in scripts | {None}

    def _sections(self, target: Target) -> Sequence[Section]:
        document = self._document(target.doc_id)
        found = document.sections if document else ()
        return [s for s in found if target.end is None or s.start < target.end]

    def _sources(
        self, quote: str, asked: Wanted, targets: Sequence[Target]
    ) -> Iterator[SourceWords]:
        """What to compare with: the documents that are cited, then those of likely passages."""
        seen: set[tuple[str, int | None]] = set()
        for doc_id, near in self._places(asked, targets):
            document = self._document(doc_id)
            if document is None:
                continue
            at = near if len(document.text) > _LONG_CHARS else None
            # Two passages side by side have the same surroundings.
            key = doc_id, None if at is None else at // (_LONG_CHARS // 4)
            if key not in seen:
                seen.add(key)
                yield self._words(doc_id, at, len(quote))

    def _places(self, asked: Wanted, targets: Sequence[Target]) -> Iterator[tuple[str, int | None]]:
        for target in targets:
            if target.near:
                yield target.doc_id, target.near[0]
            document = self._document(target.doc_id)
            if document and len(document.text) > _LONG_CHARS:
                within = Filter(paths=[glob.escape(target.doc_id)])
                for passage in self._searcher.wording(asked.words, N_CANDIDATES, within):
                    yield passage.doc_id, passage.start
            elif document:
                yield target.doc_id, 0
        for passage in self._searcher.wording(asked.words, N_CANDIDATES):
            yield passage.doc_id, passage.start

    def _read(self, doc_id: str, near: int | None, n_chars: int) -> SourceWords:
        document = self._document(doc_id)
        assert document is not None  # looked at by `_sources`
        return source_words(document, near, n_chars)

    def _looked(self, found: Wording, document: Document, targets: Sequence[Target]) -> Looked:
        section = next((s for s in document.sections if s.start <= found.start < s.end), None)
        within = any(t.holds(found.doc_id, found.start, found.end) for t in targets)
        return Looked(
            wording=found,
            text=document.text[found.start : found.end],
            title=section.title if section else None,
            date=section.date if section else None,
            as_cited=within or not targets,
        )


def _rank(looked: Looked) -> tuple[bool, bool, float]:
    return not looked.wording.changes, looked.as_cited, looked.wording.likeness
