from pathlib import Path

import pytest

from eval.datasets import document_language
from eval.jsonl import read_jsonl
from eval.written import read_written
from index.analysis import words
from index.errors import DatasetError
from index.loading import find_files, load_all
from index.types import Document
from tests.conftest import SEEDS

REPORT = """=== A bridge reopens
The bridge at Tarvo reopened on 3 May after two years.
+en When was it opened again? => 3 May
-ar كم كلّف الجسر؟
"""


def test_a_report_is_relevant_to_its_questions_whether_it_answers_or_not(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text(REPORT + "\n" + REPORT.replace("Tarvo", "Lunde"), "utf-8")
    found = read_written(tmp_path)
    first, second = found.documents
    assert first.text.startswith("A bridge reopens\n\nThe bridge at Tarvo")
    assert document_language(second) == "en"
    answered, missed, *others = found.queries
    assert (answered.text, answered.language, answered.answers) == (
        *("When was it opened again?", "en"),
        ("3 May",),
    )
    assert (missed.language, missed.answerable, missed.kind) == ("ar", False, "near-miss")
    assert [[*found.qrels[q.query_id]] for q in (missed, *others)] == [
        [first.doc_id],
        *[[second.doc_id]] * 2,
    ]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("=> 3 May", "=> 4 May", "answer of en-1-1 does not stand in its report: '4 May'"),
        ("+en When", "When", "does not begin as"),
        ("=== ", "", "report en-1 has no title"),
    ],
)
def test_a_report_that_is_not_as_it_should_be_is_named(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    (tmp_path / "en.txt").write_text(REPORT.replace(was, now, 1), "utf-8")
    with pytest.raises(DatasetError, match=said):
        read_written(tmp_path)


def test_the_reports_of_the_project_are_well_formed_and_to_learn_from() -> None:
    found = read_written()
    languages = {document_language(document) for document in found.documents}
    assert languages == {query.language for query in found.queries} == {"ar", "en", "fa", "ru"}
    assert {query.split for query in found.queries} == {"train"}
    assert 0.3 < sum(not query.answerable for query in found.queries) / len(found.queries) < 0.45


def test_nothing_is_taught_that_the_seeds_say_or_ask() -> None:
    found = read_written()
    seeds = load_all(find_files([SEEDS]))
    said = {run for seed in seeds if isinstance(seed, Document) for run in runs(seed.text)}
    assert said
    assert not any(said & runs(document.text) for document in found.documents)
    asked = {row["question"] for _, row in read_jsonl(SEEDS.parent / "questions.jsonl")}
    assert not asked & {query.text for query in found.queries}


def runs(text: str) -> set[tuple[str, ...]]:
    """Every seven words in a row."""
    each = words(text)
    return {tuple(each[i : i + 7]) for i in range(len(each) - 6)}
