import math
import sys

import ir_measures
import pytest

from eval.datasets import Dataset, Query
from eval.measures import MEASURES, evaluate, parse_measure
from eval.report import to_json, to_text
from eval.runs import Run
from index.errors import DatasetError, InputError
from tests.conftest import document

QRELS = {"q1": {"a": 1, "b": 2}, "q2": {"c": 1}, "q3": {"d": 1}}


def dataset(qrels: dict[str, dict[str, int]]) -> Dataset:
    documents = tuple(document(i, i) for i in "abcde")
    languages = {"q1": "ar", "q2": "ru", "q3": "ar", "q4": "fa"}
    queries = tuple(Query(i, i, language) for i, language in languages.items())
    return Dataset("tiny", documents, queries, qrels)


# q1 finds a at rank 1 and b at rank 3; q2 finds c at rank 2; q3 is not in the run; q4 not judged.
RUN = Run(
    "mine",
    {
        "q1": [("a", 9.0), ("e", 8.0), ("b", 7.0)],
        "q2": [("e", 2.0), ("c", 1.0)],
        "q4": [("a", 1.0)],
    },
)
# Gains 1 and 2 at ranks 1 and 3, over gains 2 and 1 at ranks 1 and 2.
NDCG_Q1 = (1 + 2 / math.log2(4)) / (2 + 1 / math.log2(3))
NDCG_Q2 = 1 / math.log2(3)


def test_each_measure_is_what_its_definition_gives_by_hand() -> None:
    q1 = evaluate(dataset(QRELS), RUN).per_query["q1"]
    expected = {"nDCG@10": NDCG_Q1, "R@1": 1 / 2, "R@5": 1, "R@100": 1, "RR": 1}
    assert q1 == pytest.approx(expected | {"AP": (1 + 2 / 3) / 2})


def test_the_mean_counts_a_query_the_run_lacks_as_zero() -> None:
    overall = evaluate(dataset(QRELS), RUN).overall
    assert overall.n_queries == 3
    assert overall.values["nDCG@10"] == pytest.approx((NDCG_Q1 + NDCG_Q2 + 0) / 3)
    assert overall.values["RR"] == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_means_are_given_for_each_language_of_the_queries() -> None:
    by_language = evaluate(dataset(QRELS), RUN).by_language
    assert {language: means.n_queries for language, means in by_language.items()} == {
        "ar": 2,
        "ru": 1,
    }
    assert by_language["ar"].values["RR"] == pytest.approx(1 / 2)
    assert by_language["ru"].values["RR"] == pytest.approx(1 / 2)


def test_a_query_for_which_nothing_was_found_counts_as_zero() -> None:
    found = evaluate(dataset({"q1": {"a": 1}}), Run("none", {"q1": []}))
    assert set(found.overall.values.values()) == {0.0}


@pytest.mark.parametrize(("relevant", "rr"), [("a", 1.0), ("b", 0.5)])
def test_among_equal_scores_the_smaller_id_counts_as_first(relevant: str, rr: float) -> None:
    tied = Run("tied", {"q1": [("b", 1.0), ("a", 1.0)]})
    assert evaluate(dataset({"q1": {relevant: 1}}), tied, ["RR"]).overall.values == {"RR": rr}


def test_scores_that_single_precision_cannot_tell_apart_still_rank() -> None:
    close = Run("close", {"q1": [("a", 1.0 + 1e-12), ("b", 1.0)]})
    assert evaluate(dataset({"q1": {"a": 1}}), close, ["RR"]).overall.values == {"RR": 1.0}


def test_nothing_judged_cannot_be_measured() -> None:
    with pytest.raises(DatasetError, match="no query of 'tiny' has a judged document"):
        evaluate(dataset({}), RUN)


def test_measures_keep_the_names_that_ir_measures_prints() -> None:
    assert tuple(str(parse_measure(name)) for name in MEASURES) == MEASURES
    assert str(parse_measure("MRR@10")) == "RR@10"
    assert evaluate(dataset(QRELS), RUN, ["MRR@10", "P@5", "RR@10"]).measures == ("RR@10", "P@5")


@pytest.mark.parametrize("name", ["", "nDCG@", "R@0", "R", "nonsense@3", "util", "nDCG@x"])
def test_what_is_no_measure_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no measure that can be computed; try nDCG@10"):
        parse_measure(name)


