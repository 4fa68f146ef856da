from dataclasses import replace

import pytest

from eval.askings import Asking, askings, translated_answers
from eval.datasets import Dataset, Query, select
from index.errors import DatasetError
from index.filters import Filter
from tests.conftest import document

BOTH = {"ar1": 1, "en1": 1}
SET = Dataset(
    "toy",
    (document("ar1", "قازان", "ar"), document("en1", "Kazan", "en"), document("en2", "Oil", "en")),
    (
        Query("x-ar-1", "أين؟", "ar", ("قازان",)),
        Query("x-en-1", "Where?", "en", ("Kazan",)),
        Query("x-en-2", "Who?", "en", (), False),
        Query("x-ru-2", "Кто?", "ru", (), False),
        Query("x-en-3", "Nothing judged", "en", ("Oil",)),
        Query("x-en-4", "No answer to look for", "en"),
    ),
    {"x-ar-1": BOTH, "x-en-1": BOTH, "x-en-4": {"en2": 1}},
)


def pairs(found: list[Asking]) -> list[tuple[str, str | None]]:
    return [(one.query.query_id, one.among) for one in found]


def test_all_questions_that_can_be_measured_are_asked_of_all_documents() -> None:
    found = askings(SET, SET)
    assert pairs(found) == [(i, None) for i in ("x-ar-1", "x-en-1", "x-en-2", "x-ru-2")]
    assert found[0].relevant == {"ar1", "en1"}
    assert [one.pair for one in found] == ["ar>ar", "en>en", None, None]


def test_documents_in_the_own_language_or_in_each_by_itself() -> None:
    own = askings(SET, SET, "own")
    assert pairs(own) == [("x-ar-1", "ar"), ("x-en-1", "en"), ("x-en-2", "en")]
    assert [one.relevant for one in own] == [{"ar1"}, {"en1"}, set()]
    each = askings(SET, SET, "each")
    assert [one.pair for one in each] == ["ar>ar", "ar>en", "en>ar", "en>en", "en>ar", "en>en"]


def test_the_answer_may_stand_in_one_language_alone_among_documents_in_all() -> None:
    alone = askings(SET, SET, "alone")
    assert [one.pair for one in alone] == ["ar>ar", "ar>en", "en>ar", "en>en", "en>ar", "en>en"]
    across = alone[1]
    assert (set(across.relevant), across.filters) == ({"en1"}, Filter(without=["ar1"]))
    again = askings(SET, SET, "alone", without_relevant=True)[3]
    assert (again.pair, again.left_out, again.filters.without) == ("ar>en", True, ["ar1", "en1"])


def test_across_languages_the_same_question_in_the_other_says_what_answers() -> None:
    across = askings(select(SET, "ar", "en"), SET, "each")
    assert [(one.pair, one.answers) for one in across] == [("ar>en", ("قازان", "Kazan"))]
    elsewhere = replace(SET, qrels={"x-ar-1": BOTH, "x-en-1": {"en1": 1}})
    assert translated_answers(elsewhere) == {}


def test_with_a_limit_as_many_of_each_pair_are_drawn_whatever_their_order() -> None:
    queries = tuple(Query(f"{i}-{x}", "?", x, ("Kazan",)) for i in range(40) for x in ("ar", "en"))
    many = replace(SET, queries=queries, qrels={q.query_id: BOTH for q in queries})
    drawn = pairs(askings(many, many, "own", limit=5))
    assert [language for _, language in drawn].count("ar") == len(drawn) - 5 == 5
    turned = replace(many, queries=queries[::-1])
    assert pairs(askings(turned, turned, "own", limit=5)) == drawn[::-1]


def test_each_is_asked_again_without_the_documents_that_answer_it() -> None:
    first, again, *_ = askings(SET, SET, without_relevant=True)
    assert (first.answerable, again.answerable) == (True, False)
    assert (first.filters.without, again.filters.without) == ((), ["ar1", "en1"])
    assert [one.left_out for one in askings(SET, SET, "own", without_relevant=True)] == [
        *(False, True),
        *(False, True),
        False,  # nothing answers it as it is
    ]


def test_a_set_without_answers_is_refused_in_one_line() -> None:
    with pytest.raises(DatasetError, match="no question of 'toy' has both 'answers'"):
        askings(replace(SET, qrels={}), SET)
