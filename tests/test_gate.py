from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.beir import write_beir
from eval.datasets import Dataset, Query
from eval.gate import changes, verdict
from eval.runs import Means
from index.errors import InputError
from tests.conftest import document
from tests.saved import save, saved_run
from ui.cli.main import main

BEFORE = {"ar": [0.5] * 4, "en": [0.5] * 4}
ONE_FELL = {"ar": [0.5, 0.5, 0.5, 0.42], "en": [1.0] * 4}


def gate(*args: str | Path) -> int:
    return main(["eval", "gate", *map(str, args)])


def test_a_language_that_falls_is_seen_though_the_whole_gains() -> None:
    found = changes(saved_run(BEFORE), saved_run(ONE_FELL), {"RR": 0.01})
    assert [(c.group, c.fell) for c in found] == [("overall", False), ("ar", True), ("en", False)]
    assert verdict(found).startswith("fell: 1 of 3, RR of ar the farthest, from 0.500 to 0.480")


def test_a_fall_of_just_what_is_allowed_passes() -> None:
    found = changes(saved_run(BEFORE), saved_run(ONE_FELL), {"RR": 0.02})
    assert not any(change.fell for change in found)
    assert verdict(found) == "passed: nothing of 3 fell by more than is allowed"


def pairs(value: float) -> dict[str, Any]:
    return {"by_pair": {"en>ar": Means(4, {"RR": value})}}


def test_a_pair_of_languages_that_falls_is_seen() -> None:
    found = changes(saved_run(BEFORE, **pairs(0.9)), saved_run(BEFORE, **pairs(0.8)), {"RR": 0.05})
    assert [c.group for c in found if c.fell] == ["en>ar"]


def test_a_pair_that_was_not_measured_again_is_named() -> None:
    with pytest.raises(InputError, match="pair en>ar, the other run was not"):
        changes(saved_run(BEFORE, **pairs(0.9)), saved_run(BEFORE), {"RR": 0.05})


def test_the_command_exits_1_with_the_table_when_something_fell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, now = save(tmp_path / "a.json", BEFORE), save(tmp_path / "b.json", ONE_FELL)
    assert gate("--baseline", before, now, "--max-drop", "RR=0.01") == 1
    *table, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table if line.endswith("FELL")] == ["ar"]
    assert last.startswith("fell: 1 of 3")


def test_the_command_exits_0_with_one_line_when_nothing_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, now = save(tmp_path / "a.json", BEFORE), save(tmp_path / "b.json", ONE_FELL)
    assert gate("--baseline", before, now, "--max-drop", "RR=.02") == 0
    assert capsys.readouterr().out == "passed: nothing of 3 fell by more than is allowed\n"


@pytest.mark.parametrize(
    "drop", ["RR", "RR=", "RR=x", "RR=-0.1", "RR=nan", "RR=2", "=0.1", "Quality=0.1", "AP=0.1"]
)
def test_wrong_use_exits_2_with_one_line(
    drop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, now = save(tmp_path / "a.json", BEFORE), save(tmp_path / "b.json", ONE_FELL)
    try:
        code: object = gate("--baseline", before, now, "--max-drop", drop)
    except SystemExit as stopped:
        code = stopped.code
    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_baseline_that_cannot_be_read_exits_2_for_nothing_was_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = save(tmp_path / "b.json", BEFORE)
    assert gate("--baseline", tmp_path / "missing.json", now, "--max-drop", "RR=0.1") == 2
    assert "missing.json' is missing" in capsys.readouterr().err


def test_without_a_run_the_search_runs_on_the_baselines_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = ("The forum met in Kazan.", "Oil became cheaper.", "The summit was in Doha.")
    documents = tuple(document(f"d{i}", text) for i, text in enumerate(texts))
    queries = (Query("q0", "Where did the forum meet?", "en"), Query("q1", "Doha summit", "en"))
    toy = Dataset("toy", documents, queries, {"q0": {"d0": 1}, "q1": {"d2": 1}})
    write_beir(toy, Path("toy"))
    assert main(["eval", "run", "toy", "--measure", "RR", "--save", "out"]) == 0
    gated = ("--baseline", "out/hybrid.json", "--max-drop", "RR=0")
    assert gate(*gated) == 0
    assert capsys.readouterr().out.endswith("passed: nothing of 1 fell by more than is allowed\n")
    write_beir(replace(toy, qrels={"q0": {"d0": 1}, "q1": {"d1": 1, "d2": 1}}), Path("toy"))
    assert gate(*gated) == 2
    assert "different judgements, of the question 'q1'" in capsys.readouterr().err
    write_beir(
        replace(toy, documents=(document("d0", "Other words."), *documents[1:])), Path("toy")
    )
    assert gate(*gated) == 2
    assert "are not those of the run" in capsys.readouterr().err


def test_a_run_over_an_index_in_a_named_language_runs_again_as_it_did(
    seeds_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    topics, qrels, out = tmp_path / "topics.tsv", tmp_path / "qrels.txt", tmp_path / "out"
    topics.write_text("t1\tKazan\n", "utf-8")
    qrels.write_text("t1 0 004_539f3a407b9a5bef.txt 1\n", "utf-8")
    set_of = ["--topics", topics, "--qrels", qrels, "--index", seeds_index, "--language", "tt"]
    command = ["eval", "run", *set_of, "--measure", "RR", "--retriever", "bm25", "--save", out]
    assert main(list(map(str, command))) == 0
    assert gate("--baseline", out / "bm25.json", "--max-drop", "RR=0") == 0
    assert "passed: nothing of" in capsys.readouterr().out
