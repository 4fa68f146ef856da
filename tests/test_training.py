import gzip
import json
import random
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.normalizers import Normalizer

from index.analysis import words as words_of
from index.encoder import BUNDLED_FOLDER, load_encoder
from index.errors import ModelError
from index.text import fold
from index.training import start, teacher
from index.training.pairs import (
    Pair,
    join_through_english,
    keyword_pairs,
    passage_pairs,
    question_pairs,
    read_pairs,
    sample,
)
from index.training.start import piece_vectors, word_vectors
from index.training.tokenizer import assemble, balance, count_words, train_tokenizer
from index.translation import Table, Translator, WordList
from tests.conftest import ROOT

NOUNS = [
    ("cat", "кошка", "قطة"),
    ("dog", "собака", "كلب"),
    ("house", "дом", "بيت"),
    ("sea", "море", "بحر"),
]
VERBS = [("sees", "видит", "يرى"), ("loves", "любит", "يحب"), ("finds", "находит", "يجد")]


def write_pairs(folder: Path) -> Path:
    """Every noun-verb-noun sentence in English with its Russian and Arabic."""
    folder.mkdir()
    sentences = [
        tuple(zip(a, v, b, strict=True)) for a in NOUNS for v in VERBS for b in NOUNS if a != b
    ]
    for side, language in ((1, "ru"), (2, "ar")):
        with gzip.open(folder / f"en-{language}.tsv.gz", "wt", encoding="utf-8") as file:
            for sentence in sentences:
                file.write(f"made\t{' '.join(sentence[0])}\t{' '.join(sentence[side])}\n")
    return folder


def write_bench(folder: Path) -> Path:
    """One question in the train split, one in the report split."""
    (folder / "tiny" / "qrels").mkdir(parents=True)
    rows = [
        ("train", "The cat sleeps. It sees the sea."),
        ("report", "A dog barks. It finds a house."),
    ]
    passages = [{"_id": f"p-{s}", "text": text, "lang": "en", "split": s} for s, text in rows]
    queries = [
        {
            "_id": f"q-{s}",
            "text": f"what in {s}?",
            "lang": "en",
            "split": s,
            "answers": ["sea", "house"],
        }
        for s, _ in rows
    ]
    for name, items in (("corpus", passages), ("queries", queries)):
        lines = "".join(json.dumps(item) + "\n" for item in items)
        (folder / "tiny" / f"{name}.jsonl").write_text(lines)
    qrels = "query-id\tcorpus-id\tscore\nq-train\tp-train\t1\nq-report\tp-report\t1\n"
    (folder / "tiny" / "qrels" / "test.tsv").write_text(qrels)
    (folder / "flores200").mkdir()
    for side, language in enumerate(("en", "ru", "ar")):
        lines = "\n".join(noun[side] for noun in NOUNS)
        (folder / "flores200" / f"{language}.txt").write_text(lines, encoding="utf-8")
    return folder


