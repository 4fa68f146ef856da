import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from index.build import index_documents
from index.config import IndexConfig
from index.scale import Scale, measured, scale_of
from index.search import Searcher
from tests.conftest import document

WORDS = ("kazan", "moscow", "riyadh", "tehran", "cairo")
UNRELATED = 0.7


def static_model(folder: Path, unrelated: float) -> Path:
    """An encoder by which two of the words have exactly this cosine."""
    own, common = np.eye(len(WORDS), dtype=np.float32), np.ones((len(WORDS), 1), np.float32)
    rows = np.hstack([(1 - unrelated) ** 0.5 * own, unrelated**0.5 * common])
    folder.mkdir()
    unknown = np.zeros_like(rows[:1])
    save_file({"embedding.weight": np.vstack([unknown, rows])}, folder / "model.safetensors")
    tokenizer = Tokenizer(WordLevel({"?": 0} | {w: i + 1 for i, w in enumerate(WORDS)}, "?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    modules = [{"idx": 0, "name": "0", "path": "", "type": "StaticEmbedding"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    return folder


def scores(folder: Path, encoder: Path) -> dict[str, tuple[float, ...]]:
    index_documents([document(w, w) for w in WORDS], folder, IndexConfig(str(encoder)))
    with Searcher.open(folder) as searcher:
        hits = searcher.search("kazan", retriever="dense")
        (itself,) = searcher.sentence_cosines("kazan", [hits[0].passage]).values()
        assert itself == pytest.approx([1.0], abs=1e-3)
        return {
            hit.passage.doc_id: (hit.scores["dense"], hit.scores["sentence"], hit.score)
            for hit in hits
        }


def test_cosines_that_are_all_high_score_as_if_they_were_not(tmp_path: Path) -> None:
    plain = scores(tmp_path / "a", static_model(tmp_path / "plain", 0.0))
    high = scores(tmp_path / "b", static_model(tmp_path / "high", UNRELATED))
    assert plain.keys() == high.keys() == set(WORDS)
    for doc_id, expected in plain.items():
        assert high[doc_id] == pytest.approx(expected, abs=1e-3)


def test_what_is_measured_is_the_mean_of_passages_of_different_documents() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32)
    # Of different documents are the first and the third, 0, and the second and the third, .8.
    assert measured("any", vectors, ["a", "a", "b"]) == pytest.approx(0.4)
    # Of any two: .6, 0 and .8.
    assert measured("any", vectors, ["a", "a", "a"]) == pytest.approx(1.4 / 3)


def test_the_bundled_encoder_s_cosines_stay_as_they_are() -> None:
    vectors = np.ones((3, 1), np.float32)
    assert measured("bundled", vectors, ["a", "b", "c"]) == 0.0
    assert measured("accurate", vectors, ["a", "b", "c"]) == 0.35
    assert measured("accurate", vectors[:1], ["a"]) == 0.35
    assert measured("any", vectors, ["a", "b", "c"]) == 0.75  # no more than that
    assert measured("any", vectors[:1], ["a"]) == 0.0
    assert Scale()(vectors) is vectors


def test_a_claim_is_compared_on_a_scale_of_its_own() -> None:
    scale, plain = scale_of("accurate", 0.35), np.array([0.1, 0.35, 0.55, 1.0], np.float32)
    assert scale.of_claims(scale(plain)) == pytest.approx((plain - 0.1) / 0.9, abs=1e-6)
    other = scale_of("any", 0.75)
    assert other.of_claims(other(plain)) == pytest.approx((plain - 0.75) / 0.25, abs=1e-6)
    assert scale_of("bundled", 0.0).of_claims(plain) is plain
