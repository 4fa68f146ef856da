import pytest

from index.analysis import light_stem, terms, words
from index.text import fold


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("والمنظمات", "ar", "منظمة"),
        ("بالتعاون", "ar", "تعاون"),
        ("организации", "ru", "организация"),
        ("countries", "en", "country"),
        ("الْمُنَظَّمَةُ", "ar", "منظمه"),
    ],
)
def test_forms_of_a_word_share_a_term(text: str, language: str, other: str) -> None:
    assert terms(text, language) == terms(other, language)


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("کشورهای", "كشور"),
        ("کشور\u200cهای", "كشور هاي"),
        ("بزرگترین", "بزرگ"),
        ("ایرانی", "ايران"),
        ("علی", "علي"),
        ("دختر", "دختر"),
        ("ها", "ها"),
    ],
)
def test_a_persian_word_loses_its_ending_but_not_its_body(text: str, stem: str) -> None:
    assert terms(text, "fa") == stem.split()


def test_a_word_is_analysed_by_its_script_before_the_language_of_its_text() -> None:
    assert terms("forums قازان", "ar") == ["forum", "قاز"]


def test_numbers_and_dates_stay_themselves() -> None:
    assert words("١٫٦ مليار، 10,000 و 24/10/2022") == [
        "1.6",
        "مليار",
        "10,000",
        "و",
        "24",
        "10",
        "2022",
    ]


def test_vocalised_arabic_is_one_word() -> None:
    assert words("الْكِتَابُ") == ["الكتاب"]


@pytest.mark.parametrize(
    ("word", "stem"),
    [("ولد", "ولد"), ("وال", "وال"), ("العالم", "عالم"), ("كاتبون", "كاتب"), ("في", "في")],
)
def test_light_stemming_leaves_enough_of_a_word(word: str, stem: str) -> None:
    assert light_stem(fold(word)) == stem
