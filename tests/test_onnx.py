import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.centres import Centres
from index.encoder import ACCURATE_FOLDER, Encoder, load_encoder
from index.errors import ModelError
from index.onnx import MODEL, SLOW_FUSION, OnnxEncoder
from index.training.__main__ import main
from tests.conftest import ROOT

TEXTS = ["the cat sees the sea", "кошка видит море", "قطة يرى بحر", "", " ".join(["dog"] * 60)]
WITHOUT_TORCH = """
import sys
from index.encoder import load_encoder
print(load_encoder(sys.argv[1], offline=True).queries(["the cat"])[0].tolist())
assert not {"torch", "transformers", "sentence_transformers", "chromadb"} & sys.modules.keys()
"""


@pytest.fixture(scope="module")
def exported(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("onnx")
    for how in ("float", "int8"):
        # Of other weights that were there before.
        (folder / how).mkdir()
        Centres(passages={"en": np.ones(8, np.float32)}).save(folder / how)
        model = ["--model", str(tiny_model), "--out", str(folder / how)]
        assert main(["export", *model, "--weights", how]) == 0
    return folder


@pytest.mark.parametrize(("how", "tolerance"), [("float", 1e-5), ("int8", 0.1)])
def test_exported_vectors_are_those_of_torch(
    exported: Path, tiny_model: Path, how: str, tolerance: float
) -> None:
    ours, theirs = load_encoder(str(exported / how)), load_encoder(str(tiny_model))
    assert isinstance(ours, OnnxEncoder)
    assert ours.dim == theirs.dim
    for encode in ("queries", "passages"):  # whose prompts differ
        made = getattr(ours, encode)(TEXTS)
        assert made.dtype == np.float32
        assert made == pytest.approx(getattr(theirs, encode)(TEXTS), abs=tolerance)


def test_a_text_has_the_same_vector_whatever_it_is_encoded_with(exported: Path) -> None:
    encoder: Encoder = load_encoder(str(exported / "int8"))
    together = encoder.passages(TEXTS)
    assert (together == np.concatenate([encoder.passages([text]) for text in TEXTS])).all()
    assert encoder.passages([]).shape == (0, encoder.dim)


def test_an_exported_encoder_needs_no_torch(exported: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, exported / "int8"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    vector = load_encoder(str(exported / "int8")).queries(["the cat"])[0]
    assert json.loads(done.stdout) == vector.tolist()


def test_an_export_holds_no_paths_of_the_machine_it_was_made_on(exported: Path) -> None:
    assert b"site-packages" not in (exported / "float" / "model.onnx").read_bytes()


def test_a_folder_whose_graph_is_none_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_text("not a graph")
    with pytest.raises(ModelError, match="not an ONNX encoder that can be read") as told:
        load_encoder(str(tmp_path))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("disabled", "slow"), [((), True), ((SLOW_FUSION,), False)])
def test_onnxruntime_knows_the_step_that_is_not_wanted(
    tmp_path: Path, disabled: tuple[str, ...], slow: bool
) -> None:
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415

    options = SessionOptions()
    options.optimized_model_filepath = str(tmp_path / MODEL)
    InferenceSession(
        str(ACCURATE_FOLDER / MODEL),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=disabled,
    )
    made = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (b"SkipLayerNormalization" in made) is slow
