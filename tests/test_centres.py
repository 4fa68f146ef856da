"""What the texts of a language share is taken off their vectors."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval import centring
from eval.datasets import Dataset, Query
from index.centres import SHARE, Centres, taken_off
from index.encoder import ACCURATE_FOLDER, load_encoder
from tests.conftest import document

OFF_TOPIC = {
    "en": "The bakery raised the price of rye bread by ten percent in March.",
    "ar": "رفع المخبز سعر خبز الجاودار بنسبة عشرة في المئة في مارس.",
    "fa": "نانوایی در ماه مارس قیمت نان چاودار را ده درصد بالا برد.",
    "ru": "В марте пекарня подняла цену на ржаной хлеб на десять процентов.",
}
ASKED = {
    "en": "Who conducts the city orchestra?",
    "ar": "من يقود أوركسترا المدينة؟",
    "fa": "چه کسی ارکستر شهر را رهبری می‌کند؟",
    "ru": "Кто дирижирует городским оркестром?",
}


def unit(*numbers: float) -> np.ndarray:
    row = np.array(numbers, np.float32)
    return row / np.linalg.norm(row)


def test_a_share_of_its_languages_centre_is_taken_off_each_row() -> None:
    centres = {"en": np.array([0.4, 0, 0], np.float32), "ru": np.array([0, 0.4, 0], np.float32)}
    rows = np.stack([unit(1, 1, 1)] * 3)
    found = taken_off(rows, ["A house", "Дом", "بيت"], centres)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1])
    left = 1 - SHARE * 0.4 * 3**0.5
    assert found[0] == pytest.approx(unit(left, 1, 1))
    assert found[1] == pytest.approx(unit(1, left, 1))
    assert found[2] == pytest.approx(rows[2])


def test_nothing_is_taken_off_where_nothing_is_known(tmp_path: Path) -> None:
    none = Centres.load(tmp_path)
    rows = np.stack([unit(1, 2)])
    assert taken_off(rows, ["A house"], none.queries) is rows
    assert taken_off(np.zeros((0, 2), np.float32), [], {"en": unit(1, 2)}).shape == (0, 2)


def test_centres_are_kept_by_side_and_language(tmp_path: Path) -> None:
    Centres({"en": unit(1, 2)}, {"ar": unit(2, 1), "en": unit(1, 1)}).save(tmp_path)
    again = Centres.load(tmp_path)
    assert (set(again.queries), set(again.passages)) == ({"en"}, {"ar", "en"})
    assert again.passages["ar"] == pytest.approx(unit(2, 1), abs=1e-3)


def test_the_bundled_transformer_leans_less_to_the_questions_own_language(tmp_path: Path) -> None:
    plain = centring.without_centres(ACCURATE_FOLDER, tmp_path)
    centred = load_encoder("accurate")
    assert set(Centres.load(ACCURATE_FOLDER).queries) == set(ASKED)

    def leaning(questions: np.ndarray, passages: np.ndarray) -> float:
        """By how much a passage about something else is nearer in the question's language, in
        deviations of what such passages have."""
        cosines = questions @ passages.T
        own = np.eye(len(cosines), dtype=bool)
        return float((cosines[own].mean() - cosines[~own].mean()) / cosines[~own].std())

    texts = list(ASKED.values()), list(OFF_TOPIC.values())
    before = leaning(plain.queries(texts[0]), plain.passages(texts[1]))
    after = leaning(centred.queries(texts[0]), centred.passages(texts[1]))
    assert after < 0.7 * before


def test_the_means_are_of_questions_and_of_the_passages_they_are_asked_of() -> None:
    documents = (document("a", "A river."), document("b", "نهر.", "ar"), document("c", "Unasked."))
    asked = (Query("1", "Which river?", "en"), Query("2", "Какая река?", "ru"))
    toy = Dataset("toy", documents, asked, {"1": {"a": 1}, "2": {"b": 1}})
    assert centring.questions([toy]) == {"en": ["Which river?"], "ru": ["Какая река?"]}
    assert centring.passages([toy, toy]) == {"en": ["A river."] * 2, "ar": ["نهر."] * 2}

    def lengths(texts: Sequence[str]) -> np.ndarray:
        return np.array([[len(text), 1] for text in texts], np.float32)

    found = centring.means({"en": ["a", "bbb", "ccccc", "ddddddd"]}, lengths, 2)
    assert found["en"].tolist() == [4.0, 1.0]  # of the first and the last
