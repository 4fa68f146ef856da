"""Indexing while the window runs: nothing that was added is forgotten, whatever happens when."""

import json
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from index.build import index_paths
from index.config import IndexConfig
from tests.browsing import served
from ui import upload
from ui.indexing import Indexing
from ui.site import Site


class Indexer:
    """Stands in for the process of `sanad index`: takes in all files, or fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fails = False

    def __call__(self, *_: object, **__: object) -> subprocess.CompletedProcess[str]:
        added = sorted(file.name for file in self.folder.iterdir())
        report = json.dumps({"added": added, "changed": [], "skipped": []})
        failed = (1, "", f"sanad: the disk of {self.folder} is full")
        return subprocess.CompletedProcess([], *(failed if self.fails else (0, report, "")))


@pytest.fixture
def indexer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Indexer:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("The forum met in Kazan.")
    index_paths([folder], tmp_path / "index", IndexConfig())
    stand_in = Indexer(folder)
    monkeypatch.setattr("ui.indexing.subprocess.run", stand_in)
    return stand_in


def ended(indexing: Indexing) -> dict[str, object]:
    while indexing.state()["running"]:
        time.sleep(0.01)
    return indexing.state()


class OneComesLate(Indexing):
    """Another file comes in just as nothing waits any more."""

    late: Path | None = None

    def _batch(self) -> dict[str, Path]:
        batch = super()._batch()
        if not batch and self.late:
            self.add(self.late)
            self.late = None
            self.start()
        return batch


def test_what_is_added_as_indexing_ends_is_indexed_too(indexer: Indexer, tmp_path: Path) -> None:
    indexing = OneComesLate(tmp_path / "index", lambda: None)
    (indexer.folder / "b.txt").write_text("The forum met in Ufa.")
    indexing.late = indexer.folder / "b.txt"
    indexing.add(indexer.folder / "a.txt")
    indexing.start()
    while indexing.late:
        time.sleep(0.01)
    new = {"what": "new", "why": ""}
    assert ended(indexing)["outcomes"] == {"a.txt": new, "b.txt": new}


def test_what_was_not_indexed_waits_and_readers_learn_no_path(
    indexer: Indexer, tmp_path: Path
) -> None:
    indexing = Indexing(tmp_path / "index", lambda: None)
    indexing.add(indexer.folder / "a.txt")
    indexer.fails = True
    indexing.start()
    state = ended(indexing)
    assert (state["failed"], state["outcomes"]) == (True, {"a.txt": {"what": "waiting", "why": ""}})
    assert str(tmp_path) not in json.dumps(state)
    indexer.fails = False
    indexing.start()
    state = ended(indexing)
    assert (state["failed"], state["outcomes"]) == (False, {"a.txt": {"what": "new", "why": ""}})


def test_a_file_that_cannot_be_kept_is_refused_without_the_servers_reason(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("no folder")
    site, indexing = Site("", False, True), Indexing(tmp_path, lambda: None)
    with served(Starlette(routes=upload.routes(site, tmp_path / "uploads", indexing))) as url:
        sent = httpx.put(f"{url}upload/files/a.txt", content=b"The forum met in Ufa.")
    assert (sent.status_code, sent.json()["what"]) == (500, "refused")
    assert str(tmp_path) not in sent.text
