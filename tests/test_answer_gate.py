import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.answer_gate import changes
from eval.answer_measures import Group
from eval.answer_runs import (
    SavedAnswers,
    SavedQuestion,
    Way,
    file_name,
    read_answers,
    write_answers,
)
from eval.beir import write_beir
from eval.datasets import Dataset, Query
from eval.gate import verdict
from index.errors import DatasetError, InputError
from tests.conftest import document
from ui.cli.main import main


def saved(ece: float = 0.05, **recalls: list[float]) -> SavedAnswers:
    """Answers to questions `ar-0`, `ar-1`, … with these recalls, by language."""
    questions = {
        f"{language}-{i}": SavedQuestion(
            language,
            f"{language}>{target}",
            True,
            False,
            True,
            0.9,
            1.2,
            {"answer_recall@1": value},
        )
        for language, values in recalls.items()
        for i, (value, target) in enumerate(zip(values, ("ar", "en"), strict=True))
    }

    def group(values: list[float]) -> Group:
        mean = {"answer_recall@1": sum(values) / len(values), "ece": ece, "refusal_recall": None}
        return Group(len(values), len(values), mean)

    whole = group([value for values in recalls.values() for value in values])
    return SavedAnswers(
        dataset="toy",
        generator="extractive",
        n_questions=len(questions),
        measures=whole.measures,
        by_language={language: group(values) for language, values in recalls.items()},
        by_pair={
            f"{language}>{target}": group([value])
            for language, values in recalls.items()
            for value, target in zip(values, ("ar", "en"), strict=True)
        },
        way=Way(("toy",)),
        options={},
        corpus_sha256="c" * 64,
        fingerprint="f",
        version="0",
        commit=None,
        questions=questions,
    )


BEFORE = saved(ar=[1.0, 1.0], en=[1.0, 0.0])
AFTER = saved(0.08, ar=[1.0, 0.5], en=[1.0, 1.0])


def test_a_language_and_a_pair_that_fall_are_seen_though_the_whole_gains() -> None:
    found = changes(BEFORE, AFTER, {"answer_recall@1": 0.02})
    assert [c.group for c in found][:3] == ["overall", "ar", "en"]
    assert [(c.group, c.n_queries) for c in found if c.fell] == [("ar", 2), ("ar>en", 1)]
    assert verdict(found).startswith("fell: 2 of 7, answer_recall@1 of ar>en the farthest, from 1.")
    assert found[0].low is not None
    assert found[0].low <= 0.125 <= (found[0].high or 0)


def test_a_pair_that_is_all_of_its_language_is_told_once() -> None:
    whole = {"ar>ar": BEFORE.by_language["ar"], "en>ar": BEFORE.by_language["en"]}
    alike = replace(BEFORE, by_pair=whole)
    found = changes(alike, alike, {"answer_recall@1": 0.0})
    assert [c.group for c in found] == ["overall", "ar", "en"]


def test_an_error_that_rises_is_a_fall() -> None:
    (overall, *_) = changes(BEFORE, AFTER, {"ece": 0.02})
    assert overall.fell
    assert (overall.low, overall.high) == (None, None)
    assert not any(c.fell for c in changes(AFTER, BEFORE, {"ece": 0.0}))


@pytest.mark.parametrize(
    ("run", "measure", "told"),
    [
        (AFTER, "nDCG@10", "is no measure of answers"),
        (AFTER, "refusal_recall", "has no value in both"),
        (saved(ar=[1.0, 1.0]), "answer_recall@1", "different questions, 'en-0' for one"),
        (replace(AFTER, corpus_sha256="d"), "answer_recall@1", "different documents"),
    ],
)
def test_what_cannot_be_compared_is_told(run: SavedAnswers, measure: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        changes(BEFORE, run, {measure: 0.1})


def test_saved_answers_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "out" / file_name("ollama/qwen3:4b")
    assert file.name == "ollama-qwen3-4b.json"
    write_answers(BEFORE, file)
    assert read_answers(file) == BEFORE


@pytest.mark.parametrize(
    "change", [{"kind": "x"}, {"format": 2}, {"n_questions": 3}, {"questions": []}, {"way": None}]
)
def test_a_file_that_holds_none_is_told_in_one_line(change: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    write_answers(BEFORE, file)
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_answers(file)
    assert "\n" not in str(caught.value)


def test_the_command_judges_saved_answers_or_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = ("The forum met in Kazan in May.", "Oil became cheaper.", "The summit was in Doha.")
    documents = tuple(document(f"d{i}", text) for i, text in enumerate(texts))
    queries = (Query("q0", "Where did the forum meet?", "en", ("Kazan",)),)
    write_beir(Dataset("toy", documents, queries, {"q0": {"d0": 1}}), Path("toy"))
    assert main(["eval", "answers", "toy", "--save", "out"]) == 0
    gate = ["eval", "gate", "--baseline", "out/extractive.json"]
    assert main([*gate, "--max-drop", "answer_recall@1=0.02"]) == 0
    assert capsys.readouterr().out.endswith("passed: nothing of 1 fell by more than is allowed\n")
    kept = read_answers(Path("out/extractive.json"))
    fallen = replace(kept, measures={**kept.measures, "answer_recall@1": 0.5})
    write_answers(fallen, Path("fallen.json"))
    assert main([*gate, "fallen.json", "--max-drop", "answer_recall@1=0.02"]) == 1
    assert main([*gate, "fallen.json", "--max-drop", "nDCG@10=0.02"]) == 2
