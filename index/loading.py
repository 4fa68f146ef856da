"""Files → Documents. What cannot be read is named with its reason and skipped, never dropped."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.decoding import NotText, decode
from index.errors import DuplicateDocument, InputError, Unreadable
from index.readers import READERS
from index.sections import find_sections
from index.types import Document

# A novel is one or two megabytes. What is larger is a dump of many documents: it would cost tens of
# bytes of memory a byte, and no citation of it could be checked by a reader.
_MAX_BYTES = 32 << 20
# Parsing a page costs about a second and 100 MB a megabyte; web pages of more are not articles.
_MAX_HTML_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, and why, in one line without the path."""

    path: Path
    reason: str


def find_files(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """`(doc_id, path)` of every file under `paths`, sorted by `doc_id`.

    A directory is a corpus root: its files, hidden ones left out, go by their path relative to it;
    a file given by itself goes by its name. Raises InputError for a path that does not exist and
    DuplicateDocument where two different files would have one `doc_id`.
    """
    found: dict[str, Path] = {}
    seen: set[Path] = set()
    for doc_id, path in (pair for root in paths for pair in _files(Path(root))):
        if (resolved := path.resolve()) in seen:
            continue
        seen.add(resolved)
        if other := found.get(doc_id):
            raise DuplicateDocument(
                f"'{other}' and '{path}' would both be document '{doc_id}'; "
                "rename one of them, or index a directory that holds both"
            )
        found[doc_id] = path
    return sorted(found.items())


def load(doc_id: str, path: Path) -> Document:
    """The document in a file. Raises Unreadable."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(suffix for suffix in READERS if suffix)
        raise Unreadable(path, f"'{path.suffix}' is not supported, only {known}")
    content = _content(path)
    try:
        text, metadata = reader(decode(content).replace("\ufeff", ""))
    except NotText as error:
        raise Unreadable(path, str(error)) from error
    except Exception as error:  # whatever a parser makes of a hostile page
        raise Unreadable(
            path, f"cannot be parsed ({type(error).__name__}: {_line(error)})"
        ) from error
    sections = find_sections(text, metadata)
    if not sections:
        raise Unreadable(path, "it holds no text" if content.strip() else "it is empty")
    return Document(doc_id, text, hashlib.sha256(content).hexdigest(), sections)


def load_all(files: Iterable[tuple[str, Path]]) -> Iterator[Document | Skipped]:
    """Each file's document, or why it has none, in order."""
    for doc_id, path in files:
        try:
            yield load(doc_id, path)
        except Unreadable as error:
            yield Skipped(path, error.reason)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    if root.is_dir():
        yield from _walk(root)
    elif root.exists() or root.is_symlink():
        yield _doc_id(root.name), root
    else:
        raise InputError(f"'{root}' does not exist; give a file or a directory")


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    closed: list[Path] = []

    def remember(error: OSError) -> None:
        closed.append(Path(error.filename))

    for folder, folders, names in os.walk(root, onerror=remember):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                path = Path(folder) / name
                yield _doc_id(path.relative_to(root).as_posix()), path
    # A directory that cannot be opened is skipped by name, too: loading it says why.
    for path in closed:
        yield _doc_id(path.relative_to(root).as_posix()), path


def _doc_id(name: str) -> str:
    """`name`, with U+FFFD for bytes of a file name that are no UTF-8 and could not be stored."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _content(path: Path) -> bytes:
    limit = _MAX_HTML_BYTES if "htm" in path.suffix.lower() else _MAX_BYTES
    try:
        if not path.is_file():
            path.stat()  # says what is missing
            raise Unreadable(path, "it is not a regular file")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise Unreadable(path, f"cannot be read ({error.strerror})") from error
    if len(content) > limit:
        n_bytes = path.stat().st_size
        raise Unreadable(path, f"{n_bytes >> 20} MiB, the limit is {limit >> 20} MiB; split it")
    return content
