from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.reranker import N_RERANKED, Scores, load_reranker, reranked
from index.search import Searcher
from index.types import Hit, Passage
from ui.cli.main import main

QUERY = "منظمة التعاون الإسلامي"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of two small layers whose weights were drawn, not learned."""
    import torch  # noqa: PLC0415 - ten seconds
    from sentence_transformers import CrossEncoder  # noqa: PLC0415
    from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: PLC0415
    from transformers import (  # noqa: PLC0415
        BertConfig,
        BertForSequenceClassification,
        PreTrainedTokenizerFast,
    )

    made = tmp_path_factory.mktemp("reranker")
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz ابتثجحخدذرزسشصضطظعغفقكلمنهويةى"))
    vocabulary = {
        token: i for i, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters])
    }
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=128, **special
    ).save_pretrained(made)
    torch.manual_seed(1)
    shape = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        max_position_embeddings=128,
        num_labels=1,
        initializer_range=0.5,
        **shape,
    )
    BertForSequenceClassification(config).save_pretrained(made)
    assert CrossEncoder(str(made), device="cpu").num_labels == 1
    return made


class Longest:
    """A reranker whose scores can be read off the text."""

    name = fingerprint = "longest"

    def scores(self, query: str, texts: Sequence[str]) -> Scores:  # noqa: ARG002 - a Reranker
        return np.array([len(text) / 100 for text in texts])


def hits(*texts: str) -> list[Hit]:
    n = len(texts)
    passages = [Passage(f"p{i}", "d", 0, 1, text, "en", ()) for i, text in enumerate(texts)]
    return [Hit(p, 3.0 - i / n, i + 1, {"bm25": 1.0}) for i, p in enumerate(passages)]


def test_the_first_hits_are_ordered_by_the_reranker() -> None:
    found = reranked(Longest(), "q", hits("a", "ccc", "bb", "dd"))
    assert [hit.passage.text for hit in found] == ["ccc", "bb", "dd", "a"]
    assert [hit.rank for hit in found] == [1, 2, 3, 4]
    assert found[0].scores == {"bm25": 1.0, "reranker": 0.03}


def test_later_hits_stay_behind_in_their_order() -> None:
    texts = ["x" * (i % 7 + 1) for i in range(N_RERANKED)] + ["long" * 20, "longer" * 20]
    found = reranked(Longest(), "q", hits(*texts))
    assert [hit.passage.text for hit in found[-2:]] == texts[-2:]
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert reranked(Longest(), "q", []) == []


def test_a_cross_encoder_decides_the_order_of_a_search(folder: Path, seeds_index: Path) -> None:
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - ten seconds

    with Searcher.open(seeds_index) as plain:
        before = plain.search(QUERY, 10)
    with Searcher.open(seeds_index, load_reranker(str(folder))) as opened:
        found = opened.search(QUERY, 10)
        assert opened.fingerprint.startswith(plain.fingerprint + "-")
    pairs = [(QUERY, hit.passage.text) for hit in found]
    theirs = CrossEncoder(str(folder), device="cpu").predict(pairs, show_progress_bar=False)
    assert [hit.score for hit in found] == pytest.approx(theirs, abs=1e-5)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert [hit.passage for hit in found] != [hit.passage for hit in before]


def test_no_reranker_is_none() -> None:
    assert load_reranker("none") is None


def test_a_reranker_that_is_not_here_is_one_clear_line(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--index", str(seeds_index), "--reranker", "nobody/no-such-model"]
    assert main(["search", "x", *options]) == 1
    error = capsys.readouterr().err
    assert "reranker 'nobody/no-such-model' is not on this machine; fetch it first" in error
    assert error.count("\n") == 1


def test_a_folder_that_is_no_cross_encoder_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("not json")
    with pytest.raises(ModelError, match="is not a cross-encoder that can be read"):
        load_reranker(str(tmp_path))


def test_one_with_several_scores_is_refused(folder: Path, tmp_path: Path) -> None:
    from transformers import (  # noqa: PLC0415
        AutoTokenizer,
        BertConfig,
        BertForSequenceClassification,
    )

    config = BertConfig.from_pretrained(folder, num_labels=3)
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(folder).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="gives 3 scores for a pair"):
        load_reranker(str(tmp_path))
