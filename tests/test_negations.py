import pytest

from assistant.negations import reversed_in
from index.passages import split_passages
from tests.conftest import document


def turned(claim: str, source: str, language: str) -> bool:
    return reversed_in(claim, split_passages(document("a.txt", source, language))) is not None


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("The arches would carry lorries.", "The arches would not carry lorries.", "en"),
        ("He didn't sign the treaty.", "He signed the treaty and he did sign the treaty.", "en"),
        ("Cars will be allowed on it.", "In May no cars will be allowed on it.", "en"),
        ("Зеркало удалось спасти.", "Зеркало не удалось спасти.", "ru"),
        ("سيُسمح بدخول السيارات.", "وقالت إنه لن يُسمح بدخول السيارات.", "ar"),
        ("باغداران چاه تازه‌ای کندند.", "باغداران چاه تازه‌ای نکندند.", "fa"),
        ("کتابخانه نمی‌خواهد کاغذ بخرد.", "کتابخانه می‌خواهد کاغذ بخرد.", "fa"),
    ],
)
def test_a_sentence_that_lacks_the_not_of_its_source_is_turned_around(
    claim: str, source: str, language: str
) -> None:
    assert turned(claim, source, language)
    assert not turned(source, source, language)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("He was not sorry for it.", "Nobody was there. He was not sorry for it."),
        (
            "The arches would carry people.",
            "It was said: not today. The arches would carry people.",
        ),
        ("Each may take not more than five.", "No country may not take more than five."),
        ("Bread is dear in town.", "The arches would not carry lorries."),
    ],
)
def test_other_differences_turn_nothing_around(claim: str, source: str) -> None:
    assert not turned(claim, source, "en")
