import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import BUNDLED_FOLDER, StaticEncoder, load_encoder
from index.errors import ModelError
from index.text import fold
from tests.conftest import ROOT

words = st.text(
    st.one_of(
        st.characters(max_codepoint=0x6FF, categories=["L", "N", "P", "Zs"]),
        st.sampled_from("ىیكکةهأإؤئ\u0640\u064e\u0651\u200c\u200d\u00ad١۱٢ёЁй«»“ﷲﻼ"),
    )
)


@pytest.fixture(scope="module")
def bundled() -> StaticEncoder:
    encoder = load_encoder("bundled")
    assert isinstance(encoder, StaticEncoder)
    return encoder


def test_vectors_are_unit_rows_in_order(bundled: StaticEncoder) -> None:
    vectors = bundled.passages(["قمة قازان", "Kazan summit", "Казанский саммит"])
    assert vectors.shape == (3, bundled.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[1] == pytest.approx(bundled.passages(["Kazan summit"])[0], abs=1e-6)


def test_a_translation_is_nearer_than_another_sentence(bundled: StaticEncoder) -> None:
    asked, same, other = bundled.passages(
        ["The minister arrived in Moscow.", "وصل الوزير إلى موسكو.", "الخبز مصنوع من الدقيق."]
    )
    assert asked @ same > asked @ other + 0.2


@given(words)
def test_raw_and_folded_text_have_the_same_vector(text: str) -> None:
    raw, folded = load_encoder("bundled").passages([text, fold(text)])
    assert raw == pytest.approx(folded, abs=1e-6)


def test_sentence_transformers_gives_the_same_vectors(bundled: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds

    texts = [
        "أُعلن عن قمّة قازان ٢٠٢٢",
        "می‌خواهم بدانم",
        "Ещё одна ЁЛКА",
        "A co\u00adop café",
        "漢字 x",
    ]
    theirs = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu").encode(texts)
    assert bundled.passages(texts) == pytest.approx(theirs, abs=1e-6)


def test_no_texts_give_no_rows(bundled: StaticEncoder) -> None:
    assert bundled.passages([]).shape == (0, bundled.dim)


def test_an_encoder_that_is_nowhere_is_one_clear_line() -> None:
    code = "from index.encoder import load_encoder; load_encoder('nobody/no-such-model')"
    done = subprocess.run(  # the hub's library reads the variable when it is imported
        [sys.executable, "-c", code],
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith("index.errors.ModelError: ")
    assert "the bundled encoder needs no network: --encoder bundled" in said


def test_a_folder_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("not json")
    with pytest.raises(ModelError, match="is not a sentence-transformers model"):
        load_encoder(str(tmp_path))
