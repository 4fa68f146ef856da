import hashlib
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from index.encoder import BUNDLED_FOLDER, Encoder, encoder_fingerprint, load_encoder
from index.errors import ModelError
from index.prompts import Prompts, prompts_of
from index.static import StaticEncoder
from index.text import fold
from index.torch import TorchEncoder, batch_size
from tests.tiny import MAX_TOKENS

words = st.text(
    st.one_of(
        st.characters(max_codepoint=0x6FF, categories=["L", "N", "P", "Zs"]),
        st.sampled_from("ىیكکةهأإؤئ\u0640\u064e\u0651\u200c\u200d\u00ad١۱٢ёЁй«»“ﷲﻼ"),
    )
)


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> Encoder:
    encoder = load_encoder(str(tiny_model))
    assert isinstance(encoder, TorchEncoder)
    return encoder


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


TEXTS = ["أُعلن عن قمّة قازان ٢٠٢٢", "می‌خواهم بدانم", "Ещё ЁЛКА", "A co\u00adop café", "漢字 x", ""]


def test_sentence_transformers_gives_the_same_vectors(bundled: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds

    theirs = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu").encode(TEXTS)
    assert bundled.passages(TEXTS) == pytest.approx(theirs, abs=1e-6)


def test_a_static_model_that_sentence_transformers_saved_is_read(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer import modules  # noqa: PLC0415

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "cat": 1, "sea": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    embedding = modules.StaticEmbedding(tokenizer, embedding_dim=4)
    model = SentenceTransformer(modules=[embedding], device="cpu")
    model.save(str(tmp_path), create_model_card=False)
    encoder = load_encoder(str(tmp_path))
    assert isinstance(encoder, StaticEncoder)
    texts = ["cat sea sea", "a cat", "?"]
    theirs = model.encode(texts, normalize_embeddings=True)
    assert encoder.passages(texts) == pytest.approx(theirs, abs=1e-6)


@cache
def model2vec() -> StaticModel:
    return StaticModel.from_pretrained(BUNDLED_FOLDER, normalize=True, force_download=False)


@given(st.lists(words, max_size=4))
def test_vectors_by_words_are_those_of_model2vec(texts: list[str]) -> None:
    texts = [*texts, "Ещё одна ЁЛКА, می‌خواهم (бы) a co\u00adop\u00a8 x.y", "أُعلن عن\u2003قمّة"]
    expected = model2vec().encode(texts, max_length=None).astype(np.float32)
    assert load_encoder("bundled").passages(texts) == pytest.approx(expected, abs=2e-3)


def test_words_that_were_forgotten_are_tokenized_anew(
    bundled: StaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.wordwise._N_REMEMBERED", 2)
    forgetful = StaticEncoder("forgetful", BUNDLED_FOLDER, "0")
    texts = ["one two three", "four five six", "two one", "seven eight nine", "one four"]
    vectors = np.concatenate([forgetful.passages([text]) for text in texts])
    assert vectors == pytest.approx(bundled.passages(texts), abs=1e-6)


def test_words_are_tokenized_after_a_failure_as_before(
    bundled: StaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = StaticEncoder("tried", BUNDLED_FOLDER, "0")
    with monkeypatch.context() as broken:
        broken.setattr("index.wordwise._MARKS", 0)
        with pytest.raises(TypeError):
            tried.passages(["one two"])
    assert tried.passages(["two one"]) == pytest.approx(bundled.passages(["two one"]), abs=1e-6)


def test_no_texts_give_no_rows(bundled: StaticEncoder) -> None:
    assert bundled.passages([]).shape == (0, bundled.dim)


def test_a_folder_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("not json")
    with pytest.raises(ModelError, match="is not a sentence-transformers model"):
        load_encoder(str(tmp_path))


def test_fast_is_the_bundled_static_encoder(bundled: StaticEncoder) -> None:
    fast = load_encoder("fast")
    assert isinstance(fast, StaticEncoder)
    assert fast.fingerprint == bundled.fingerprint


def test_prompts_of_the_config_stand_before_queries_and_passages(
    tiny: Encoder, tiny_model: Path
) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds

    plain = SentenceTransformer(str(tiny_model), device="cpu").encode(
        ["query : the cat", "passage : the cat"], prompt=""
    )
    assert tiny.queries(["the cat"])[0] == pytest.approx(plain[0], abs=1e-5)
    assert tiny.passages(["the cat"])[0] == pytest.approx(plain[1], abs=1e-5)


def test_what_is_longer_than_the_model_reads_is_cut(tiny: Encoder) -> None:
    words = ["cat", "sea"] * 20
    n_read = MAX_TOKENS - 4  # a mark at each end, and the prompt's two words
    whole, read, less = tiny.passages([" ".join(words[:n]) for n in (40, n_read, n_read - 1)])
    assert whole == pytest.approx(read, abs=1e-5)
    assert whole != pytest.approx(less, abs=1e-3)


def test_no_texts_give_no_rows_of_a_transformer(tiny: Encoder) -> None:
    assert tiny.queries([]).shape == (0, 32)


@pytest.mark.parametrize(
    ("name", "configured", "expected"),
    [
        ("intfloat/multilingual-e5-small", {"query": "", "document": ""}, ("query: ", "passage: ")),
        ("intfloat/e5-base-v2", {}, ("query: ", "passage: ")),
        ("BAAI/bge-m3", {"query": "", "document": ""}, ("", "")),
        ("any", {"query": "q: ", "document": "", "passage": "p: "}, ("q: ", "p: ")),
        ("any", {"query": "q: ", "corpus": None}, ("q: ", "")),
    ],
)
def test_prompts_are_the_config_s_or_those_that_e5_is_known_to_want(
    name: str, configured: dict[str, str | None], expected: tuple[str, str]
) -> None:
    assert prompts_of(name, configured) == Prompts(*expected)


@pytest.mark.parametrize(
    ("free", "n_tokens", "expected"),
    [
        # bge-m3: 4 bytes x 8,192 tokens x (16 x 1,024 + 16 heads x 8,192) = 4.8 GB a text.
        (8_000_000_000, 8_192, 1),
        (80_000_000_000, 8_192, 4),
        # 4 x 512 x (16,384 + 8,192) = 50 MB a text, of a quarter of 8 GB.
        (8_000_000_000, 512, 39),
        (80_000_000_000, 512, 64),
    ],
)
def test_a_batch_fits_a_quarter_of_the_free_memory(free: int, n_tokens: int, expected: int) -> None:
    assert batch_size(free, n_tokens, hidden=1024, n_heads=16, most=64) == expected


def test_a_fingerprint_reads_each_file_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(BUNDLED_FOLDER, folder)
    read, digest = [], hashlib.file_digest
    monkeypatch.setattr(
        "hashlib.file_digest", lambda file, how: read.append(file.name) or digest(file, how)
    )
    before = load_encoder(str(folder)).fingerprint
    assert encoder_fingerprint(str(folder)) == before
    assert len(read) == len(set(read)) > 0
    (folder / "modules.json").write_text((folder / "modules.json").read_text() + " ")
    assert encoder_fingerprint(str(folder)) != before
