import json
from pathlib import Path
from typing import Any

import pytest

from eval.compare import OVERALL, Comparison, compare, short_names, to_json
from eval.compare_text import to_text
from index.errors import InputError
from tests.saved import save, saved_run
from ui.cli.main import main

BEFORE = {"ar": [0.0, 0.5, 1.0], "en": [0.5] * 12}
AFTER = {"ar": [0.5, 0.5, 0.5], "en": [1.0] * 12}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare({"before": saved_run(BEFORE), "after": saved_run(AFTER)})


def row(comparison: Comparison, language: str) -> Any:
    return next(found for found in comparison.differences if found.language == language)


def test_differences_are_those_worked_out_by_hand(comparison: Comparison) -> None:
    overall, arabic, english = (row(comparison, x) for x in (OVERALL, "ar", "en"))
    assert (overall.baseline, overall.value) == pytest.approx((7.5 / 15, 13.5 / 15))
    assert (arabic.difference, english.difference) == pytest.approx((0.0, 0.5))
    assert (arabic.wins, arabic.ties, arabic.losses) == (1, 1, 1)
    assert (overall.wins, overall.ties, overall.losses) == (13, 1, 1)


def test_p_values_are_exact_for_few_questions_and_corrected_for_all_of_them(
    comparison: Comparison,
) -> None:
    """Twelve gains alike: two of 2^12 assignments. Of 14 alike, 13 up and 1 down: those with at
    most one sign apart, 2 x (1 + 14) of 2^14."""
    assert row(comparison, "ar").p == 1.0
    assert row(comparison, "en").p == 2 / 2**12
    assert row(comparison, OVERALL).p == 30 / 2**14
    assert row(comparison, "en").p_holm == 3 * 2 / 2**12
    assert row(comparison, OVERALL).p_holm == 2 * 30 / 2**14


def test_an_interval_holds_the_mean_it_is_of(comparison: Comparison) -> None:
    for found in comparison.differences:
        assert found.low <= found.difference <= found.high
    for mean in comparison.means:
        assert mean.low <= mean.value <= mean.high
    assert len(comparison.means) == 2 * 3


def test_questions_that_moved_most_come_first_and_those_that_did_not_are_left_out(
    comparison: Comparison,
) -> None:
    assert [question.query_id for question in comparison.moved][:2] == ["ar-0", "ar-2"]
    assert comparison.moved[1].change == -0.5
    assert "ar-1" not in {question.query_id for question in comparison.moved}


def test_the_only_language_is_not_counted_twice() -> None:
    made = compare({"a": saved_run({"ru": [0.0, 1.0]}), "b": saved_run({"ru": [1.0, 1.0]})})
    assert made.languages == (OVERALL,)
    assert len(made.differences) == 1


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (saved_run(AFTER, corpus_sha256="d" * 64), r"documents cccccccc.*documents dddddddd"),
        (saved_run(AFTER, corpus_language="ar"), r"'b' toy in 'ar'"),
        (saved_run({"ar": [1.0]}), r"'a' has 15 questions, 'b' 1, and 1 are in both; --common"),
        (saved_run({"fa": [1.0]}), "share no question"),
        (saved_run(AFTER, measure="AP"), "no measure in common"),
    ],
)
def test_runs_that_cannot_be_compared_are_refused_with_the_difference(
    other: Any, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        compare({"a": saved_run(BEFORE), "b": other})


def test_common_compares_by_the_questions_of_both() -> None:
    made = compare({"a": saved_run(BEFORE), "b": saved_run({"ar": [1.0, 0.5]})}, common=True)
    assert made.differences[0].n_queries == 2
    assert made.differences[0].difference == 0.5


def test_three_runs_without_a_question_that_all_have_are_refused() -> None:
    runs = {
        "a": saved_run({"ar": [1.0], "en": [0.5]}),
        "b": saved_run({"ar": [1.0]}),
        "c": saved_run({"en": [0.5]}),
    }
    with pytest.raises(InputError, match="no question in common"):
        compare(runs, common=True)


def test_a_measure_that_a_run_lacks_is_named_with_those_it_has() -> None:
    runs = {"a": saved_run(BEFORE), "b": saved_run(AFTER)}
    with pytest.raises(InputError, match="'a' was not measured by AP but by RR"):
        compare(runs, ["AP"])


def test_runs_are_named_by_as_little_of_their_paths_as_tells_them_apart() -> None:
    assert short_names([Path("out/bm25.json"), Path("out/hybrid.json")]) == ["bm25", "hybrid"]
    assert short_names([Path("x/a/h.json"), Path("x/b/h.json")]) == ["a/h", "b/h"]
    with pytest.raises(InputError, match="given twice"):
        short_names([Path("a.json"), Path("./a.json")])


def test_the_table_marks_what_is_significant_and_says_over_how_many(
    comparison: Comparison,
) -> None:
    text = to_text(comparison)
    english, overall = (
        next(line for line in text.splitlines() if line.startswith(f"  {x}"))
        for x in ("en", OVERALL)
    )
    assert "+0.500  **" in english
    assert english.split()[-4:] == ["0.001", "12", "0", "0"]
    assert "+0.400  **" in overall
    assert "Holm-corrected over 3 comparisons" in text


def test_json_is_one_object_with_every_figure(comparison: Comparison) -> None:
    made = json.loads(json.dumps(to_json(comparison, 1)))
    assert (made["baseline"], made["n_comparisons"]) == ("before", 3)
    assert made["moved"] == [
        {"query_id": "ar-0", "language": "ar", "change": 0.5, "values": {"before": 0, "after": 0.5}}
    ]


def test_the_command_prints_tables_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = save(tmp_path / "before.json", BEFORE), save(tmp_path / "after.json", AFTER)
    assert main(["eval", "compare", str(before), str(after)]) == 0
    assert "toy: after against before" in capsys.readouterr().out
    assert main(["eval", "compare", str(before), str(after), "--json", "--measure", "RR"]) == 0
    assert json.loads(capsys.readouterr().out)["differences"][0]["language"] == OVERALL


def test_the_command_says_in_one_line_what_cannot_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = save(tmp_path / "before.json", BEFORE)
    other = save(tmp_path / "other.json", AFTER, corpus_sha256="d" * 64)
    assert main(["eval", "compare", str(before), str(other)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit, match="2"):
        main(["eval", "compare", str(before)])
