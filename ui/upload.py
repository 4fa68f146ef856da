"""Files that readers add to the archive: taken in, indexed by another process, told one by one.

    PUT  /upload/files/NAME   the content of a file; ?replace=1 in the place of another of that name
    POST /upload/index        index what was taken in
    GET  /upload/state        how far that is

They are for the script of the page at `/upload`. Files go to one folder of the archive, under names
that are safe there.
"""

import hashlib
import logging
import os
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.errors import InputError, Unreadable
from index.given import read
from index.loading import load
from index.readers import READERS
from ui.escaping import escape
from ui.indexing import Indexing
from ui.site import Site, language_of, words_of
from ui.telling import reason_in
from ui.words import site_words

# The loader takes no larger file. So many files in one folder are an archive of their own.
MAX_BYTES = 32 << 20
MAX_FILES = 10_000
_MAX_NAME_BYTES = 200
_FOLDER = "uploads"
_log = logging.getLogger("sanad")
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')


def folder_for(index_dir: Path, wanted: Path | None = None) -> Path:
    """Where uploads go: `wanted`, or `uploads` in the first folder that the index mirrors. Raises
    InputError where the index would not mirror it."""
    roots = [path for path in read(index_dir).paths if path.is_dir()]
    if not roots:
        raise InputError(
            f"the index at '{index_dir}' does not know of a folder to add files to; index one "
            "again: sanad index FOLDER"
        )
    folder = (wanted or roots[0] / _FOLDER).absolute()
    if not any(folder.is_relative_to(root) for root in roots):
        named = ", ".join(f"'{root}'" for root in roots)
        raise InputError(f"'{folder}' is in no folder that the index mirrors ({named})")
    return folder


class Refusal(InputError):
    """A file that is not taken; in English, and `told` in another language."""

    def __init__(self, kind: str, **values: object) -> None:
        self._kind, self._values = kind, values
        super().__init__(self.told("en"))

    def told(self, language: str) -> str:
        """Why not."""
        return site_words(language)[f"refusal_{self._kind}"].format(**self._values)


def safe_name(name: str) -> str:
    """A file name as it is kept. Raises Refusal for one that cannot be."""
    kept = _UNFIT.sub("_", unicodedata.normalize("NFC", name).strip()).lstrip(".")
    suffix = Path(kept).suffix.lower()
    if not suffix or suffix not in READERS:
        raise Refusal("kind", kinds=", ".join(s for s in READERS if s))
    if len(kept.encode()) > _MAX_NAME_BYTES:
        raise Refusal("name", n=_MAX_NAME_BYTES)
    return kept


async def receive(folder: Path, name: str, content: AsyncIterator[bytes], replace: bool) -> str:
    """Take a file into the folder: `new`, `same` as the one of its name, `replaced` it, or `taken`
    by another, which stays. Raises Refusal, or Unreadable where it is no document; what was not
    taken leaves nothing behind."""
    file = folder / safe_name(name)
    fresh = folder / f".{secrets.token_hex(8)}{file.suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    if sum(1 for _ in os.scandir(folder)) >= MAX_FILES:
        raise Refusal("full", n=f"{MAX_FILES:,}")
    try:
        sha256 = await _written(fresh, content)
        return await run_sync(_put, fresh, file, sha256, replace)
    finally:
        fresh.unlink(missing_ok=True)


async def _written(file: Path, content: AsyncIterator[bytes]) -> str:
    n_bytes, digest = 0, hashlib.sha256()
    with file.open("xb") as out:
        async for part in content:
            n_bytes += len(part)
            if n_bytes > MAX_BYTES:
                raise Refusal("large", n=MAX_BYTES >> 20)
            digest.update(part)
            out.write(part)
    return digest.hexdigest()


def _put(fresh: Path, file: Path, sha256: str, replace: bool) -> str:
    load(file.name, fresh)  # what cannot be indexed takes the place of nothing
    try:
        os.link(fresh, file)  # fails where there is one, unlike a rename
    except FileExistsError:
        if not file.is_file() or file.is_symlink():
            raise Refusal("other") from None
        if hashlib.sha256(file.read_bytes()).hexdigest() == sha256:
            return "same"
        if not replace:
            return "taken"
        fresh.replace(file)
        return "replaced"
    return "new"


def routes(site: Site, folder: Path, indexing: Indexing) -> list[Route]:
    """The page and what its script asks."""

    def page(request: Request) -> Response:
        said = words_of(request)
        return site.page(request, said["add"], page_body(site, said))

    async def put(request: Request) -> Response:
        name, language = request.path_params["name"], language_of(request)
        try:
            replace = request.query_params.get("replace") == "1"
            what = await receive(folder, name, request.stream(), replace)
        except (Refusal, Unreadable) as error:
            return JSONResponse({"what": "refused", "why": _why(error, language)}, 400)
        except OSError as error:  # a full disk, a folder that is closed to us
            _log.warning("an upload could not be kept: %s", error)
            return JSONResponse({"what": "refused", "why": site_words(language)["up_failed"]}, 500)
        kept = safe_name(name)
        if what in {"new", "replaced", "same"}:
            indexing.add(folder / kept)
        return JSONResponse({"what": what, "name": kept}, 409 if what == "taken" else 200)

    def start(request: Request) -> Response:
        indexing.start()
        return state(request)

    def state(request: Request) -> Response:
        told = indexing.state(language_of(request))
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    return [
        site.route("/upload", page),
        Route("/upload/files/{name:path}", put, methods=["PUT"]),
        Route("/upload/index", start, methods=["POST"]),
        Route("/upload/state", state),
    ]


def _why(error: Refusal | Unreadable, language: str) -> str:
    if isinstance(error, Unreadable):
        return reason_in(error.reason, language)
    return error.told(language)


def page_body(site: Site, said: Mapping[str, str]) -> str:
    """The page's main part; its script reads its words from the attributes of the form."""
    words = "".join(
        f' data-{name.removeprefix("up_").replace("_", "-")}="{escape(text)}"'
        for name, text in said.items()
        if name.startswith("up_")
    )
    kinds = ",".join(s for s in READERS if s)
    return (
        f'<h1>{escape(said["add"])}</h1><p class="note">{escape(said["up_how"])} '
        f'<bdi dir="ltr">{escape(kinds.replace(",", " "))}</bdi> · {MAX_BYTES >> 20} MiB</p>'
        f'<form class="upload" data-at="{escape(site.prefix)}/upload"{words}>'
        f'<label for="files">{escape(said["up_choose"])}</label>'
        f'<input id="files" type="file" multiple accept="{kinds}">'
        f"<button>{escape(said['add'])}</button></form>"
        '<p class="progress-line" role="status"></p><ul class="outcomes"></ul>'
        f'<script src="{escape(site.prefix)}/site/upload.js" defer></script>'
    )