@pytest.mark.parametrize(
    "name", ["R@True", "P(rel=0)@5", "P(5)", "RBP(p=1.5)", "P@5; P", "(" * 150]
)
def test_what_would_be_computed_wrongly_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no measure that can be computed"):
        parse_measure(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("NumQ", "'NumQ' is a count, no mean"),
        ("ERR", "give it a cutoff"),
        ("BPM(max_rel=2)@5", r"pip install ir-measures\[cwl_eval\]"),
    ],
)
def test_what_ir_measures_knows_but_cannot_compute_says_why(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_measure(name)


NAMES = (
    *(
        "nDCG@10",
        "P(rel=2)@5",
        "Judged@10",
        "AP(rel=2)",
        "RBP(p=0.8)@10",
        "RBP(p=0.5,rel=2)",
        "MAP",
    ),
    *("nDCG(dcg='exp-log2')@5", "nDCG(gains={1:5,2:9})", "IPrec@0.1", "SetF(beta=2.0)", "ERR@20"),
    *("R(judged_only=True)@5", "Success@1", "Bpref", "Compat(p=0.9)"),
)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="ir_measures' parser is deprecated there")
@pytest.mark.parametrize("name", NAMES)
def test_names_mean_what_ir_measures_takes_them_for(name: str) -> None:
    assert parse_measure(name) == ir_measures.parse_measure(name)


def values(name: str) -> list[float]:
    """Of q1, q2 and q3."""
    [measure] = evaluate(dataset(QRELS), RUN, [name]).measures
    return [row[measure] for row in evaluate(dataset(QRELS), RUN, [name]).per_query.values()]


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        # q1: a is judged, e is not, b is; q2: e is not, c is. No more than three were found.
        ("Judged@1", [1, 0, 0]),
        ("Judged@10", [2 / 3, 1 / 2, 0]),
        # Only b of q1 has relevance 2; it is third.
        ("P(rel=2)@5", [1 / 5, 0, 0]),
        ("AP(rel=2)", [1 / 3, 0, 0]),
        ("RBP(p=0.8)@10", [0.2 * (1 + 2 * 0.64), 0.2 * 0.8, 0]),
        ("RBP(p=0.5,rel=2)", [0.5 * 0.25, 0, 0]),
        # Stops at rank r with (2^relevance - 1) / 16; gdeval prints five digits.
        ("ERR@2", [1 / 16, 1 / 16 / 2, 0]),
        ("ERR@20", [1 / 16 + 15 / 16 * 3 / 16 / 3, 1 / 16 / 2, 0]),
    ],
)
def test_measures_with_parameters_are_what_their_definitions_give_by_hand(
    name: str, by_hand: list[float]
) -> None:
    assert values(name) == pytest.approx(by_hand, abs=6e-6)


def test_one_measure_does_not_change_another() -> None:
    together = evaluate(dataset(QRELS), RUN, ["nDCG(gains={1:9})@10", "nDCG@10", "AP(rel=2)", "AP"])
    assert together.per_query["q1"]["nDCG@10"] == pytest.approx(NDCG_Q1)
    assert together.per_query["q1"]["AP"] == pytest.approx((1 + 2 / 3) / 2)


def test_ids_of_any_spelling_are_measured_alike() -> None:
    spelled = Dataset("x", (), (), {"ar-12": {"d 1": 1}, "en-12": {"d 2": 1}})
    run = Run("x", {"ar-12": [("d 1", 1.0)], "en-12": [("d 3", 1.0)]})
    per_query = evaluate(spelled, run, ["ERR@20", "nDCG@10"]).per_query
    assert per_query["ar-12"] == pytest.approx({"ERR@20": 1 / 16, "nDCG@10": 1.0})
    assert per_query["en-12"] == {"ERR@20": 0.0, "nDCG@10": 0.0}


def test_a_measure_that_fails_says_so() -> None:
    one = Dataset("x", (), (), {"q": {"a": 1}})
    with pytest.raises(InputError, match="'Accuracy' cannot be computed of this run"):
        evaluate(one, Run("x", {"q": [("a", 1.0)]}), ["Accuracy"])


def test_json_has_the_fields_scripts_rely_on() -> None:
    assert to_json(evaluate(dataset(QRELS), RUN, ["RR"])) == {
        "dataset": "tiny",
        "run": "mine",
        "n_queries": 3,
        "measures": {"RR": 0.5},
        "by_language": {"ar": {"n_queries": 2, "RR": 0.5}, "ru": {"n_queries": 1, "RR": 0.5}},
        "by_pair": {},
    }


def test_the_table_has_a_row_for_each_language_and_its_figures_to_the_right() -> None:
    found = evaluate(dataset(QRELS), RUN, ["RR", "R@1"])
    assert to_text([found]).splitlines() == [
        "tiny, mine",
        "         queries     RR    R@1",
        "overall        3  0.500  0.167",
        "ar             2  0.500  0.250",
        "ru             1  0.500  0.000",
    ]
    assert to_text([found, found]) == to_text([found]) + "\n\n" + to_text([found])
