import json
import math
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.runs import Means, QueryValues, Run, SavedRun, read_saved, untied, write_saved
from eval.trec import read_run, write_run, write_trec_qrels
from index.errors import DatasetError, InputError

ids = st.text("abcپق0-_#.", min_size=1, max_size=5)
scores = st.floats(-1e6, 1e6)


def test_a_run_stands_in_the_order_of_score_then_id() -> None:
    run = Run("x", {"q": [("b", 1.0), ("c", 2.0), ("a", 1.0)]})
    assert run.found == {"q": (("c", 2.0), ("a", 1.0), ("b", 1.0))}


@given(st.dictionaries(ids, st.dictionaries(ids, scores, min_size=1), min_size=1))
def test_what_is_written_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, dict[str, float]]
) -> None:
    file = tmp_path_factory.mktemp("run") / "x.trec"
    run = Run("x", {query_id: row.items() for query_id, row in found.items()})
    write_run(run, file)
    assert read_run(file) == run


def test_a_written_run_is_trecs_format(tmp_path: Path) -> None:
    file = tmp_path / "new" / "x.trec"
    write_run(Run("bm25", {"q1": [("d2", 0.5), ("d1", 1.25)]}), file)
    assert file.read_text() == "q1 Q0 d1 1 1.25 bm25\nq1 Q0 d2 2 0.5 bm25\n"


def test_tabs_blanks_and_empty_lines_are_read_and_ranks_are_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "x.trec"
    file.write_text("q1\tQ0\td1\t1\t1.0\tmine\n\n  q1   Q0 d2  2 3e0   mine  \r\n")
    assert read_run(file) == Run("mine", {"q1": [("d2", 3.0), ("d1", 1.0)]})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("q 1 Q0 d1 1 1.0 x", "line 2 has 7 fields, not the 6 of a TREC run"),
        ("q1 Q0 d1 1 high x", "line 2 has 'high' as score"),
        ("q1 Q0 d1 1 nan x", "line 2 has 'nan' as score"),
        ("q0 Q0 d0 1 1.0 x", "line 2 lists 'd0' for 'q0' again"),
    ],
)
def test_a_line_that_is_no_result_is_named(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "x.trec"
    file.write_text(f"q0 Q0 d0 1 1.0 x\n{line}\n")
    with pytest.raises(DatasetError, match=said):
        read_run(file)


@pytest.mark.parametrize("doc_id", ["a b", "a\tb", "a\u00a0b", " a", ""])
def test_an_id_with_white_space_is_refused(tmp_path: Path, doc_id: str) -> None:
    with pytest.raises(InputError, match="empty or holds white space"):
        write_run(Run("x", {"q": [(doc_id, 1.0)]}), tmp_path / "x.trec")
    with pytest.raises(InputError, match="empty or holds white space"):
        write_trec_qrels({"q": {doc_id: 1}}, tmp_path / "qrels.trec")
    assert not list(tmp_path.iterdir())


@given(st.lists(st.sampled_from([1.0, 1.0 - 1e-12, 0.5, 0.0, -0.0, -1e-50, -2.0, 1e6]), max_size=8))
def test_untied_scores_make_trec_eval_see_our_order(values: list[float]) -> None:
    order = [(f"d{i}", score) for i, score in enumerate(sorted(values, reverse=True))]
    for rank, (doc_id, _) in enumerate(order, start=1):
        qrels, run = {"q": {doc_id: 1}}, {"q": dict(untied(order))}
        [metric] = ir_measures.iter_calc([ir_measures.RR], qrels, run)
        assert metric.value == pytest.approx(1 / rank)


def test_scores_that_differ_are_left_as_they_are() -> None:
    pairs = [("b", 0.7), ("a", 0.3), ("c", 0.1)]
    assert untied(pairs) == pairs


SAVED = SavedRun(
    dataset="tiny",
    run="bm25",
    n_queries=2,
    measures={"RR": 0.75},
    by_language={"ar": Means(1, {"RR": 1.0}), "en": Means(1, {"RR": 0.5})},
    by_pair={"ar>en": Means(1, {"RR": 0.25})},
    split="report",
    query_language=None,
    corpus_language=None,
    data=("bench/tiny",),
    corpus_sha256="00ff",
    config={"retriever": "bm25", "k": 100},
    fingerprint="a-b",
    version="0.1.0",
    commit=None,
    queries={"س1": QueryValues("ar", {"RR": 1.0}), "q2": QueryValues("en", {"RR": 0.5})},
)


def test_a_saved_run_is_read_back_the_same(tmp_path: Path) -> None:
    write_saved(SAVED, tmp_path / "new" / "bm25.json")
    assert read_saved(tmp_path / "new" / "bm25.json") == SAVED
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["bm25.json"]


def test_a_saved_run_has_the_fields_scripts_rely_on(tmp_path: Path) -> None:
    write_saved(SAVED, tmp_path / "x.json")
    row = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert (row["format"], row["measures"]) == (1, {"RR": 0.75})
    assert row["by_language"]["en"] == {"n_queries": 1, "RR": 0.5}
    assert row["by_pair"] == {"ar>en": {"n_queries": 1, "RR": 0.25}}
    assert row["queries"]["q2"] == {"language": "en", "values": {"RR": 0.5}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "its format is not 1"),
        ({"dataset": 7}, "dataset: Input should be a valid string"),
        ({"measures": {"RR": "high"}}, "measures.RR: Input should be a valid number"),
        ({"measures": {"RR": math.nan}}, "measures.RR: Input should be a finite number"),
        ({"by_language": {"ar": {"RR": 1}}}, "'by_language' does not hold measures by name"),
        ({"by_pair": None}, "'by_pair' does not hold measures by name"),
        ({"n_queries": 3}, "'n_queries' is 3, but 2 queries stand in it"),
        ({"measures": {}}, "the query 'س1' lacks a measure or has one too many"),
    ],
)
def test_what_is_no_saved_run_is_said_in_one_line(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    write_saved(SAVED, tmp_path / "x.json")
    row = json.loads((tmp_path / "x.json").read_text("utf-8"))
    (tmp_path / "x.json").write_text(json.dumps(row | change), "utf-8")
    with pytest.raises(DatasetError) as raised:
        read_saved(tmp_path / "x.json")
    assert f"x.json' is no saved run that can be read ({said}" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["", "[1]", "{oops", "[" * 200_000])
def test_what_is_no_json_object_is_no_saved_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DatasetError, match="it should hold one object"):
        read_saved(tmp_path / "x.json")
