"""A write-up in a file → its blocks of text, with what in them is quoted, noted and linked.

Markdown, .docx, HTML and plain text are read, each by a reader of its own. Nothing is fetched.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from assistant.blocks import Block, Place, TooDeep
from index.decoding import NotText, decode
from index.errors import Unreadable
from index.reasons import because, because_it_failed, because_of

# A long book is two or three megabytes of text.
MAX_BYTES = 4 << 20
MAX_DOCX_BYTES, MAX_UNPACKED_BYTES = 64 << 20, 128 << 20

# A list of sources, under a heading that says so: «1. …» in it is what [1] in the text refers to.
_HEADINGS = re.compile(
    r"\W*(?:references|sources|bibliography|works cited|notes|литература|источники|примечания|"
    r"список (?:использованной )?литературы|список источников|المراجع|المصادر|الهوامش|"
    r"منابع|مراجع|پانوشت\W?ها|پی\W?نوشت\W?ها)\W*",
    re.I,
)
_BRACKETED = re.compile(r"\s*[\[【［]\^?(\d{1,3})[\]】］][:.]?\s+(?=\S)")
_NUMBERED = re.compile(r"\s*(\d{1,3})[.)]\s+(?=\S)")


def read_draft(path: Path) -> list[Block]:
    """The blocks of a write-up, in order. Raises Unreadable."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        if path.is_dir():
            raise _unreadable(path, "is a folder; name one draft")
        raise _unreadable(path, f"'{path.suffix}' is no draft that can be verified, only {known}")
    try:
        blocks = list(reader(path))
    except Unreadable:
        raise
    except OSError as error:
        raise Unreadable(path, because_of(error)) from error
    except NotText as error:
        raise Unreadable(path, error.reason) from error
    except TooDeep as error:
        raise _unreadable(path, str(error)) from error
    except Exception as error:  # whatever a broken file does to the library that reads it
        raise Unreadable(path, because_it_failed(error)) from error
    if not any(re.search(r"\w", block.text) for block in blocks):
        raise Unreadable(path, because("no_text"))
    return with_references(blocks)


def _unreadable(path: Path, why: str) -> Unreadable:
    return Unreadable(path, because("other", why=why))


def with_references(blocks: Iterable[Block]) -> list[Block]:
    """The same, with the entries of a list of sources as such: what begins with a number in
    brackets, and under a heading that says so what is numbered at all."""
    found: list[Block] = []
    listed = False
    for block in blocks:
        if block.kind == "heading" or _HEADINGS.fullmatch(block.text):
            listed = _HEADINGS.fullmatch(block.text) is not None
        found.append(_as_reference(block, listed=listed) if block.kind == "text" else block)
    return found


def _as_reference(block: Block, *, listed: bool) -> Block:
    number = _BRACKETED.match(block.text) or (_NUMBERED.match(block.text) if listed else None)
    if number is not None:
        return replace(block, kind="reference", label=str(int(number[1])))
    if listed and block.item is not None:
        return replace(block, kind="reference", label=str(block.item))
    return replace(block, kind="reference") if listed else block


def _plain(path: Path) -> Iterator[Block]:
    """Paragraphs between blank lines; an entry «[1] …» begins one of its own."""
    lines: list[str] = []
    first = 1
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if lines and (not line.strip() or _BRACKETED.match(line)):
            yield _paragraph(lines, first)
            lines = []
        if line.strip():
            first = first if lines else number
            lines.append(line)
    if lines:
        yield _paragraph(lines, first)


def _paragraph(lines: list[str], first: int) -> Block:
    """Lines that all begin with > are a block quotation, as in a mail."""
    place = Place("line", first)
    if all(line.lstrip().startswith(">") for line in lines):
        text = "\n".join(line.lstrip().lstrip("> ") for line in lines)
        return Block(text, place, quoted=((0, len(text)),), group=first)
    return Block("\n".join(lines), place)


def _text(path: Path) -> str:
    text = decode(_bytes(path, MAX_BYTES)).replace("\ufeff", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(path: Path, limit: int) -> bytes:
    _refuse_folder(path)
    with path.open("rb") as file:
        content = file.read(limit + 1)
    _refuse_large(path, len(content), limit)
    return content


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise _unreadable(path, "it is a folder; give a file")


def _refuse_large(path: Path, size: int, limit: int) -> None:
    if size > limit:
        raise _unreadable(path, f"it is larger than {limit >> 20} MiB, the limit; split it")


def _markdown(path: Path) -> Iterator[Block]:
    from assistant.markdown_draft import read_markdown  # noqa: PLC0415 - the others need no parser

    return read_markdown(_text(path))


def _html(path: Path) -> Iterator[Block]:
    from assistant.html_draft import read_html  # noqa: PLC0415 - the others need no parser

    return read_html(_text(path))


def _docx(path: Path) -> Iterator[Block]:
    from assistant.docx_draft import read_docx  # noqa: PLC0415 - the others need no parser

    _refuse_folder(path)
    _refuse_large(path, path.stat().st_size, MAX_DOCX_BYTES)
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise _unreadable(path, "it is no .docx, or a damaged or encrypted one") from None
    if unpacked > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES >> 20
        raise _unreadable(path, f"{unpacked >> 20} MiB when unpacked, the limit is {limit} MiB")
    return read_docx(path)


READERS: dict[str, Callable[[Path], Iterator[Block]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".docx": _docx,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".txt": _plain,
    ".text": _plain,
}
