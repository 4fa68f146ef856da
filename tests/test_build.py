import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import generations
from index.build import index_documents, index_paths
from index.config import IndexConfig
from index.errors import (
    DuplicateDocument,
    IndexBroken,
    IndexLocked,
    IndexMissing,
    IndexStale,
    NothingToIndex,
)
from index.search import Searcher
from tests.conftest import ROOT, document, sanad

CONFIG = IndexConfig()


def write(folder: Path, **texts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def found(index_dir: Path, query: str) -> list[str]:
    with Searcher.open(index_dir) as searcher:
        return [hit.passage.doc_id for hit in searcher.search(query)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path / "docs",
        whales="Whales are mammals that live in the sea and sing long songs.",
        bread="Bread is baked from flour, water, salt and yeast.",
    )
    return tmp_path / "docs"


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_an_index_mirrors_exactly_its_paths(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    (folder / "bread.txt").unlink()
    write(folder, whales="Whales sing.", glass="Glass is made of sand.")
    plan = index_paths([folder], index_dir, CONFIG).plan
    assert (plan.added, plan.changed, plan.deleted) == (
        ("glass.txt",),
        ("whales.txt",),
        ("bread.txt",),
    )
    assert set(found(index_dir, "whales bread glass")) == {"whales.txt", "glass.txt"}


def test_an_update_gives_the_same_hits_as_a_fresh_build(folder: Path, tmp_path: Path) -> None:
    index_paths([folder], tmp_path / "updated", CONFIG)
    write(folder, whales="Whales sing.", glass="Glass is made of sand and lime.")
    index_paths([folder], tmp_path / "updated", CONFIG)
    index_paths([folder], tmp_path / "fresh", CONFIG)
    hits = []
    for name in ("updated", "fresh"):
        with Searcher.open(tmp_path / name) as searcher:
            hits.append(
                [(h.passage, round(h.score, 5)) for h in searcher.search("sand and whales")]
            )
    assert hits[0] == hits[1]


def test_nothing_changed_is_nothing_to_do(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    before = generations.current(index_dir)
    assert index_paths([folder], index_dir, CONFIG).plan.empty
    assert generations.current(index_dir) == before


def test_paths_without_a_readable_document_leave_the_index_alone(
    folder: Path, index_dir: Path, tmp_path: Path
) -> None:
    index_paths([folder], index_dir, CONFIG)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToIndex, match="the index is unchanged"):
        index_paths([tmp_path / "empty"], index_dir, CONFIG)
    assert "whales.txt" in found(index_dir, "whales")


def test_an_unreadable_file_is_named_and_the_others_are_indexed(
    folder: Path, index_dir: Path
) -> None:
    (folder / "empty.txt").write_bytes(b"")
    report = index_paths([folder], index_dir, CONFIG)
    assert [Path(s.path).name for s in report.skipped] == ["empty.txt"]
    assert report.n_documents == 2
    again = index_paths([folder], index_dir, CONFIG)
    assert again.plan.empty
    assert len(again.skipped) == 1


def test_a_doc_id_met_twice_is_an_error(folder: Path, tmp_path: Path, index_dir: Path) -> None:
    write(tmp_path / "more", whales="Other whales.")
    with pytest.raises(DuplicateDocument, match="whales"):
        index_paths([folder, tmp_path / "more"], index_dir, CONFIG)


def test_another_configuration_rebuilds(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    report = index_paths([folder], index_dir, IndexConfig(max_words=120))
    assert report.plan.rebuild == "the configuration changed"
    assert "bread.txt" in found(index_dir, "bread")


def test_a_damaged_generation_is_rebuilt(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    with (generations.current(index_dir) / "passages.sqlite").open("r+b") as file:
        file.write(b"garbage")
    with pytest.raises(IndexBroken, match="Rebuild"):
        Searcher.open(index_dir)
    assert "damaged" in index_paths([folder], index_dir, CONFIG).plan.rebuild
    assert "bread.txt" in found(index_dir, "bread")


def test_an_index_of_another_version_is_stale(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_paths([folder], index_dir, CONFIG)
    monkeypatch.setattr("index.config.FORMAT", 10**6)
    with pytest.raises(IndexStale, match="Rebuild: sanad index"):
        Searcher.open(index_dir)


def test_asking_without_an_index_says_how_to_build_one(index_dir: Path) -> None:
    with pytest.raises(IndexMissing, match="sanad index PATH"):
        Searcher.open(index_dir)


def test_a_second_writer_is_told_who_the_first_is(folder: Path, index_dir: Path) -> None:
    with generations.writing(index_dir), pytest.raises(IndexLocked, match=f"process {os.getpid()}"):
        index_paths([folder], index_dir, CONFIG)


def test_a_generation_stays_while_a_reader_has_it(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    with Searcher.open(index_dir) as reader:
        write(folder, bread="Bread without salt is bland.")
        index_paths([folder], index_dir, CONFIG)
        assert "salt and yeast" in reader.search("bread", 1)[0].passage.text
    write(folder, bread="Bread is old.")
    index_paths([folder], index_dir, CONFIG)
    assert len(list((index_dir / "generations").iterdir())) == 1


def test_vectors_are_not_embedded_twice(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_paths([folder], index_dir, CONFIG)
    monkeypatch.setattr(
        "index.encoder.StaticEncoder.passages", lambda *_: pytest.fail("embedded again")
    )
    assert index_paths([folder], index_dir, CONFIG, rebuild=True).plan.rebuild == "asked for"


def test_documents_in_memory_are_indexed_too(index_dir: Path) -> None:
    index_documents([document("a", "قمة قازان في روسيا.", "ar")], index_dir, CONFIG)
    assert found(index_dir, "قمة قازان") == ["a"]


def test_a_build_killed_at_any_moment_leaves_an_index_that_answers(
    folder: Path, index_dir: Path
) -> None:
    index_paths([folder], index_dir, CONFIG)
    rng = random.Random(7)
    for i in range(20):
        write(folder, **{f"new{i}": f"Report number {i} about whales."})
        build = subprocess.Popen(
            [sys.executable, "-m", "ui.cli.main", "index", folder, "--index", index_dir],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(rng.uniform(0, 5))
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        assert "whales.txt" in found(index_dir, "whales that sing")
    done = sanad("index", folder, "--index", index_dir)
    assert done.returncode == 0, done.stderr
    assert len(list((index_dir / "generations").iterdir())) == 1
