"""Documents that give different values are told apart, and questions about time are dated."""

from datetime import date
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import AnswerConfig
from assistant.recency import is_timely
from assistant.types import Answer
from index.build import index_documents
from index.config import IndexConfig
from index.search import Searcher
from tests.conftest import document
from ui.words import words

OLD, NEW = date(2021, 10, 27), date(2022, 10, 24)


def answered(folder: Path, question: str, *texts: str) -> Answer:
    """From documents of which the second is the newer one."""
    dates = (OLD, NEW, None)
    documents = [
        document(f"{i}.txt", text, date=day)
        for i, (text, day) in enumerate(zip(texts, dates, strict=False))
    ]
    index_documents([*documents, document("bread", "Bread is baked.")], folder, IndexConfig())
    with Searcher.open(folder) as searcher:
        return Assistant(searcher, AnswerConfig(max_risk=1.0)).ask(question)


QUESTION = "How many countries took part in the forum?"


def test_two_numbers_for_the_same_thing_are_both_told_with_their_dates(tmp_path: Path) -> None:
    texts = "More than 70 countries took part in the forum.", "80 countries took part in the forum."
    (note,) = answered(tmp_path, QUESTION, *texts).notes
    assert note.kind == "differ"
    assert {"70", "80", "2021-10-27", "2022-10-24", "[1]", "[2]"} <= set(
        note.detail.replace("“More than ", "").replace("“", "").replace("”", "").split()
    )
    assert words("ru").note(note).startswith("Документы расходятся: “")


def test_three_numbers_for_the_same_thing_are_all_told(tmp_path: Path) -> None:
    texts = [f"{n} countries took part in the forum." for n in (70, 80, 90)]
    answer = answered(tmp_path, QUESTION, *texts)
    (note,) = answer.notes
    assert {s.text for s in answer.sentences} == set(texts)
    assert all(f"“{n}” [" in note.detail for n in (70, 80, 90))


def test_a_value_is_of_what_the_sentence_before_names(tmp_path: Path) -> None:
    texts = (
        "The Tarrow lighthouse was built in 1874 by a company.",
        "Painters work on the Tarrow lighthouse. The lighthouse was built in 1881, they say.",
    )
    (note,) = answered(tmp_path, "In what year was the Tarrow lighthouse built?", *texts).notes
    assert "“1874” [" in note.detail
    assert "“1881” [" in note.detail


def test_another_year_than_is_asked_for_is_no_disagreement(tmp_path: Path) -> None:
    texts = [f"In {year} the forum had {n} guests." for year, n in ((2021, 300), (2023, 450))]
    answer = answered(tmp_path, "How many guests did the forum have in 2023?", *texts)
    assert answer.notes == ()


@pytest.mark.parametrize(
    "other",
    [
        "Over 70 countries took part in the forum.",
        "Seventy countries took part in the forum.",
        "80 guests took part in the forum.",
        "80% of countries took part in the forum.",
        "The forum opened in 80 rooms of a hotel.",
    ],
)
def test_the_same_number_and_another_thing_are_no_disagreement(tmp_path: Path, other: str) -> None:
    answer = answered(tmp_path, QUESTION, "70 countries took part in the forum.", other)
    assert answer.notes == ()


def test_the_newest_of_equals_answers_a_question_about_the_last(tmp_path: Path) -> None:
    texts = "The last forum was held in Ufa.", "The last forum was held in Kazan."
    answer = answered(tmp_path, "Where was the last forum held?", *texts)
    assert answer.sentences[0].text == texts[1]
    (note,) = answer.notes
    assert (note.kind, note.detail.split(" · ")[0]) == ("dated", "[1] 2022-10-24")


@pytest.mark.parametrize(
    "question",
    [
        "When is the next summit?",
        "متى القمة القادمة؟",
        "آخرین نشست کجا بود؟",
        "نشست آینده کجاست؟",
        "Где был последний форум?",
    ],
)
def test_questions_about_the_last_and_the_next_are_known(question: str) -> None:
    assert is_timely(question)
    assert not is_timely("When was the forum founded?")
