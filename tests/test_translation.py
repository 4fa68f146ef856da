from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import sparse
from index.sparse import K1, B, LanguageCounts
from index.text import fold
from index.training.alignment import Lexicon, bitext, model1
from index.training.pairs import Pair
from index.training.tables import Recipe, build
from index.translation import Table, Translator, WordList, query_terms
from index.transliteration import Names, similarities, skeleton, sounds


def pairs_of(*lines: str) -> list[Pair]:
    return [Pair("test", "text", *line.split(" | ")) for line in lines]


HOUSES = pairs_of(
    "the house | дом",
    "the book | книга",
    "a house | дом",
    "a book | книга",
    "the red house | красный дом",
    "the red book | красная книга",
)


@pytest.fixture(scope="module")
def houses() -> Translator:
    return build({"en-ru": HOUSES}, Recipe())


def counts_of(*passages: str) -> LanguageCounts:
    return sparse.count(range(len(passages)), [passage.split() for passage in passages])


def test_model_1_finds_the_word_that_always_comes_along() -> None:
    left, right = Lexicon("en"), Lexicon("ru")
    text = bitext(HOUSES, left, right)
    forward, backward = model1(text, len(left.words), len(right.words), 5)
    house, home = left.words.index("house"), right.words.index("дом")
    assert forward[[house]].toarray().argmax() == home
    assert backward[[home]].toarray().argmax() == house
    assert forward.sum(axis=1) == pytest.approx(np.ones(len(left.words)))


def test_each_word_is_translated_both_ways(houses: Translator) -> None:
    assert next(iter(houses.translate("house", "en", "ru"))) == "дом"
    assert next(iter(houses.translate("книга", "ru", "en"))) == "book"


def test_probabilities_sum_to_at_most_one(houses: Translator) -> None:
    for word in ("the", "a", "red", "house", "book"):
        assert 0 < sum(houses.translate(word, "en", "ru").values()) <= 1


def test_a_form_that_the_tables_lack_is_translated_by_its_kin(houses: Translator) -> None:
    assert "дом" in houses.translate("houses", "en", "ru")


def test_an_arabic_clitic_does_not_hide_the_word() -> None:
    lines = ("peace | سلام", "book | كتاب", "peace and book | سلام وكتاب")
    tables = build({"en-ar": pairs_of(*lines)}, Recipe())
    assert next(iter(tables.translate("بالسلام", "ar", "en"))) == "peace"
    assert next(iter(tables.translate("بسلام", "ar", "en"))) == "peace"


def test_founded_is_not_found() -> None:
    found = [f"found {x} | нашел {x}" for x in "абвг"]
    founded = [f"founded {x} | основал {x}" for x in "абвг"]
    tables = build({"en-ru": pairs_of(*found, *founded)}, Recipe())
    assert next(iter(tables.translate("founded", "en", "ru"))) == "основал"
    assert next(iter(tables.translate("found", "en", "ru"))) == "нашел"


def test_two_languages_meet_through_english() -> None:
    pairs = {
        "en-ar": pairs_of("peace | سلام", "book | كتاب"),
        "en-ru": pairs_of("peace | мир", "book | книга"),
        "ar-ru": pairs_of("كتاب | книга"),
    }
    tables = build(pairs, Recipe())
    assert next(iter(tables.translate("سلام", "ar", "ru"))) == "мир"
    assert next(iter(tables.translate("мир", "ru", "ar"))) == "سلام"


def test_numbers_and_words_of_the_same_language_are_themselves(houses: Translator) -> None:
    assert houses.translate("2024", "en", "ru") == {"2024": 1.0}
    assert houses.translate("house", "en", "en") == {"house": 1.0}


def test_a_latin_word_in_a_persian_question_is_english(houses: Translator) -> None:
    assert next(iter(houses.translate("house", "fa", "ru"))) == "дом"
    assert houses.translate("house", "fa", "en") == {"house": 1.0}


def test_common_words_tell_less(houses: Translator) -> None:
    assert houses.tells("the", "en") < houses.tells("book", "en") <= houses.tells("unseen", "en")


def test_what_is_saved_is_loaded_again(houses: Translator, tmp_path: Path) -> None:
    houses.save(tmp_path)
    loaded = Translator.load(tmp_path)
    for word in ("the", "house", "red", "unseen"):
        assert loaded.translate(word, "en", "ru") == houses.translate(word, "en", "ru")
        assert loaded.tells(word, "en") == houses.tells(word, "en")


