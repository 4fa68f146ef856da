"""The documents of an index, without its search: what needs only texts starts at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from index.errors import IndexBroken
from index.generations import current, reading
from index.store import PassageStore
from index.types import Document


class Documents(Protocol):
    """Whoever can give documents: an open archive, or an open `Searcher`."""

    def hashes(self) -> dict[str, str]:
        """The sha256 of each document by `doc_id`, in order."""

    def document(self, doc_id: str) -> Document | None:
        """The document of that id as it was loaded, or None."""


@contextmanager
def open_documents(index_dir: Path) -> Iterator[Documents]:
    """The documents of the current generation. Raises IndexMissing, IndexBroken."""
    folder = current(index_dir)
    with reading(folder), closing(PassageStore(folder / "passages.sqlite")) as store:
        try:
            yield store
        except sqlite3.Error as error:
            raise IndexBroken(
                f"the index at '{index_dir}' is damaged. Rebuild: sanad index PATH… "
                f"--index {index_dir}"
            ) from error
