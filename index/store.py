"""`passages.sqlite`: the documents and passages of one generation, and the vectors' cache."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.columns import Facts
from index.types import CalendarDate, Document, Passage, Section

_SCHEMA = """
CREATE TABLE documents (doc_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    sections TEXT NOT NULL) STRICT;
CREATE TABLE passages (passage_id TEXT PRIMARY KEY, doc_id TEXT NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, sentences TEXT NOT NULL,
    title TEXT, date TEXT, outlet TEXT, url TEXT) STRICT;
CREATE INDEX passages_of_document ON passages (doc_id, start);
"""
_COLUMNS = "passage_id, doc_id, start, end, text, language, sentences, title, date, outlet, url"
# SQLite binds at most 32,766 values by default; a query asks for hundreds.
_BATCH = 10_000


class PassageStore:
    """One `passages.sqlite`. Rows of passages count from 0 in the order (doc_id, start)."""

    def __init__(self, file: Path, writable: bool = False) -> None:
        new = writable and not file.exists()
        if writable:
            self._db = sqlite3.connect(file)
        else:
            # A sealed generation never changes, so no lock is needed and threads may share it.
            uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        if new:
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Commit what was written and release the file."""
        self._db.commit()
        self._db.close()

    def hashes(self) -> dict[str, str]:
        """The sha256 of each document by `doc_id`."""
        return dict(self._db.execute("SELECT doc_id, sha256 FROM documents ORDER BY doc_id"))

    def sha256(self, doc_id: str) -> str:
        """The sha256 of the document of that id; "" when there is none."""
        row = self._db.execute("SELECT sha256 FROM documents WHERE doc_id = ?", (doc_id,))
        return str(next(row, ("",))[0])

    def document(self, doc_id: str) -> Document | None:
        """The document of that id, or None."""
        row = self._db.execute(
            "SELECT doc_id, text, sha256, sections FROM documents WHERE doc_id = ?", (doc_id,)
        ).fetchone()
        return document_from(row) if row else None

    def sections(self) -> Iterator[tuple[str, tuple[Section, ...]]]:
        """Each `doc_id` with the sections of its document, in order."""
        rows = self._db.execute("SELECT doc_id, sections FROM documents ORDER BY doc_id")
        return ((doc_id, _sections_from(text)) for doc_id, text in rows)

    def passages_of(self, doc_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM passages WHERE doc_id = ? ORDER BY start", (doc_id,)
        )
        return [passage_from(row) for row in rows]

    def add(self, document: Document, passages: Iterable[Passage]) -> None:
        """Add a document that is not there yet, with its passages."""
        doc_id, text, sha256, sections = document_row(document)
        row = (doc_id, sha256, text, sections)
        self._db.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", row)
        marks = ", ".join("?" * 11)
        self._db.executemany(
            f"INSERT INTO passages VALUES ({marks})", (passage_row(p) for p in passages)
        )

    def delete(self, doc_ids: Iterable[str]) -> list[str]:
        """Remove documents; gives the ids of the passages that went with them."""
        removed: list[str] = []
        for doc_id in doc_ids:
            ids = self._db.execute("SELECT passage_id FROM passages WHERE doc_id = ?", (doc_id,))
            removed.extend(row[0] for row in ids.fetchall())
            self._db.execute("DELETE FROM passages WHERE doc_id = ?", (doc_id,))
            self._db.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
        return removed

    def passage_ids(self) -> list[str]:
        """Every passage id; its place in the list is the passage's row."""
        ids = self._db.execute("SELECT passage_id FROM passages ORDER BY doc_id, start")
        return [row[0] for row in ids]

    def facts(self) -> Iterator[Facts]:
        """What filters can ask of every passage, in the order of the rows."""
        rows = self._db.execute(
            "SELECT doc_id, language, date, outlet FROM passages ORDER BY doc_id, start"
        )
        return (Facts(doc_id, lang, _date(day), outlet) for doc_id, lang, day, outlet in rows)

    def doc_ids(self) -> list[str]:
        """The document of every passage, in the order of the rows."""
        rows = self._db.execute("SELECT doc_id FROM passages ORDER BY doc_id, start")
        return [doc_id for (doc_id,) in rows]

    def latest_titles(self, n: int) -> dict[str, list[str]]:
        """The titles of the `n` latest sections in each language, the latest first; those without
        a date last."""
        rows = self._db.execute(
            "SELECT language, title FROM (SELECT language, title, row_number() OVER (PARTITION BY "
            "language ORDER BY max(date) DESC, title) AS place FROM passages WHERE title != '' "
            "GROUP BY language, title) WHERE place <= ? ORDER BY language, place",
            (n,),
        )
        found: dict[str, list[str]] = {}
        for language, title in rows:
            found.setdefault(language, []).append(title)
        return found

    def texts(self, passage_ids: Sequence[str]) -> list[str]:
        """The texts of those passages, in the order of the ids."""
        found: dict[str, str] = {}
        for start in range(0, len(passage_ids), _BATCH):
            batch = passage_ids[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            query = f"SELECT passage_id, text FROM passages WHERE passage_id IN ({marks})"
            found.update(self._db.execute(query, batch))
        return [found[passage_id] for passage_id in passage_ids]

    def languages(self) -> Iterator[str]:
        """The language of every passage in the order of the rows."""
        found = self._db.execute("SELECT language FROM passages ORDER BY doc_id, start")
        return (row[0] for row in found)

    def texts_in(self, language: str) -> Iterator[str]:
        """The texts of the passages in one language, in the order of their rows."""
        found = self._db.execute(
            "SELECT text FROM passages WHERE language = ? ORDER BY doc_id, start", (language,)
        )
        return (row[0] for row in found)

    def all_passages(self) -> Iterator[Passage]:
        """Every passage in the order of the rows."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM passages ORDER BY doc_id, start")
        return (passage_from(row) for row in rows)

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of those ids, by id; unknown ones are left out."""
        found: dict[str, Passage] = {}
        for start in range(0, len(passage_ids), _BATCH):
            batch = passage_ids[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM passages WHERE passage_id IN ({marks})", batch
            )
            found.update((row[0], passage_from(row)) for row in rows.fetchall())
        return found


class VectorCache:
    """Vectors by the sha256 of their text, for one encoder: what was embedded once is not again.

    Disposable: deleting the file costs time, nothing else.
    """

    def __init__(self, file: Path, dim: int) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._dim = dim
        try:
            self._db = _open_cache(file)
        except sqlite3.DatabaseError:
            file.unlink()
            self._db = _open_cache(file)

    def close(self) -> None:
        """Commit what was written and release the file."""
        self._db.commit()
        self._db.close()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors known for `keys` (digests)."""
        found: dict[bytes, NDArray[np.float32]] = {}
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(f"SELECT * FROM vectors WHERE sha256 IN ({marks})", batch)
            found.update((key, np.frombuffer(vector, np.float32)) for key, vector in rows)
        return {key: vector for key, vector in found.items() if len(vector) == self._dim}

    def put(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep the rows of `vectors` under `keys`."""
        rows = ((key, row.tobytes()) for key, row in zip(keys, vectors, strict=True))
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._db.commit()  # hours of embedding survive an interruption


def _open_cache(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file)
    try:
        db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (sha256 BLOB PRIMARY KEY, vector BLOB NOT NULL)"
        )
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def document_row(document: Document) -> tuple[str, str, str, str]:
    """A document as values that SQLite and JSON have."""
    return document.doc_id, document.text, document.sha256, _sections_to(document.sections)


