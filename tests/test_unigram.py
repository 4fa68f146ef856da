import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from index.encoder import BUNDLED_FOLDER
from index.unigram import Unigram, unigram_of
from index.wordwise import Tokens

pieces = st.text(
    st.one_of(
        st.sampled_from(
            "аеёЙнкиabeEsti ىیكةالوه\u0640\u064e\u200c\u00ad\u00a8\u0301۱2.,'’漢ⒶéßÆ\0"
        ),
        st.characters(max_codepoint=0x2FFF),
    )
)
WORDS = [
    "Kazan",
    "قازان",
    "мероприятиями",
    "می‌خواهم",
    "Ёлка,",
    "karasin's",
    "A\u00adB",
    "2.50",
    "?",
    "",
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))


@pytest.fixture(scope="module")
def unigram(tokenizer: Tokenizer) -> Unigram:
    made = unigram_of(tokenizer)
    assert made
    return made


@given(given=st.lists(pieces, max_size=5))
def test_pieces_have_the_tokens_that_the_tokenizer_gives(
    tokenizer: Tokenizer, unigram: Unigram, given: list[str]
) -> None:
    for piece, tokens in zip([*given, *WORDS], unigram.of([*given, *WORDS]), strict=True):
        expected = tokenizer.encode(piece, add_special_tokens=False).ids
        assert tokens is None or np.frombuffer(tokens, np.int32).tolist() == expected


def test_only_what_two_libraries_may_see_differently_is_left_to_the_tokenizer(
    unigram: Unigram,
) -> None:
    told = [
        tokens is not None for tokens in unigram.of([*WORDS, "кьеЕемр", "lalala", "漢字", "وو"])
    ]
    assert told == [*(True for _ in WORDS), False, False, False, True]


def test_other_kinds_of_tokenizers_have_none(tokenizer: Tokenizer) -> None:
    assert unigram_of(Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))) is None
    state = json.loads(tokenizer.to_str())
    state["normalizer"] = {"type": "Lowercase"}
    assert unigram_of(Tokenizer.from_str(json.dumps(state))) is None


def test_many_words_have_the_tokens_of_few(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [" ".join(WORDS), "еееееот и еее", "漢字 قازان"]
    expected = Tokens(tokenizer).of(texts)
    monkeypatch.setattr("index.wordwise._MANY", 0)
    many = Tokens(tokenizer)
    found = many.of(texts)
    assert many._quick
    assert [part.tolist() for part in found] == [part.tolist() for part in expected]
