import contextlib
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import generations
from index.assemble import Embedder
from index.build import index_documents, index_paths
from index.check import beside
from index.config import IndexConfig
from index.encoder import BUNDLED_FOLDER
from index.errors import (
    DuplicateDocument,
    IndexBroken,
    IndexLocked,
    IndexMissing,
    IndexStale,
    InputError,
    ModelError,
    NothingToIndex,
)
from index.loading import size_of
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


class Slow:
    """An encoder that notes what it is asked; a text's vector is its length and 1."""

    name, dim, fingerprint, instant = "slow", 2, "0" * 16, False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_a_slow_encoder_embeds_no_text_twice(index_dir: Path) -> None:
    first, second = Slow(), Slow()
    with closing(Embedder(first, index_dir, False)) as embedder:
        embedder.embed(["a", "bb", "a"])
    with closing(Embedder(second, index_dir, False)) as embedder:
        assert embedder.embed(["ccc", "bb"]).tolist() == [[3, 1], [2, 1]]
    assert (first.asked, second.asked) == (["a", "bb"], ["ccc"])


def test_documents_in_memory_are_indexed_too(index_dir: Path) -> None:
    index_documents([document("a", "قمة قازان في روسيا.", "ar")], index_dir, CONFIG)
    assert found(index_dir, "قمة قازان") == ["a"]


