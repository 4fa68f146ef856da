"""What the pages need of whatever holds the documents: `index.search.Searcher` has all of it."""

from typing import Protocol

from index.types import Document, Passage


class Library(Protocol):
    """Where documents and passages are read."""

    def hashes(self) -> dict[str, str]:
        """The sha256 of each document by its id."""

    def document(self, doc_id: str) -> Document | None:
        """The document of that id, or None."""

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None."""
