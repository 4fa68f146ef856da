"""What is said of differing documents is counted rightly."""

import json
from pathlib import Path

import pytest

from assistant.types import Answer, Note
from eval.differing import outcomes_of, read_cases, to_json, to_text
from index.errors import DatasetError

CASES = Path(__file__).parent.parent / "eval" / "differing.jsonl"


def answer(*told: str) -> Answer:
    """One that says that documents differ in these values."""
    detail = " · ".join(f"“{text}” [{i}] 2021-10-27" for i, text in enumerate(told, start=1))
    notes = (Note("differ", detail, len(told)),) if told else ()
    return Answer("q", "q", (), (), (), False, 1.0, "en", "extractive", "f", notes=notes)


def case(case_id: str, *values: str) -> str:
    texts = [{"text": f"It has {value} rooms.", "date": "2024-03-07"} for value in values]
    row = {"id": case_id, "language": "en", "question": case_id, "documents": texts}
    return json.dumps(row | {"values": values})


def test_precision_and_recall_count_the_notes_that_tell_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    rows = case("both", "70", "80"), case("one", "70", "80"), case("none", "70", "80"), case("same")
    file.write_text("\n".join(rows))
    answers = {
        "both": answer("more than 70", "80"),
        "one": answer("70", "2021"),
        "none": answer(),
        "same": answer("1", "2"),
    }
    outcomes = outcomes_of(read_cases(file), answers.__getitem__)
    assert [outcome.right for outcome in outcomes] == [True, False, False, False]
    found = to_json(outcomes)["overall"]
    assert (found["n_differing"], found["n_told"]) == (3, 3)
    assert found["precision"] == found["recall"] == pytest.approx(1 / 3)
    assert [line.split()[0] for line in to_text(outcomes).split("\n")[-3:]] == [
        "one",
        "none",
        "same",
    ]


def test_half_of_the_cases_differ_in_each_half_and_language() -> None:
    counted: dict[tuple[str, str], list[bool]] = {}
    for found in read_cases(CASES):
        told = " ".join(document.text for document in found.documents)
        assert all(value in told for value in found.values)
        counted.setdefault((found.language, found.split), []).append(bool(found.values))
    assert len(counted) == 8
    assert all(sum(differ) * 2 == len(differ) for differ in counted.values())


def test_a_case_without_a_day_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(case("x", "70").replace("2024-03-07", "March"))
    with pytest.raises(DatasetError, match="line 1, documents 1 has no day as 'date'"):
        read_cases(file)
