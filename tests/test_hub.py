import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoder import locate
from index.errors import ModelError
from tests.conftest import ROOT
from tests.hubs import COMMIT, hub

LOCATE = (
    "import sys; from index.encoder import locate; print(locate(sys.argv[1], len(sys.argv) > 2))"
)


def located(name: str, endpoint: str, home: Path, *offline: str) -> tuple[str, str]:
    """What a process prints that looks for a model, and the last line of what it complains of. The
    hub's own library, retrying as it does, would take longer than it may."""
    done = subprocess.run(  # the library reads the variables when it is imported
        [sys.executable, "-c", LOCATE, name, *offline],
        env=os.environ
        | {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_TELEMETRY": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout.strip(), (done.stderr.strip().splitlines() or [""])[-1]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The files of a model, as far as a hub cares."""
    (tmp_path / "served" / "1_Pooling").mkdir(parents=True)
    for name in ("modules.json", "1_Pooling/config.json", "model.safetensors", "pytorch_model.bin"):
        (tmp_path / "served" / name).write_text(f"this is {name}")
    return tmp_path / "served"


def test_a_model_is_downloaded_once_without_second_copies(model: Path, tmp_path: Path) -> None:
    with hub(model) as (address, asked):
        folder, _ = located("someone/tiny", address, tmp_path / "home")
        n_asked = len(asked)
        assert located("someone/tiny", address, tmp_path / "home")[0] == folder
    assert len(asked) == n_asked
    assert Path(folder).name == COMMIT
    found = {f.relative_to(folder).as_posix() for f in Path(folder).rglob("*.*")}
    assert found == {"modules.json", "1_Pooling/config.json", "model.safetensors"}
    assert (Path(folder) / "model.safetensors").read_text() == "this is model.safetensors"
    assert located("someone/tiny", "http://127.0.0.1:9", tmp_path / "home", "offline")[0] == folder


def test_a_question_asks_no_hub(model: Path, tmp_path: Path) -> None:
    with hub(model) as (address, asked):
        _, said = located("someone/tiny", address, tmp_path / "home", "offline")
    assert asked == []
    assert "Download it by indexing: sanad index PATH… --encoder someone/tiny" in said


def test_a_hub_out_of_order_is_one_clear_line(model: Path, tmp_path: Path) -> None:
    with hub(model, 503) as (address, asked):
        _, said = located("someone/tiny", address, tmp_path / "home")
    assert len(asked) == 1
    assert said == (
        "index.errors.ModelError: encoder 'someone/tiny' is not on this machine and the hub cannot "
        "be reached; the bundled encoder needs no network: --encoder bundled"
    )


def test_a_hub_that_is_not_there_or_says_nothing_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (silent.getsockname()[1], 9):
            _, said = located("someone/tiny", f"http://127.0.0.1:{port}", tmp_path / "home")
            assert "the hub cannot be reached; the bundled encoder needs no network" in said


def test_a_name_that_the_hub_does_not_know_is_one_clear_line(model: Path, tmp_path: Path) -> None:
    with hub(model) as (address, _):
        _, said = located("someone/else", address, tmp_path / "home")
    assert "the hub has no model 'someone/else'" in said


@pytest.mark.parametrize("name", ["/no/such/folder", "a b", "too/many/parts"])
def test_what_can_be_no_name_is_not_asked_for(name: str) -> None:
    with pytest.raises(ModelError, match="neither a folder nor what a model of the hub can be"):
        locate(name, offline=False)


def test_a_file_is_no_encoder(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").touch()
    with pytest.raises(ModelError, match="is a file; an encoder is a folder"):
        locate(str(tmp_path / "model.gguf"))
