from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.beir import write_beir
from eval.datasets import Dataset, Query
from eval.experiment import Measured, Source, save
from eval.measures import evaluate
from eval.rankings import DEPTHS, check_same_qrels, read_data, read_rankings, recall
from eval.runs import Run, read_saved
from index.errors import DatasetError, InputError
from tests.conftest import document

DOCUMENTS = tuple(document(f"d{i}", f"Text {i}") for i in range(12))


@given(
    st.dictionaries(
        st.sampled_from(["q0", "q1", "q2"]),
        st.dictionaries(st.sampled_from([d.doc_id for d in DOCUMENTS]), st.integers(0, 2)),
    ),
    st.lists(st.sampled_from([d.doc_id for d in DOCUMENTS]), unique=True),
)
@settings(max_examples=40)
def test_recall_is_that_of_ir_measures(qrels: dict[str, dict[str, int]], found: list[str]) -> None:
    qrels = {"q0": {"d0": 1}} | {query_id: row for query_id, row in qrels.items() if row}
    data = Dataset("toy", DOCUMENTS, tuple(Query(i, "?", "en") for i in qrels), qrels)
    run = Run("r", {i: [(d, -float(n)) for n, d in enumerate(found)] for i in ("q0", "q1")})
    peer = evaluate(data, run, [f"R@{depth}" for depth in DEPTHS]).overall.values
    assert recall({"q0": found, "q1": found}, qrels, qrels) == pytest.approx(list(peer.values()))


def test_a_saved_run_leads_to_its_ranking_its_qrels_and_its_data(tmp_path: Path) -> None:
    data = Dataset("toy", DOCUMENTS, (Query("q0", "?", "en"),), {"q0": {"d1": 2}})
    write_beir(data, tmp_path / "toy")
    run = Run("r", {"q0": [("d3", 1.0), ("d1", 2.0)]})
    source = Source((str(tmp_path / "toy"),))
    save(Measured(run, evaluate(data, run, ["RR"]), {}, None), data, source, tmp_path)
    read = read_rankings({"r": tmp_path / "r.json"})
    assert (read.found["r"], read.qrels) == ({"q0": ["d1", "d3"]}, data.qrels)
    saved = read_saved(tmp_path / "r.json")
    assert [d.doc_id for d in read_data(saved)[1].documents] == [d.doc_id for d in DOCUMENTS]
    write_beir(Dataset("toy", DOCUMENTS[:5], data.queries, data.qrels), tmp_path / "toy")
    with pytest.raises(DatasetError, match="are not those of the run"):
        read_data(saved)


def test_judgements_may_differ_between_runs_in_the_questions_but_not_of_one_question() -> None:
    check_same_qrels({"a": {"q0": {"d0": 1}}, "b": {"q1": {"d0": 1}}, "c": {}})
    with pytest.raises(InputError, match="'a' and 'b' were measured by different judgements"):
        check_same_qrels({"a": {"q0": {"d0": 1}}, "b": {"q0": {"d0": 1, "d1": 0}}})
