import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from eval.beir import read_beir, write_beir
from eval.datasets import Dataset, Query
from eval.judgements import Judgement, judged, record, withdraw
from eval.judging import Sitting
from eval.pooling import pooled
from eval.runs import Run
from index.errors import InputError
from tests.conftest import document

NOON = datetime(2024, 5, 16, 15, 0, tzinfo=timezone(timedelta(hours=3)))
HEADER = "query-id\tcorpus-id\tscore\tpassage-id\tjudged-at"
SET = Dataset(
    "toy",
    tuple(document(f"d{i}", f"Text {i}") for i in range(6)),
    tuple(Query(f"q{i}", "Which?", "en") for i in range(2)),
    {"q0": {"d0": 1}, "q1": {"d0": 1}},
)
RUNS = [
    Run("one", {"q0": [("d0", 3.0), ("d1", 2.0), ("d2", 1.0), ("d5", 0.5)]}),
    Run("two", {"q0": [("d3", 3.0), ("d1", 2.0), ("d4", 1.0)], "q1": [("d2", 1.0)]}),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "qrels" / "judged.tsv"


def test_a_judgement_is_one_line_below_a_header_with_its_time_in_utc(file: Path) -> None:
    record(Judgement("q1", "d1", 2, "d1#0", NOON), file)
    record(Judgement("q1", "d2", 0), file)
    lines = file.read_text("utf-8").splitlines()
    assert lines == [HEADER, "q1\td1\t2\td1#0\t2024-05-16T12:00:00+00:00", "q1\td2\t0\t\t"]
    assert judged(file) == {("q1", "d1"): 2, ("q1", "d2"): 0}


def test_a_pair_judged_again_has_its_last_grade_alone(file: Path) -> None:
    for pair, grade in [("d1", 0), ("d2", 1), ("d1", 2)]:
        record(Judgement("q1", pair, grade), file)
    assert judged(file) == {("q1", "d2"): 1, ("q1", "d1"): 2}
    assert file.read_text("utf-8").count("\n") == 3


def test_what_is_withdrawn_is_gone_and_the_other_lines_are_as_they_were(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"query-id\tcorpus-id\tscore\r\nq1\td1\t1\r\nq1\td2\t1")
    record(Judgement("q2", "d1", 0), file)
    withdraw("q1", "d1", file)
    withdraw("q1", "unknown", file)
    assert file.read_bytes() == b"query-id\tcorpus-id\tscore\r\nq1\td2\t1\nq2\td1\t0\t\t\n"


def test_judgements_are_qrels_that_a_set_is_read_with(tmp_path: Path) -> None:
    write_beir(SET, tmp_path)
    record(Judgement("q0", "d3", 2, when=NOON), tmp_path / "qrels" / "judged.tsv")
    assert read_beir(tmp_path).qrels["q0"] == {"d0": 1, "d3": 2}


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "a\r", "a\u2028b"])
def test_an_id_that_would_break_a_line_is_refused_and_nothing_written(
    name: str, file: Path
) -> None:
    with pytest.raises(InputError, match="tab or a line break"):
        record(Judgement("q1", name, 1), file)
    assert not file.exists()


def test_no_judgement_is_lost_when_several_write_at_once(file: Path) -> None:
    def write(name: int) -> None:
        for i in range(15):
            record(Judgement(f"q{name}", f"d{i}", 1), file)
            if i % 5 == 4:
                record(Judgement(f"q{name}", f"d{i}", 2), file)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(judged(file)) == 45
    assert sum(grade == 2 for grade in judged(file).values()) == 9


def test_a_pool_holds_the_first_of_every_run_once_without_what_is_judged() -> None:
    pairs = [item.pair for item in pooled(RUNS, SET, 3, 0, {("q0", "d4")})]
    assert sorted(pairs) == [("q0", "d1"), ("q0", "d2"), ("q0", "d3"), ("q1", "d2")]
    assert pairs[-1] == ("q1", "d2")


def test_the_order_of_a_pool_hangs_on_the_seed_and_on_no_run() -> None:
    run = Run("long", {"q0": [(f"d{i}", 9.0 - i) for i in range(1, 6)]})
    orders = {tuple(i.pair[1] for i in pooled([run], SET, 5, seed)) for seed in range(20)}
    assert len(orders) > 5
    assert pooled(RUNS, SET, 3, 7) == pooled(RUNS[::-1], SET, 3, 7)


def test_a_run_over_other_data_is_named_by_what_is_missing() -> None:
    for found, missing in [({"q9": [("d1", 1.0)]}, "query 'q9'"), ({"q0": [("x", 1.0)]}, "'x'")]:
        with pytest.raises(InputError, match=missing):
            pooled([Run("other", found)], SET, 3, 0)


def test_a_sitting_goes_on_where_the_last_one_stopped(file: Path) -> None:
    first = Sitting(pooled(RUNS, SET, 3, 0), file)
    n_items = len(first.items)
    for grade in (0, 1):
        first.judge(first.next or 0, grade)
    second = Sitting(pooled(RUNS, SET, 3, 0, judged(file)), file)
    assert len(second.items) == n_items - 2
    assert [item.pair for item in second.items] == [item.pair for item in first.items[2:]]


def test_a_judgement_is_undone_and_asked_for_again(file: Path) -> None:
    sitting = Sitting(pooled(RUNS, SET, 3, 0), file)
    sitting.judge(0, 2)
    sitting.judge(1, 1)
    sitting.undo()
    assert (sitting.next, sitting.n_done) == (1, 1)
    assert list(judged(file).values()) == [2]
    sitting.undo()
    sitting.undo()
    assert (sitting.next, judged(file)) == (0, {})


def test_what_is_put_off_comes_last(file: Path) -> None:
    sitting = Sitting(pooled(RUNS, SET, 3, 0), file)
    sitting.put_off(0)
    order = []
    while sitting.next is not None:
        order.append(sitting.next)
        sitting.judge(sitting.next, 0)
    assert order == [*range(1, len(sitting.items)), 0]
