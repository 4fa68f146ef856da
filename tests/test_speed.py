import json
from collections import Counter
from pathlib import Path

import pytest

from eval import baselines, contestants, speed, speed_report, synthetic
from eval.datasets import Dataset, Query
from index.errors import InputError
from index.languages import script_of, script_of_language
from index.passages import split_passages
from tests.conftest import document, sanad


def test_the_same_seed_gives_the_same_archive_however_much_of_it() -> None:
    assert list(synthetic.documents(8)) == list(synthetic.documents(40))[:8]
    assert list(synthetic.documents(8, seed=1)) != list(synthetic.documents(8))


def test_a_synthetic_document_is_one_passage_in_its_language() -> None:
    for made in synthetic.documents(40):
        [passage] = split_passages(made, 80, 200)
        assert passage.date
        assert passage.outlet
        assert 80 <= len(passage.text.split()) <= 200
        assert script_of(passage.text) == script_of_language(passage.language)


def test_synthetic_words_follow_zipf() -> None:
    words = (word for made in synthetic.documents(400) for word in made.text.lower().split())
    counts = [n for _, n in Counter(words).most_common()]
    # A word's rank times its count is about the same for all of them.
    assert counts[9] / counts[99] == pytest.approx(10, rel=0.5)


def test_questions_are_words_of_their_passages_in_every_language() -> None:
    texts = {made.doc_id: made.text for made in synthetic.documents(80)}
    questions = synthetic.questions(80, 20)
    assert Counter(q.language for q in questions) == dict.fromkeys(synthetic.LANGUAGES, 5)
    for asked in questions:
        assert set(asked.text.split()) <= set(texts[asked.doc_id].replace(".", "").split())


def test_every_system_is_measured_and_compared() -> None:
    done = sanad("eval", "speed", "--sizes", 100, "--systems", "sanad", "rank_bm25", "--queries", 5)
    assert done.returncode == 0, done.stderr
    assert "100 passages, a question" in done.stdout
    assert "sanad: answer" in done.stdout
    assert "sanad: hybrid, one year" in done.stdout
    assert "sanad answers over 100 passages …" in done.stderr


def test_a_system_that_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.speed.SYSTEMS", ("nobody",))
    with pytest.raises(speed.InputError, match="'nobody' cannot be measured: KeyError"):
        list(speed.measure([100], ["nobody"], 1))


def test_the_command_knows_every_system() -> None:
    from ui.cli import eval_speed  # noqa: PLC0415

    assert tuple(contestants.CONTESTANTS) == speed.SYSTEMS == eval_speed._SYSTEMS


def figures(n: int, system: str, seconds: float, ms: float) -> speed.Figures:
    searches = (speed.Search("all", ms, 2 * ms, ms),)
    return speed.Figures(system, n, seconds, seconds, 10, 10, 1, 10, searches)


def test_ratios_and_growth_are_worked_out() -> None:
    made = [
        figures(n, system, n * each / 100, n * each / 10)
        for n in (100, 1000)
        for system, each in (("chroma", 1), ("rank_bm25", 40), ("bm25s", 2))
    ]
    text = speed_report.to_text(made)
    lines = {line.split()[0]: line.split() for line in text.split("\n\n")[0].splitlines()[2:]}
    assert lines["bm25s"][1:4] == ["2.0", "50", "2.0"]
    assert "bm25s: all" in text
    [row] = [x for x in text.split("\n\n")[1].splitlines() if x.startswith("bm25s: all")]
    assert row.split()[-1] == "20.0"
    assert "factor 10" in text
    assert json.loads(json.dumps(speed_report.to_json(made)))[0]["passages_per_s"] == 100


def test_each_baseline_finds_the_passage_that_holds_the_words(tmp_path: Path) -> None:
    passages = [["whale", "song"], ["bread", "salt"], ["glass", "sand"], ["iron", "ore"]]
    assert baselines.Okapi(passages).search(["bread"], 1) == [1]
    baselines.BM25S.build(tmp_path / "bm25s", passages)
    assert baselines.BM25S(tmp_path / "bm25s").search(["glass"], 1) == [2]


def test_the_plain_llama_index_set_up_gives_a_run() -> None:
    texts = {"whales": "Whales sing long songs in the sea.", "bread": "Bread is flour and salt."}
    documents = tuple(document(doc_id, text) for doc_id, text in texts.items())
    queries = (Query("q", "songs of whales", "en"), Query("unjudged", "bread", "en"))
    run = baselines.llama_index_run(Dataset("d", documents, queries, {"q": {"whales": 1}}))
    assert run.name == "llamaindex"
    assert list(run.found) == ["q"]
    # First of both halves, which give 1 / 60 each (Cormack, Clarke & Büttcher 2009).
    assert run.found["q"][0] == ("whales", pytest.approx(2 / 60))


def test_the_plain_llama_index_set_up_says_that_it_cannot_filter() -> None:
    documents = (document("a", "Whales sing.", "en"), document("b", "Киты поют.", "ru"))
    with pytest.raises(InputError, match="no filter"):
        baselines.PlainLlamaIndex().run(Dataset("d", documents, (), {}), ["en"])