def document_from(row: Sequence[str]) -> Document:
    """The document of a `document_row`."""
    doc_id, text, sha256, sections = row
    return Document(doc_id, text, sha256, _sections_from(sections))


def _sections_to(sections: Sequence[Section]) -> str:
    return json.dumps(sections, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    """What JSON has no word for: the fields of a dataclass, and of a date its ISO form."""
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return str(value)


def _sections_from(text: str) -> tuple[Section, ...]:
    return tuple(_section(row) for row in json.loads(text))


def _section(row: dict[str, Any]) -> Section:
    row["date"] = _date(row["date"])
    if "furniture" in row:
        row["furniture"] = tuple((start, end) for start, end in row["furniture"])
    if row.get("stated"):
        row["stated"] = CalendarDate(**row["stated"])
    return Section(**row)


def passage_row(p: Passage) -> tuple[object, ...]:
    """A passage as values that SQLite and JSON have."""
    day = p.date.isoformat() if p.date else None
    sentences = json.dumps(p.sentences)
    return (
        *(p.passage_id, p.doc_id, p.start, p.end, p.text, p.language, sentences),
        *(p.title, day, p.outlet, p.url),
    )


def passage_from(row: Sequence[Any]) -> Passage:
    """The passage of a `passage_row`."""
    passage_id, doc_id, start, end, text, language, sentences, title, day, outlet, url = row
    spans = tuple((a, b) for a, b in json.loads(sentences))
    return Passage(
        passage_id, doc_id, start, end, text, language, spans, title, _date(day), outlet, url
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
