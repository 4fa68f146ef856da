"""What the pages say, in every language they speak."""

import re
from dataclasses import fields
from string import Formatter

import pytest

from assistant.errors import GeneratorError
from index.errors import IndexBroken, SanadError
from index.reasons import REASONS
from ui.telling import line_of
from ui.words import SPOKEN, Words, language_name, number, page_words, texts, words

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


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_a_line_for_each_reason_and_for_errors_of_every_class(
    language: str,
) -> None:
    blanks = {kind: placeholders(line) for kind, line in REASONS.items()}
    assert {k: placeholders(t) for k, t in texts(language)["reasons"].items()} == blanks
    assert texts(language)["errors"].keys() <= {known.__name__ for known in tree(SanadError)}
    assert {line_of(known("x"), language) for known in (SanadError, IndexBroken)} == {
        texts(language)["errors"][name] for name in ("SanadError", "IndexBroken")
    }
    assert line_of(GeneratorError("the model is late"), "en") == "the model is late"


def tree(error: type[SanadError]) -> set[type[SanadError]]:
    return {error}.union(*map(tree, error.__subclasses__()))


@pytest.mark.parametrize("language", SPOKEN)
def test_every_text_has_letters_of_its_language(language: str) -> None:
    found = re.compile(LETTERS[language], re.IGNORECASE)
    for section in texts(language).values():
        assert [n for n, t in section.items() if n != "arrow" and not found.search(t)] == []


def test_every_label_of_an_answer_has_its_text() -> None:
    assert {field.name for field in fields(Words)} == {*texts("en")["answer"], "refusal"}


def test_a_number_has_the_digits_and_marks_of_the_pages_language() -> None:
    written = {language: number(12345, language) for language in SPOKEN}
    assert written == {"ar": "12,345", "en": "12,345", "fa": "۱۲٬۳۴۵", "ru": "12\u00a0345"}


def test_a_language_that_nobody_wrote_texts_for_is_english() -> None:
    assert words("de") == words("en") != words("ar")
    assert page_words("AR-eg")["ask"] == page_words("ar")["ask"] == "اسأل"
    assert language_name("fa", "en") == "Persian"
    assert language_name("tlh", "en") == "tlh"
