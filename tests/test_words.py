"""What the pages say, in every language they speak."""

import re
from dataclasses import fields
from string import Formatter

import pytest

from ui.words import SPOKEN, Words, language_name, page_words, texts, words

LETTERS = {"ar": "[\u0621-\u064a]", "fa": "[\u0621-\u06cc]", "ru": "[а-яё]", "en": "[a-z]"}
OTHERS = [language for language in SPOKEN if language != "en"]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_the_same_things_with_the_same_blanks(language: str) -> None:
    for section, said in texts("en").items():
        other = texts(language)[section]
        assert other.keys() == said.keys()
        assert {n: placeholders(t) for n, t in other.items()} == {
            n: placeholders(t) for n, t in said.items()
        }


@pytest.mark.parametrize("language", SPOKEN)
def test_every_text_has_letters_of_its_language(language: str) -> None:
    found = re.compile(LETTERS[language], re.IGNORECASE)
    for section in texts(language).values():
        assert [n for n, t in section.items() if n != "arrow" and not found.search(t)] == []


def test_every_label_of_an_answer_has_its_text() -> None:
    assert {field.name for field in fields(Words)} == {*texts("en")["answer"], "refusal"}


def test_a_language_that_nobody_wrote_texts_for_is_english() -> None:
    assert words("de") == words("en") != words("ar")
    assert page_words("AR-eg")["ask"] == page_words("ar")["ask"] == "اسأل"
    assert language_name("fa", "en") == "Persian"
    assert language_name("tlh", "en") == "tlh"
