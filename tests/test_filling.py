from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import filling
from index.dense import DenseStore
from index.errors import IndexBroken
from index.filling import Filler
from index.types import Passage


def passages(n: int) -> tuple[list[Passage], NDArray[np.float32]]:
    """Passages of two languages, every one in a direction of its own."""
    made = [Passage(f"{i}", "d", 0, 1, "x", "en" if i % 2 else "ar", ((0, 1),)) for i in range(n)]
    return made, np.eye(n, dtype=np.float32)


@pytest.mark.parametrize("few", [0, 100])
def test_what_is_added_is_found_whichever_process_adds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(filling, "_FEW", few)
    given, vectors = passages(6)
    with Filler(tmp_path) as filler:
        filler.add(given[:4], vectors[:4])
    with Filler(tmp_path) as filler:
        filler.delete(["0", "1"])
        filler.add(given[4:], vectors[4:])
        filler.complete()
    with closing(DenseStore(tmp_path)) as store:
        assert store.count() == 4
        assert list(store.search(vectors[5], 1)) == ["5"]
        assert store.search(vectors[0], 6).keys() == {"2", "3", "4", "5"}


def test_the_process_ends_by_itself_when_it_has_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_FEW", 0)
    with Filler(tmp_path) as filler:
        filler.add(*passages(2))
        filler.complete()
        assert filler._process
        assert filler._process.wait(timeout=60) == 0


def test_a_process_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_FEW", 0)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(IndexBroken, match="could not be written"), Filler(tmp_path / "file") as f:
        f.add(*passages(2))


def test_a_build_that_fails_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_FEW", 0)
    with suppress(KeyError), Filler(tmp_path) as filler:
        filler.add(*passages(2))
        raise KeyError
    assert filler._process
    assert filler._process.returncode
