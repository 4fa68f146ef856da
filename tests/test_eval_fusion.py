from pathlib import Path

import numpy as np
import pytest

from eval import analyses, fusion
from eval.beir import write_beir
from eval.datasets import Dataset, Query
from eval.fusion import FEATURES, Found, by_best, figures, plain, reciprocal, stretched
from tests.conftest import document

DOCUMENTS = (
    document("kazan", "منتدى قازان يعقد كل عام في تتارستان", "ar"),
    document("rain", "المطر غزير في الجبال هذا الشتاء", "ar"),
    document("forum", "The forum of Kazan is held every year in Tatarstan", "en"),
)
QUERIES = (
    Query("q1", "متى يعقد منتدى قازان؟", "ar", split="fit"),
    Query("q2", "When is the forum of Kazan held?", "en", split="fit"),
)
QRELS = {"q1": {"kazan": 1, "forum": 1}, "q2": {"kazan": 1, "forum": 1}}
TINY = Dataset("tiny", DOCUMENTS, QUERIES, QRELS)


def rows(**columns: list[float]) -> np.ndarray:
    """Feature rows, 0 where nothing is given."""
    n = len(next(iter(columns.values())))
    return np.array([columns.get(name, [0.0] * n) for name in FEATURES]).T


def test_ways_of_joining_give_the_values_of_their_formulas() -> None:
    found = rows(dense=[0.8, 0.4, 0.6], bm25=[0.5, 1.0, 0.0])
    assert by_best(found) == pytest.approx([1.5, 1.5, 0.75])
    assert stretched(found) == pytest.approx([1.5, 1.0, 0.5])
    assert reciprocal(found) == pytest.approx([1 / 61 + 1 / 62, 1 / 61 + 1 / 63, 1 / 62 + 1 / 63])


def test_figures_are_those_of_the_ranking_by_language_and_in_the_pool() -> None:
    found = Found(
        np.array(["q1", "q1", "q2"]),
        np.array(["ar", "all", "ar"]),
        np.array([2, 5, 6]),
        np.array(["rain", "kazan", "forum", "rain", "kazan", "kazan"]),
        rows(bm25=[1.0, 0.5, 0.2, 0.1, 0.3, 1.0]),
    )
    second = 1 / np.log2(3)
    assert figures(found, TINY, plain("bm25")) == pytest.approx(
        {"ar": second, "ar in all": 1.0, "en>ar": 1.0}
    )


def test_the_command_searches_once_and_prints_every_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_beir(TINY, tmp_path / "tiny")
    assert fusion.main(["tiny"]) == 0
    printed = capsys.readouterr().out
    head, *lines = printed.splitlines()
    assert head.split("  ")[-1] == "en in all"
    assert lines[-3].split() == ["index.fusion", *["1.000"] * 6]
    monkeypatch.setattr(fusion, "collect", lambda *_: pytest.fail("searched again"))
    fusion.main(["tiny"])
    assert capsys.readouterr().out == printed


def test_analyses_are_compared_by_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_beir(TINY, tmp_path / "tiny")
    assert analyses.main([str(tmp_path / "tiny")]) == 0
    found = {
        line.split("  ")[0]: line.split()[-2:] for line in capsys.readouterr().out.splitlines()
    }
    assert found["nDCG@10"] == ["ar", "en"]
    assert found["ours"] == found["ours + 4-grams"] == ["1.000", "1.000"]


def test_character_n_grams_know_where_a_word_begins_and_ends() -> None:
    assert analyses.grams(4)("Kazan, و", "en") == ["_kaz", "kaza", "azan", "zan_", "_و_"]