@pytest.mark.parametrize(
    "name",
    [
        "minnikhanov минниханов مينيخانوف مينیخانف",
        "luther лютер لوثر",
        "fresno фресно فريسنو",
        "vladimir владимир فلاديمير",
        "shakespeare шекспир شكسبير",
        "tesla тесла تسلا",
    ],
)
def test_a_name_has_one_skeleton_in_every_script(name: str) -> None:
    assert len({skeleton(form) for form in fold(name).split()}) == 1


def test_other_words_have_other_skeletons() -> None:
    assert len({skeleton(word) for word in ("минск", "марокко", "кувейт", "иран")}) == 4


@given(st.text("abcdefghiklmnoprstuvxyzабвгдежзиклмнопрстуфхцчшيوامنهدرس", max_size=9))
def test_a_word_sounds_like_itself(word: str) -> None:
    assert similarities(sounds(word), [sounds(word)]).tolist() == [1.0]


def test_what_two_words_sound_apart_is_weighed_by_the_sounds() -> None:
    # mAt weighs 2.35; a vowel for another costs .25, d for t .5, no t .7, no A .25, no m 1.
    found = similarities("mAt", ["mAt", "mUt", "mAd", "mA", ""])
    costs = np.array([0, 0.25, 0.5, 0.7, 1 + 0.25 + 0.7])
    assert found == pytest.approx(1 - costs / 2.35)
    # What is longer weighs more: s costs 1, and mAtUs weighs 3.7.
    assert similarities("mAt", ["mAtUs"]) == pytest.approx([1 - (0.25 + 1) / 3.7])


def test_names_are_found_in_the_index_by_sound() -> None:
    names = Names({"مينيخانوف": 0, "قازان": 1, "كتاب": 2, "لمينيخانوف": 3}, "ar")
    found = names.alike("минниханова", "ru")
    assert set(found) == {"مينيخانوف", "لمينيخانوف"}
    assert found["مينيخانوف"] >= found["لمينيخانوف"]
    assert 0 < sum(found.values()) <= 1
    assert names.alike("стул", "ru") == {}


def test_a_virtual_term_of_one_term_scores_as_the_term() -> None:
    counts = counts_of("a b b c", "a c c", "d e", "f g", "a h")
    plain = counts.scores(["b", "c", "a"])
    virtual = counts.virtual_scores([{"b": 1.0}, {"c": 1.0}, {"a": 1.0}])
    assert virtual == pytest.approx(plain)


def test_virtual_terms_sum_frequencies_by_weight() -> None:
    counts = counts_of("a a b x", "b y y y", "x x x x", "y z z z", "z z z z")
    # tf is .5 * 2 + .25 * 1 and .25 * 1; df .5 * 1 + .25 * 2; every passage is of average length.
    idf = log((5 - 1 + 0.5) / (1 + 0.5))
    expected = [idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B)) for tf in (1.25, 0.25)]
    scores = counts.virtual_scores([{"a": 0.5, "b": 0.25, "nowhere": 0.25}], [2.0])
    assert scores == pytest.approx([2 * expected[0], 2 * expected[1], 0, 0, 0])


def test_a_virtual_terms_df_is_at_most_all_passages() -> None:
    counts = counts_of("a b c", "a b c", "a b d")
    assert counts.virtual_idf({"a": 1.0, "b": 1.0, "c": 1.0}) == counts.floor
    assert (counts.virtual_scores([{"a": 1.0, "b": 1.0}]) > 0).all()


def test_a_query_finds_the_passage_of_its_translation(houses: Translator) -> None:
    counts = counts_of("красн дом", "красн книг", "пуст 2024")
    virtual = query_terms(
        "Where is the house of 2024?", "en", houses, Names(counts.vocabulary, "ru")
    )
    scores = counts.virtual_scores([v.terms for v in virtual], [v.weight for v in virtual])
    assert scores[0] > scores[1]
    assert scores[2] > scores[1]


def test_a_table_reads_its_rows_in_order() -> None:
    table = Table(
        np.array([1, 0, 2], np.uint8),
        np.array([4, 7, 5], np.uint16),
        np.array([255, 51, 0], np.uint8),
    )
    assert [table.row(i) for i in range(3)] == [[(4, 1.0)], [], [(7, 0.2), (5, 0.0)]]


def test_a_language_without_tables_translates_nothing(houses: Translator) -> None:
    assert houses.translate("haus", "de", "ru") == {}
    assert WordList("de", ["haus"], np.zeros(1, np.uint8)).kin("maus") == []