def test_a_small_run_makes_a_model_that_our_encoder_reads(tmp_path: Path) -> None:
    pairs, bench = write_pairs(tmp_path / "pairs"), write_bench(tmp_path / "bench")
    command = [sys.executable, "-m", "index.training", "encoder", "--small"]
    done = subprocess.run(
        [*command, "--pairs", pairs, "--bench", bench, "--out", tmp_path / "model"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout[done.stdout.index("{\n") :])["figures"]
    assert figures.keys() == {"ar>en", "ar>ru", "en>ar", "en>ru", "ru>ar", "ru>en"}
    asked, same, other = load_encoder(str(tmp_path / "model")).passages(
        ["cat sees sea", "кошка видит море", "собака находит дом"]
    )
    assert asked @ same > asked @ other


def test_what_equals_a_development_text_is_left_out(tmp_path: Path) -> None:
    pairs = read_pairs(write_pairs(tmp_path / "pairs"), frozenset({fold("Кошка видит собака")}))
    assert len(pairs["en-ru"]) == 35
    assert len(pairs["en-ar"]) == 36


def test_questions_come_from_the_train_split_alone(tmp_path: Path) -> None:
    pairs = question_pairs(write_bench(tmp_path / "bench"))
    assert [(p.left, p.right) for p in pairs["en-en"]] == [("what in train?", "It sees the sea.")]


def test_passages_come_from_the_train_split_alone(tmp_path: Path) -> None:
    (pairs,) = passage_pairs(write_bench(tmp_path / "bench")).values()
    assert [(p.left, p.right.strip()) for p in pairs] == [
        ("what in train?", "The cat sleeps. It sees the sea.")
    ]


def test_a_sentence_leads_to_the_rest_of_its_passage(tmp_path: Path) -> None:
    bench = write_bench(tmp_path / "bench")
    row = {"_id": "p-train", "text": "The old cat sleeps here. It sees the wide sea.", "lang": "en"}
    (bench / "tiny" / "corpus.jsonl").write_text(json.dumps(row | {"split": "train"}))
    (pairs,) = passage_pairs(bench).values()
    assert ("The old cat sleeps here.", "It sees the wide sea.") in {
        (p.left, p.right.strip()) for p in pairs
    }


def test_keywords_are_words_of_their_sentence() -> None:
    long = "Presidents discussed trade, energy, transport, culture, sport, science and tourism."
    pairs = [Pair("news", "text", long, "Короткая строка")] * 5
    found = keyword_pairs(pairs, 3, random.Random(1))
    assert [pair.right for pair in found] == [long] * 3
    assert all(3 <= len(pair.left.split()) <= 5 for pair in found)
    assert all(set(pair.left.split()) <= set(words_of(long)) for pair in found)


def test_frequent_words_are_whole() -> None:
    counts = count_words(["cats catch mats", "cats match hats", "that chat hatches"] * 99)
    pieces, words = train_tokenizer(counts, 24), train_tokenizer(counts, 24, 1)
    assert pieces.encode("cats mats", add_special_tokens=False).tokens == ["▁cat", "s", "▁mat", "s"]
    assert words.encode("cats mats", add_special_tokens=False).tokens == ["▁cats", "▁mat", "s"]


def tables() -> Translator:
    """`кошка` is a cat nine times in ten, and once a dog."""
    lists = {
        "en": WordList("en", ["cat", "dog"], np.full(2, 255, np.uint8)),
        "ru": WordList("ru", ["кошка"], np.full(1, 255, np.uint8)),
    }
    parts = ([2], np.uint8), ([0, 1], np.uint16), ([230, 25], np.uint8)
    return Translator(lists, {("ru", "en"): Table(*(np.array(x, kind) for x, kind in parts))})


def test_a_word_starts_at_its_translations() -> None:
    english = {"cat": np.array([1, 0], np.float32), "dog": np.array([0, 1], np.float32)}
    rows = word_vectors("ru", ["кошка", "dog", "дом"], english, tables())
    assert rows[0] @ rows[1] == pytest.approx(-1)  # what both share is taken off
    assert rows[0][0] > rows[0][1]
    assert not rows[2].any()


def test_a_piece_starts_at_the_words_it_is_cut_from_and_common_ones_are_short() -> None:
    counts = {"en": Counter({"cat": 98_000, "cats": 1, "dog": 1})}
    tokenizer = assemble([("<unk>", 0), ("▁cat", -1), ("s", -1), ("▁dog", -1)])
    vectors = {"en": np.array([[1, 0], [1, 0], [0, 1]], np.float32)}
    rows = piece_vectors(tokenizer, counts, vectors, np.random.default_rng(1))
    cat, s, dog = rows[1:]
    assert s == pytest.approx([2, 0], abs=0.5)
    assert dog == pytest.approx([0, 2], abs=0.5)
    assert np.linalg.norm(cat) < np.linalg.norm(dog)


def test_emphasis_lengthens_long_rows_and_turns_none() -> None:
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415 - ten seconds
        StaticEmbedding,
    )

    from index.training.static import emphasise  # noqa: PLC0415

    embedding = StaticEmbedding(
        assemble([("<unk>", 0), ("▁a", -1), ("▁b", -1)]),
        embedding_weights=np.array([[0, 0], [4, 0], [0, 9]], np.float32),
    )
    emphasise(embedding, 0.5)
    assert embedding.embedding.weight.tolist() == [[0, 0], [8, 0], [0, 27]]


def test_the_matrix_reads_from_the_row_to_the_column() -> None:
    from index.training.evaluate import matrix  # noqa: PLC0415 - ten seconds

    table = matrix({"en>ru": 0.5, "ru>en": 1.0})
    assert table.splitlines()[2:] == ["| **en** |  | 0.500 |", "| **ru** | 1.000 |  |"]


def test_a_missing_teacher_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "PACKAGE", "no_such_teacher")
    with pytest.raises(ModelError, match="--no-teacher"):
        start.teacher_vectors(["cat"])


def test_two_languages_meet_at_their_english_line(tmp_path: Path) -> None:
    joined = join_through_english(read_pairs(write_pairs(tmp_path / "pairs")))
    assert ("قطة يرى بحر", "кошка видит море") in {(p.left, p.right) for p in joined["ar-ru"]}


def test_names_are_a_tenth_and_large_sources_are_damped() -> None:
    pairs = [Pair("manual", "text", f"m{i}", "x") for i in range(10_000)]
    pairs += [Pair("news", "text", f"n{i}", "x") for i in range(100)]
    pairs += [Pair("names", "name", f"p{i}", "x") for i in range(5_000)]
    drawn = sample(pairs, 1000, random.Random(1))
    share = {s: sum(p.source == s for p in drawn) / 1000 for s in ("manual", "news", "names")}
    assert share["names"] == pytest.approx(0.1, abs=0.01)
    assert share["news"] / share["manual"] == pytest.approx(100**-0.6, rel=0.1)


def test_a_trained_tokenizer_folds_and_drops_punctuation() -> None:
    counts = count_words(["قمة قازان قمة", "the summit of Kazan the summit"] * 9)
    tokenizer = train_tokenizer(balance({"xx": counts}, 100), 60)
    plain = tokenizer.encode("the summit قمه", add_special_tokens=False).tokens
    assert tokenizer.encode("«The SUMMIT», قِمّة!", add_special_tokens=False).tokens == plain


@cache
def bundled_normalizer() -> Normalizer:
    return Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json")).normalizer


@given(
    st.text(
        st.one_of(
            st.characters(max_codepoint=0x17F, categories=["L", "N", "P", "Z"]),
            st.characters(
                min_codepoint=0x370, max_codepoint=0x6FF, categories=["L", "N", "P", "Z"]
            ),
            st.sampled_from("\u0640\u064e\u0651\u200c\u200d\u00adﷲﻼ«»٪"),
        )
    )
)
def test_the_bundled_tokenizer_normalises_as_we_fold(text: str) -> None:
    assert " ".join(bundled_normalizer().normalize_str(text).split()) == " ".join(
        fold(text).split()
    )
