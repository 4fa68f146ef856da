"""Everything that can go wrong, in one tree.

    SanadError                  a message for the person at the keyboard: one line
    ├── InputError              what was given cannot be used
    │   ├── NothingToIndex      the paths hold no readable document
    │   ├── DuplicateDocument   two files would have the same doc_id
    │   ├── Unreadable          a file cannot be taken as a document
    │   ├── NothingToFind       a query says only what to leave out
    │   └── DatasetError        an evaluation set is not in the format it should be
    ├── ModelError              an encoder cannot be found, reached or read
    └── StoreError              something is wrong with the index directory
        ├── IndexMissing        there is none yet
        ├── IndexStale          it was built with another encoder or configuration
        ├── IndexBroken         a generation fails its check
        └── IndexLocked         another process is writing it

A message says what was found, what was wanted and what to do.
"""

from pathlib import Path

from index.reasons import Reason


def first_line(error: Exception) -> str:
    """What another library's error says, or what it is called where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class SanadError(Exception):
    """Base of every error that is shown as one line instead of a traceback."""


class InputError(SanadError):
    """What was given cannot be used."""


class NothingToIndex(InputError):
    """The paths hold no readable document."""


class DuplicateDocument(InputError):
    """Two files would have the same `doc_id`."""


class Unreadable(InputError):
    """A file cannot be taken as a document; `reason` says why without the path."""

    def __init__(self, path: Path, reason: Reason) -> None:
        super().__init__(f"{path}: {reason}")
        self.reason = reason


class NothingToFind(InputError):
    """A query says only what to leave out."""


class DatasetError(InputError):
    """An evaluation set is not in the format it should be."""


class ModelError(SanadError):
    """An encoder cannot be found, reached or read."""


class StoreError(SanadError):
    """Something is wrong with the index directory."""


class IndexMissing(StoreError):
    """There is no index at that place yet."""


class IndexStale(StoreError):
    """The index was built with another encoder or configuration."""


class IndexBroken(StoreError):
    """A generation of the index fails its check."""


class IndexLocked(StoreError):
    """Another process is writing the index."""
