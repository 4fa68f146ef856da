"""The commands of `python -m index.training` that other tests do not run."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder import BUNDLED_FOLDER, load_encoder
from index.torch import load
from index.training import speed
from index.training.__main__ import main
from index.training.pairs import read_pairs
from index.training.tokenizer import assemble
from index.training.transformer import SMALL, new_student, teach, vocabulary
from index.translation import Translator
from tests.conftest import ROOT
from tests.test_training import write_bench, write_pairs


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pairs(tmp_path_factory.mktemp("data") / "pairs")


def test_a_small_run_makes_a_transformer_that_our_encoder_reads(
    pairs: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench, out = write_bench(tmp_path / "bench"), tmp_path / "model"
    options = ["--pairs", pairs, "--bench", bench, "--teacher", tiny_model, "--out", out]
    assert main(["transformer", "--small", *map(str, options)]) == 0
    told = capsys.readouterr().out
    figures = json.loads(told[told.index("{\n") :])["figures"]
    assert figures.keys() == {"ar>en", "ar>ru", "en>ar", "en>ru", "ru>ar", "ru>en"}
    encoder = load_encoder(str(out))
    vectors = encoder.passages(["Cat, sees SEA!", "cat sees sea", "собака находит дом"])
    assert vectors[0] == pytest.approx(vectors[1], abs=1e-5)  # folded by its tokenizer
    assert vectors[0] != pytest.approx(vectors[2], abs=1e-2)


def test_teaching_brings_a_translation_to_where_the_teacher_puts_the_english(
    pairs: Path, tiny_model: Path
) -> None:
    teacher, read = load("teacher", tiny_model), read_pairs(pairs)
    recipe = replace(SMALL, teaching_epochs=10.0, teaching_rate=3e-3)
    student = new_student(teacher, vocabulary(read, recipe), recipe)
    wanted = teacher.encode([pair.left for pair in read["en-ru"]])

    def cosine() -> float:
        found = student.encode([pair.right for pair in read["en-ru"]])
        return float((found * wanted).sum(axis=1).mean())

    before = cosine()
    teach(student, teacher, read, recipe)
    assert 1 - cosine() < (1 - before) / 2


def test_a_piece_starts_at_the_mean_of_the_teacher_s_pieces(tiny_model: Path) -> None:
    teacher = load("teacher", tiny_model)
    pieces = [("<unk>", 0.0), ("▁cat", -1.0), ("▁кошка", -1.0), ("▁sg", -2.0)]
    student = new_student(teacher, assemble(pieces), SMALL)
    old, new = teacher.tokenizer.get_vocab(), student.tokenizer.get_vocab()
    old_rows, new_rows = (
        model.transformers_model.get_input_embeddings().weight.detach().numpy()
        for model in (teacher, student)
    )
    for theirs, ours in (("cat", "▁cat"), ("кошка", "▁кошка"), ("[CLS]", "[CLS]")):
        assert new_rows[new[ours]] == pytest.approx(old_rows[old[theirs]])
    cut = (old_rows[old["s"]] + old_rows[old["##g"]]) / 2
    assert new_rows[new["▁sg"]] == pytest.approx(cut)


def test_a_small_run_makes_tables_that_are_read(pairs: Path, tmp_path: Path) -> None:
    assert main(["tables", "--small", "--pairs", str(pairs), "--out", str(tmp_path / "t")]) == 0
    found = Translator.load(tmp_path / "t").translate("кошка", "ru", "en")
    assert max(found, key=lambda word: found[word]) == "cat"


def test_a_folder_without_pairs_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tables", "--pairs", str(tmp_path), "--out", str(tmp_path / "t")]) == 1
    assert capsys.readouterr().err == f"index.training: '{tmp_path}' holds no en-XX.tsv.gz\n"


@pytest.mark.parametrize("command", ["encoder", "tables", "transformer", "unpack-e5", "export"])
def test_every_command_shows_an_example_without_loading_torch(command: str) -> None:
    code = (
        "import sys; from index.training.__main__ import build_parser\n"
        "try: build_parser().parse_args(sys.argv[1:])\n"
        "finally: assert 'torch' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command, "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert f"example:\n  python -m index.training {command} --" in done.stdout


def test_no_command_is_wrong_use() -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2


def test_speeds_are_of_every_encoder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts.txt").write_text("the cat sees the sea\n\nthe dog\n")
    # A static teacher: torch takes ten seconds to its first vector.
    options = ["--rounds", "1", "--teacher", str(BUNDLED_FOLDER), "--onnx", "fast", "--json"]
    assert speed.main([str(tmp_path / "texts.txt"), *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["encoder"] for row in told] == ["static, bundled", "ONNX", "torch"]
    assert all(row["sentences_per_s"] > 0 and row["first_vector_s"] > 0 for row in told)


def test_a_file_without_texts_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "texts.txt").write_text("\n\n")
    assert speed.main([str(tmp_path / "texts.txt")]) == 1
    assert "holds no text; a sentence a line was wanted" in capsys.readouterr().err
