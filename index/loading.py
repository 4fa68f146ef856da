"""Files → Documents. What cannot be read is named with its reason and skipped, never dropped."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from index.decoding import NotText, decode
from index.errors import DuplicateDocument, InputError, Unreadable
from index.readers import READERS
from index.reasons import Reason, because, because_it_failed, because_of
from index.sections import find_sections
from index.types import Document

# A novel is one or two megabytes. What is larger is a dump of many documents: it would cost tens of
# bytes of memory a byte, and no citation of it could be checked by a reader.
_MAX_BYTES = 32 << 20
# Parsing a page costs about a second and 100 MB a megabyte; web pages of more are not articles.
_MAX_HTML_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, and why; `doc_id` is what it would have been."""

    path: Path
    reason: Reason
    doc_id: str = field(default="", compare=False)


def find_files(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """`(doc_id, path)` of every file under `paths`, sorted by `doc_id`.

    A directory is a corpus root: its files go by their path relative to it, hidden ones and those
    of an index of ours left out; a file given by itself goes by its name. Links to folders and
    folders that cannot be opened are among the files, for `load` to say why they are left out.
    Raises InputError for a path that does not exist and DuplicateDocument where two different
    files would have one `doc_id`.
    """
    found: dict[str, Path] = {}
    for doc_id, path in (pair for root in paths for pair in _files(Path(root))):
        other = found.setdefault(doc_id, path)
        if other != path and os.path.realpath(other) != os.path.realpath(path):
            raise DuplicateDocument(
                f"'{other}' and '{path}' would both be document '{doc_id}'; "
                "rename one of them, or index a directory that holds both"
            )
    return sorted(found.items())


def size_of(files: Iterable[Path]) -> int:
    """The bytes of those that can be read by their kind; a link that leads nowhere has none."""
    kinds = [path for path in files if path.suffix.lower() in READERS]
    return sum(path.stat().st_size for path in kinds if path.exists())


def load(doc_id: str, path: Path) -> Document:
    """The document in a file. Raises Unreadable."""
    _refuse_folder(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(suffix for suffix in READERS if suffix)
        raise Unreadable(path, because("kind", suffix=path.suffix, known=known))
    content = _content(path)
    try:
        text, metadata = reader(decode(content).replace("\ufeff", ""))
        sections = find_sections(text, metadata)
    except NotText as error:
        raise Unreadable(path, error.reason) from error
    except Exception as error:  # one hostile file must not end the build of all others
        raise Unreadable(path, because_it_failed(error)) from error
    if not sections:
        raise Unreadable(path, because("no_text" if content.strip() else "empty"))
    return Document(doc_id, text, hashlib.sha256(content).hexdigest(), sections)


def file_sha256(path: Path) -> str:
    """The `sha256` that the document of a file would have; "" where `load` would refuse the file
    before reading it whole: no regular file, over the size limit, or closed to us."""
    try:
        return hashlib.sha256(_content(path)).hexdigest()
    except Unreadable:
        return ""


def load_all(files: Iterable[tuple[str, Path]]) -> Iterator[Document | Skipped]:
    """Each file's document, or why it has none, in order."""
    for doc_id, path in files:
        try:
            yield load(doc_id, path)
        except Unreadable as error:
            yield Skipped(path, error.reason, doc_id)


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
        if _is_index(folders, names):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if _is_link(Path(folder) / name)]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                path = Path(folder) / name
                yield _doc_id(path.relative_to(root).as_posix()), path
    for path in closed:
        yield _doc_id(path.relative_to(root).as_posix()), path


def _is_index(folders: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a directory with these entries is an index of ours (see `index.generations`)."""
    return "generations" in folders and not {"current", "lock"}.isdisjoint([*folders, *names])


def _doc_id(name: str) -> str:
    """`name`, with U+FFFD for bytes of a file name that are no UTF-8 and could not be stored."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _refuse_folder(path: Path) -> None:
    """Raise Unreadable for a folder that `find_files` names but did not enter."""
    with suppress(OSError):  # what the folder around it hides, reading will refuse
        if path.is_dir():
            raise Unreadable(path, because("link" if _is_link(path) else "folder"))


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:  # the folder around it is closed to us
        return False


def _content(path: Path) -> bytes:
    limit = _MAX_HTML_BYTES if "htm" in path.suffix.lower() else _MAX_BYTES
    try:
        if not path.is_file():
            path.stat()  # says what is missing
            raise Unreadable(path, because("irregular"))
        with path.open("rb") as file:
            content = file.read(limit + 1)
            n_bytes = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise Unreadable(path, because_of(error)) from error
    if len(content) > limit:
        raise Unreadable(path, because("large", n=n_bytes >> 20, limit=limit >> 20))
    return content
