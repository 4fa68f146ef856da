import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoder import BUNDLED_FOLDER, load_encoder
from index.text import fold
from index.training.pairs import Pair, join_through_english, question_pairs, read_pairs, sample
from index.training.tokenizer import balance, count_words, train_tokenizer
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
    command = [sys.executable, "-m", "index.training", "--small", "--pairs", pairs]
    done = subprocess.run(
        [*command, "--bench", bench, "--out", tmp_path / "model"],
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
    normalizer = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json")).normalizer
    assert " ".join(normalizer.normalize_str(text).split()) == " ".join(fold(text).split())
