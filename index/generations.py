"""An index directory: a row of sealed generations, one of them current.

    INDEX/
      current                   the name of the generation that answers
      generations/000001-…/     passages.sqlite, columns/, sparse/, words/, sentences/,
                                chroma/, vectors.npy, manifest.json,
                                readers (locked by those who read it)
      given.json                the paths of the last build, and what it left out
      cache/                    vectors by content (disposable)
      lock                      held by the one writer; says who it is

A generation is built beside the others, sealed by its manifest (written last, with the checksums
of the rest), and made current by one atomic rename. A build that is killed leaves a folder that
nothing points to; the next one removes it. `chroma/` has no checksum: opening it changes it.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import portalocker

from index.errors import IndexBroken, IndexLocked, IndexMissing, InputError

MANIFEST = "manifest.json"
_READERS = "readers"
# What a generation is called, and what one is called while it is being removed.
_OURS = re.compile(r"(?:removed-)?\d{6}-[0-9a-f]{8}")


_EXCLUSIVE = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: its encoder and configuration by fingerprint, its sizes, its sums;
    `unrelated` is the mean cosine of its passages (`index.scale`)."""

    version: str
    fingerprint: str
    encoder: str
    encoder_fingerprint: str
    dim: int
    n_documents: int
    n_passages: int
    languages: dict[str, int]
    min_words: int
    max_words: int
    checksums: dict[str, str]
    unrelated: float = 0.0


def current(index_dir: Path) -> Path:
    """The folder of the current generation. Raises IndexMissing when there is none."""
    try:
        name = (index_dir / "current").read_text("utf-8").strip()
    except UnicodeDecodeError:
        name = "?"
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(
            f"there is no index at '{index_dir}'. Build one: sanad index PATH… --index {index_dir}"
        ) from None
    folder = index_dir / "generations" / Path(name).name
    if not (folder / MANIFEST).is_file():
        raise IndexBroken(
            f"the index at '{index_dir}' points to '{name}', which is not there. "
            f"Rebuild: sanad index PATH… --index {index_dir}"
        )
    return folder


def pointer(index_dir: Path) -> bytes | None:
    """What says which generation is current: another after each build that changed something."""
    try:
        return (index_dir / "current").read_bytes()
    except OSError:
        return None


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a sealed generation. Raises IndexBroken when it cannot be read."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexBroken(f"'{folder / MANIFEST}' cannot be read: {error}") from error


def new_folder(index_dir: Path) -> Path:
    """A fresh folder for the next generation. Only the holder of the lock may ask."""
    parent = index_dir / "generations"
    parent.mkdir(parents=True, exist_ok=True)
    numbers = [int(f.name[:6]) for f in parent.iterdir() if f.name[:6].isdigit()]
    folder = parent / f"{max(numbers, default=0) + 1:06d}-{os.urandom(4).hex()}"
    folder.mkdir()
    return folder


def seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the checksums and, last, the manifest; everything reaches the disk."""
    names = _summed(folder)
    with ThreadPoolExecutor() as pool:  # to hash lets go of Python's lock
        sums = dict(zip(names, pool.map(_sha256, [folder / name for name in names]), strict=True))
    complete = Manifest(**manifest, checksums=sums)
    text = json.dumps(asdict(complete), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    for path in [*folder.rglob("*"), folder]:
        _fsync(path)


def verify(folder: Path) -> None:
    """Raise IndexBroken when a file of a generation is not the one that was sealed."""
    for name, expected in read_manifest(folder).checksums.items():
        file = folder / name
        if not file.is_file() or _sha256(file) != expected:
            raise IndexBroken(f"'{file}' is damaged. Rebuild: sanad index --rebuild PATH…")


def publish(index_dir: Path, folder: Path) -> None:
    """Make a sealed generation the current one, at once or not at all."""
    _fsync(folder.parent)
    pointer = index_dir / "current.new"
    pointer.write_text(folder.name + "\n", encoding="utf-8")
    _fsync(pointer)
    pointer.replace(index_dir / "current")
    _fsync(index_dir)


def prune(index_dir: Path) -> None:
    """Remove generations that are not current and that no reader holds; nothing else is touched."""
    try:
        keep = current(index_dir).name
    except (IndexMissing, IndexBroken):
        keep = ""
    for folder in sorted((index_dir / "generations").glob("*")):
        if folder.name != keep and _OURS.fullmatch(folder.name):
            _remove_unread(folder)


def _remove_unread(folder: Path) -> None:
    """Remove a generation while holding the lock that a reader would need, or leave it."""
    with suppress(portalocker.LockException, OSError), (folder / _READERS).open("a") as file:
        portalocker.lock(file, _EXCLUSIVE)
        doomed = folder.with_name(f"removed-{folder.name.removeprefix('removed-')}")
        shutil.rmtree(folder.rename(doomed))


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Hold a generation, so that no writer removes it; FileNotFoundError when one just did."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context((folder / _READERS).open("a"))
            portalocker.lock(file, portalocker.LockFlags.SHARED)
        except OSError as error:
            if error.errno not in {errno.EROFS, errno.EACCES, errno.EPERM}:
                raise
            # Where we may not write no writer of ours will remove it either.
        except portalocker.LockException:
            pass  # a file system without locks
        if not (folder / MANIFEST).is_file():
            raise FileNotFoundError(folder)
        yield


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Be the one writer. Raises IndexLocked, naming the holder, when there is another."""
    _refuse_strangers(index_dir)
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / "lock").open("a+") as file:
        try:
            portalocker.lock(file, _EXCLUSIVE)
        except portalocker.LockException:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise IndexLocked(
                f"the index at '{index_dir}' is being written by {holder}. Wait for it to end."
            ) from None
        _sign(file)
        yield


def _refuse_strangers(index_dir: Path) -> None:
    """Raise InputError when the folder holds something, and it is no index of ours."""
    if not index_dir.exists():
        return
    if not index_dir.is_dir():
        raise InputError(f"'{index_dir}' is a file; an index needs a folder of its own")
    ours = (index_dir / "lock").exists() or (index_dir / "current").exists()
    if not ours and any(index_dir.iterdir()):
        raise InputError(f"'{index_dir}' is not empty and no index; give a new folder: --index DIR")


def _sign(file: IO[str]) -> None:
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()


def _summed(folder: Path) -> list[str]:
    files = (f.relative_to(folder) for f in sorted(folder.rglob("*")) if f.is_file())
    return [f.as_posix() for f in files if f.parts[0] not in {"chroma", _READERS, MANIFEST}]


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
