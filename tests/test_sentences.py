from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import sentences
from index.encoder import load_encoder
from index.passages import split_passages
from index.scale import Scale
from index.sentences import TokenCosines
from index.static import StaticEncoder
from index.types import Passage
from tests.conftest import document
from tests.test_build import Slow

TEXTS = (
    "Kazan is a city. It hosts a forum, every year!",
    "عُقدت القمة في قازان. وحضرها الوزير.",
    "…",
    "Ещё одна фраза\u2003без точки",
)


@pytest.fixture(scope="module")
def bundled() -> StaticEncoder:
    encoder = load_encoder("bundled")
    assert isinstance(encoder, StaticEncoder)
    return encoder


def passages(*texts: str) -> list[Passage]:
    return [p for i, text in enumerate(texts) for p in split_passages(document(f"{i}", text))]


def ids(of: Sequence[Passage]) -> list[str]:
    return [passage.passage_id for passage in of]


def test_a_cosine_by_tokens_is_that_of_the_sentence_s_vector(bundled: StaticEncoder) -> None:
    cut = passages(*TEXTS)
    _, known = sentences.embedding(bundled, cut)()
    vector = bundled.queries(["قمة قازان"])[0]
    found = TokenCosines(bundled, known, Scale()).cosines(vector, [3, 0, 2, 1])
    for row, cosines in zip([3, 0, 2, 1], found, strict=True):
        alone = [cut[row].sentence(i) for i in range(len(cut[row].sentences))]
        assert cosines == pytest.approx(bundled.passages(alone) @ vector, abs=1e-6)


def test_passages_embedded_by_their_sentences_have_the_vectors_of_their_texts(
    bundled: StaticEncoder,
) -> None:
    cut = passages(*TEXTS)
    vectors, _ = sentences.embedding(bundled, cut)()
    assert vectors == pytest.approx(bundled.passages([p.text for p in cut]), abs=1e-6)


def test_no_passages_have_no_sentences(bundled: StaticEncoder) -> None:
    vectors, known = sentences.embedding(bundled, [])()
    assert vectors.shape == (0, bundled.dim)
    assert TokenCosines(bundled, known, Scale()).cosines(np.ones(bundled.dim, np.float32), []) == []


@pytest.mark.parametrize("rows", [[0, 1, 2, 1], [2, 0], [1, 2], []])
def test_sentences_of_some_passages_are_theirs_in_any_order(
    bundled: StaticEncoder, rows: list[int]
) -> None:
    made = passages("Kazan. A city!", "Whales sing long songs.", "Bread. Salt. Flour and water.")
    found = sentences.embedding(bundled, made)()[1].of(rows)
    texts = [made[row].sentence(i) for row in rows for i in range(len(made[row].sentences))]
    tokens, bounds = bundled.tokens(texts)
    assert found.tokens.tolist() == tokens.tolist()
    assert found.bounds.tolist() == bounds.tolist()
    assert np.diff(found.starts).tolist() == [len(made[row].sentences) for row in rows]


def test_sentences_that_are_known_anew_take_the_place_of_the_old(
    bundled: StaticEncoder, tmp_path: Path
) -> None:
    old, new = passages("One. Two words. Three.", "Kept as it is."), passages("Four. Five.")
    both = [(ids(of), sentences.embedding(bundled, of)()[1]) for of in (old, new)]
    # The passage that came has the id of one that was there.
    both[1] = ([old[0].passage_id], both[1][1])
    for _ in range(2):  # the second time over files that are mapped
        sentences.save_tokens(tmp_path, [old[1].passage_id, old[0].passage_id], both)
        kept = sentences.load_tokens(tmp_path)
    assert kept is not None
    vector = bundled.queries(["five"])[0]
    found = TokenCosines(bundled, kept, Scale()).cosines(vector, [1, 0])
    assert found[0] == pytest.approx(bundled.passages(["Four.", "Five."]) @ vector, abs=1e-6)
    assert len(found[1]) == 1


def test_the_sentence_vectors_of_a_slow_encoder_are_kept(tmp_path: Path) -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32)
    sentences.save_vectors(tmp_path, [2, 1], vectors)
    kept = sentences.load(tmp_path, Slow(), Scale(0.5))
    found = kept.cosines(np.array([0, 1], np.float32), [1, 0])
    assert [cosines.tolist() for cosines in found] == [[1], pytest.approx([-1, 0.6], abs=1e-3)]
