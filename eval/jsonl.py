"""JSON and other files of lines, read with errors that name file and line, written at once."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from index.errors import DatasetError
from index.text import valid


def read_jsonl(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a JSON Lines file with its place, `'FILE' line N`; empty lines are skipped."""
    for where, line in read_lines(file):
        yield where, _object(line, where, "put one object on a line")


def read_object(file: Path) -> dict[str, Any]:
    """The object that a JSON file holds."""
    with _opened(file) as content:
        return _object(content.read(), f"'{file}'", "it should hold one object")


def _object(text: str, where: str, wanted: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except RecursionError:
        raise DatasetError(f"{where} is nested too deeply; {wanted}") from None
    except ValueError as error:
        raise DatasetError(f"{where} is not JSON ({error}); {wanted}") from None
    if not isinstance(row, dict):
        raise DatasetError(f"{where} holds no JSON object; {wanted}")
    return row


def read_lines(file: Path) -> Iterator[tuple[str, str]]:
    """Each line with its place, without its end; empty lines are skipped."""
    with _opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield f"'{file}' line {number}", line.rstrip("\n")


def first_line(file: Path) -> str:
    """The first line that is not empty, without white space around it; "" where there is none."""
    return next((line.strip() for _, line in read_lines(file)), "")


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    try:
        with file.open(encoding="utf-8-sig") as content:
            yield content
    except FileNotFoundError:
        raise DatasetError(f"'{file}' is missing; put it there, or name another") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"'{file}' cannot be read as UTF-8 text: {error}") from None


def text_of(row: Mapping[str, Any], field: str, where: str, default: str | None = None) -> str:
    """A text field, or `default` (if there is one) where it is missing or null."""
    value = row.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (field in {"_id", "id"} and not value):
        found = "no" if value is None else f"{json.dumps(value)[:40]} as"
        raise DatasetError(f"{where} has {found} '{field}'; give it a text")
    return valid(value)


def texts_of(row: Mapping[str, Any], field: str, where: str) -> tuple[str, ...]:
    """A field that holds a list of texts; none where it is missing or null."""
    value = row.get(field) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DatasetError(f"{where} has no list of texts as '{field}'; give it one")
    return tuple(map(valid, value))


def objects_of(row: Mapping[str, Any], field: str, where: str) -> list[tuple[str, dict[str, Any]]]:
    """Each object of a field that holds a list of them, with its place, `WHERE, field 3`."""
    value = row.get(field)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise DatasetError(f"{where} has no list of objects as '{field}'; give it one")
    return [(f"{where}, {field} {i}", item) for i, item in enumerate(value, start=1)]


def flag_of(row: Mapping[str, Any], field: str, where: str) -> bool:
    """A field that is true or false; true where it is missing."""
    value = row.get(field, True)
    if not isinstance(value, bool):
        found = json.dumps(value)[:40]
        raise DatasetError(f"{where} has {found} as '{field}'; give it true or false")
    return value


def write_jsonl(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write one object a line."""
    write_text(file, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def write_text(file: Path, text: str) -> None:
    """Write text in UTF-8, as `write_bytes` does."""
    write_bytes(file, text.encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file whole or not at all: a reader never sees half of it, nor does a crash leave it.
    The folder is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
