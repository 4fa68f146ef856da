"""Why a file is left out: a kind, and what fills the blanks of its line.

The lines here are English, for the terminal; the pages have others of the same kinds
(`ui/static/words`), with the same blanks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "'{suffix}' is not supported, only {known}",
        "empty": "it is empty",
        "no_text": "it holds no text",
        "link": "is a link to a folder; give the folder itself",
        "folder": "is a folder that cannot be opened",
        "irregular": "it is not a regular file",
        "forbidden": "cannot be read (permission denied)",
        "gone": "cannot be read (there is no such file)",
        "closed": "cannot be read ({why})",
        "large": "{n} MiB, the limit is {limit} MiB; split it",
        "failed": "could not be read ({why})",
        "pdf": "this is a PDF file, not text",
        "zip": "this is a ZIP archive (.docx and .epub are such), not text",
        "office": "this is an old Word or Excel file, not text",
        "rtf": "this is an RTF file, not text",
        "image": "this is an image, not text",
        "compressed": "this is a compressed file, not text",
        "program": "this is a program, not text",
        "mark": "its bytes are not text in the encoding that its byte order mark names",
        "binary": "it has binary content",
        "encoding": "its encoding is not recognised; save it as UTF-8",
        "other": "{why}",
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the kinds of `REASONS`, and what fills its blanks. As a text it is English."""

    kind: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.told(REASONS)

    def told(self, lines: Mapping[str, str]) -> str:
        """The line of this kind, of those in some language, filled in."""
        return lines[self.kind].format(**dict(self.values))


def because(kind: str, **values: object) -> Reason:
    """The reason of that kind."""
    return Reason(kind, tuple((name, str(value)) for name, value in values.items()))


def because_of(error: OSError) -> Reason:
    """Why the system does not give us a file."""
    if isinstance(error, PermissionError):
        return because("forbidden")
    if isinstance(error, FileNotFoundError):
        return because("gone")
    return because("closed", why=error.strerror)


def because_it_failed(error: Exception) -> Reason:
    """What a broken file did to the library that reads it, in one short line."""
    return because("failed", why=f"{type(error).__name__}: {' '.join(str(error).split())[:120]}")