def test_what_is_not_ours_is_left_alone(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    (index_dir / "generations" / "mine").mkdir()
    (index_dir / "generations" / "mine" / "thesis.txt").write_text("years of work")
    index_paths([folder], index_dir, CONFIG, rebuild=True)
    assert (index_dir / "generations" / "mine" / "thesis.txt").exists()


def test_a_folder_of_other_things_does_not_become_an_index(folder: Path) -> None:
    with pytest.raises(InputError, match="not empty and no index"):
        index_paths([folder], folder, CONFIG)
    assert sorted(file.name for file in folder.iterdir()) == ["bread.txt", "whales.txt"]


@pytest.mark.parametrize("damage", ["remove", "garbage"])
def test_lost_vectors_are_told_and_made_again(folder: Path, index_dir: Path, damage: str) -> None:
    index_paths([folder], index_dir, CONFIG)
    chroma = generations.current(index_dir) / "chroma"
    if damage == "remove":
        shutil.rmtree(chroma)
    else:
        (chroma / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(IndexBroken, match="Rebuild"):
        Searcher.open(index_dir)
    assert index_paths([folder], index_dir, CONFIG).plan.rebuild
    assert "whales.txt" in found(index_dir, "whales")


def test_a_damaged_cache_is_made_again(index_dir: Path) -> None:
    file = index_dir / "cache" / f"{Slow.fingerprint}.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"garbage" * 1000)
    with closing(Embedder(Slow(), index_dir, False)) as embedder:
        assert embedder.embed(["bb"]).tolist() == [[2, 1]]


def test_a_damaged_pointer_is_told_and_repaired(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    (index_dir / "current").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(IndexBroken, match="Rebuild"):
        Searcher.open(index_dir)
    index_paths([folder], index_dir, CONFIG)
    assert "whales.txt" in found(index_dir, "whales")


def test_an_index_that_cannot_be_written_can_still_be_asked(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_paths([folder], index_dir, CONFIG)
    opened = Path.open

    def read_only(self: Path, mode: str = "r", *args: object, **options: object) -> object:
        if self.name == "readers":
            raise OSError(errno.EROFS, "Read-only file system", str(self))
        return opened(self, mode, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", read_only)
    assert "whales.txt" in found(index_dir, "whales")


def test_readers_never_lose_a_generation_to_a_writer(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    stop = threading.Event()
    wrong: list[Exception] = []

    def read() -> None:
        while not stop.wait(0.02):  # between two looks the writer, in the same process, gets on
            try:
                assert "whales.txt" in found(index_dir, "whales")
            except Exception as error:
                wrong.append(error.__cause__ or error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i in range(4):
        write(folder, bread=f"Bread, batch {i}.")
        index_paths([folder], index_dir, CONFIG)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_relative_encoder_folder_is_found_from_anywhere(
    folder: Path, index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(BUNDLED_FOLDER, tmp_path / "enc")
    monkeypatch.chdir(tmp_path)
    index_paths([folder], index_dir, IndexConfig(encoder="enc"))
    monkeypatch.chdir(folder)
    assert "whales.txt" in found(index_dir, "whales")
    shutil.rmtree(tmp_path / "enc")
    with pytest.raises(IndexStale, match="is not there"):
        Searcher.open(index_dir)


def test_another_encoder_makes_the_index_stale_and_the_command_rebuilds_it(
    folder: Path, index_dir: Path, tmp_path: Path
) -> None:
    encoder = tmp_path / "my enc"
    shutil.copytree(BUNDLED_FOLDER, encoder)
    index_paths([folder], index_dir, CONFIG)
    changed = index_paths([folder], index_dir, IndexConfig(str(encoder)))
    assert changed.plan.rebuild == f"the encoder is now '{encoder}', it was 'fast'"
    (encoder / "modules.json").write_text((encoder / "modules.json").read_text() + " ")
    with pytest.raises(IndexStale) as told:
        Searcher.open(index_dir)
    assert str(told.value).endswith(f"Rebuild: sanad index PATH… --encoder '{encoder}'")
    again = sanad("index", folder, "--index", index_dir, "--encoder", encoder)
    assert f"(rebuilding: encoder '{encoder}' is no longer what it was)" in again.stdout
    assert "whales.txt" in found(index_dir, "whales")


def test_the_fast_encoder_is_the_bundled_one(folder: Path, index_dir: Path) -> None:
    index_paths([folder], index_dir, CONFIG)
    assert index_paths([folder], index_dir, IndexConfig("fast")).plan.empty


def test_a_small_archive_gets_the_better_encoder_until_it_outgrows_it(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = size_of(folder.iterdir())
    monkeypatch.setattr("index.build.ACCURATE_UP_TO", size)
    assert index_paths([folder], index_dir, IndexConfig("auto")).encoder == "accurate"
    assert index_paths([folder], index_dir, IndexConfig("auto")).plan.empty
    write(folder, glass="Glass.")
    grown = index_paths([folder], index_dir, IndexConfig("auto"))
    assert grown.encoder == "fast"
    assert grown.plan.rebuild == "the encoder is now 'fast', it was 'accurate'"
    (folder / "glass.txt").unlink()
    assert index_paths([folder], index_dir, IndexConfig("auto")).encoder == "accurate"


def test_only_files_that_are_read_count_for_the_size_of_an_archive(tmp_path: Path) -> None:
    write(tmp_path, a="four")
    (tmp_path / "film.mp4").write_bytes(b"0" * 1000)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert size_of(tmp_path.iterdir()) == 4


def test_an_index_whose_encoder_is_no_longer_on_this_machine_says_so(
    folder: Path, index_dir: Path
) -> None:
    index_paths([folder], index_dir, CONFIG)
    manifest = generations.current(index_dir) / "manifest.json"
    config = IndexConfig("nobody/no-such-model")
    values = json.loads(manifest.read_text())
    values |= {"encoder": config.encoder, "fingerprint": config.fingerprint}
    manifest.write_text(json.dumps(values))
    with pytest.raises(ModelError, match="sanad index PATH… --encoder nobody/no-such-model"):
        Searcher.open(index_dir)


# A build is killed when this appears in its folder, or after a time drawn at random.
MOMENTS = ("passages.sqlite", "chroma/chroma.sqlite3", "sparse", "manifest.json", "")


def test_a_build_killed_at_any_moment_leaves_an_index_that_answers(
    folder: Path, index_dir: Path
) -> None:
    index_paths([folder], index_dir, CONFIG)
    rng = random.Random(7)
    hits = [kill_build(folder, index_dir, i, rng) for i in range(20)]
    assert sum(hits) >= 10, "too few builds were still at work when they were killed"
    done = sanad("index", folder, "--index", index_dir)
    assert done.returncode == 0, done.stderr
    assert len(list((index_dir / "generations").iterdir())) == 1


def kill_build(folder: Path, index_dir: Path, i: int, rng: random.Random) -> bool:
    """Start a build that has something to do, kill it, ask; whether it was still at work."""
    write(folder, **{f"new{i}": f"Report number {i} about whales."})
    before = generations.current(index_dir)
    build = subprocess.Popen(
        [sys.executable, "-m", "ui.cli.main", "index", folder, "--index", index_dir],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    moment, deadline = MOMENTS[i % len(MOMENTS)], time.monotonic() + rng.uniform(1, 4)
    while build.poll() is None and not (moment and appeared(index_dir, before, moment)):
        if not moment and time.monotonic() > deadline:
            break
        time.sleep(0.002)
    at_work = build.poll() is None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    assert "whales.txt" in found(index_dir, "whales that sing")
    return at_work


def appeared(index_dir: Path, before: Path, name: str) -> bool:
    folders = (index_dir / "generations").iterdir()
    return any((f / name).exists() for f in folders if f.name > before.name)


def test_a_new_index_that_fails_its_check_is_told_with_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken, match=r"discarded.*unable to open database"), beside(tmp_path):
        (tmp_path / "meanwhile").touch()
    assert (tmp_path / "meanwhile").exists()
