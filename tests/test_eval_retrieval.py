import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import ir_measures
import pytest

from eval.beir import write_beir
from eval.datasets import Dataset, Query, select
from eval.measures import evaluate
from eval.retrieval import Search, cached_searcher
from eval.runs import Means, QueryValues, read_saved
from eval.trec import read_run
from index.config import IndexConfig
from index.search import Retriever, Searcher
from index.types import Hit, Passage
from tests.conftest import SEEDS, document
from ui.cli.main import main

WHALES = "Whales sing in the deep ocean. "
# Four entries, of which the first is cut into several passages.
DOCUMENTS = (
    document("whales", "\n".join(f"{WHALES * 8}Song number {i}." for i in range(12)), "en"),
    document("sharks", "Sharks swim in the ocean and do not sing at all.", "en"),
    document("kazan", "قازان مدينة كبيرة على نهر الفولغا في روسيا.", "ar"),
    document("volga", "Волга течёт через Казань и впадает в Каспийское море.", "ru"),
)
QUERIES = (
    Query("q1", "whales sing ocean", "en"),
    Query("q2", "مدينة قازان", "ar"),
    Query("q3", "куда впадает Волга", "ru"),
    Query("q4", "never judged", "en"),
)
DATASET = Dataset(
    "tiny", DOCUMENTS, QUERIES, {"q1": {"whales": 1}, "q2": {"kazan": 1}, "q3": {"volga": 1}}
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def searcher(cache: Path) -> Iterator[Searcher]:
    with cached_searcher(DOCUMENTS, IndexConfig(), cache) as opened:
        yield opened


@pytest.mark.parametrize("retriever", ["bm25", "dense", "hybrid"])
def test_every_retriever_finds_what_says_it_in_as_many_words(
    searcher: Searcher, retriever: str
) -> None:
    run = Search(searcher, retriever).run(DATASET)  # type: ignore[arg-type]
    assert run.name == retriever
    assert evaluate(DATASET, run, ["R@1"]).overall.values == {"R@1": 1.0}


def test_an_entry_is_listed_once_by_its_best_passage(searcher: Searcher) -> None:
    found = Search(searcher, "bm25").run(DATASET).found["q1"]
    hits = searcher.search("whales sing ocean", 100, retriever="bm25")
    assert sum(hit.passage.doc_id == "whales" for hit in hits) > 1
    assert sorted(doc_id for doc_id, _ in found) == ["sharks", "whales"]
    assert dict(found)["whales"] == max(h.score for h in hits if h.passage.doc_id == "whales")


def test_queries_without_qrels_are_not_searched(searcher: Searcher) -> None:
    assert list(Search(searcher).run(DATASET).found) == ["q1", "q2", "q3"]


def test_passages_are_asked_for_until_enough_entries_come_out(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = searcher.search
    monkeypatch.setattr("eval.retrieval._enough", lambda _searcher, k: k)
    asked: list[int] = []
    monkeypatch.setattr(
        searcher, "search", lambda q, k, **more: (asked.append(k), search(q, k, **more))[1]
    )
    dataset = replace(DATASET, qrels={"q1": {"whales": 1}})
    assert len(Search(searcher, "dense", k=4).run(dataset).found["q1"]) == 4
    assert asked[:2] == [4, 8]


def test_languages_restrict_what_is_found(searcher: Searcher) -> None:
    run = Search(searcher, "dense").run(DATASET, ["ru"])
    assert {doc_id for pairs in run.found.values() for doc_id, _ in pairs} == {"volga"}


def test_a_language_of_a_whole_index_gives_what_an_index_of_that_language_gives(
    searcher: Searcher, tmp_path: Path
) -> None:
    dataset = replace(DATASET, qrels={i: {"whales": 1} for i in ("q1", "q2", "q3")})
    cut = select(dataset, corpus_language="en")
    retrievers: tuple[Retriever, ...] = ("bm25", "dense", "hybrid")
    with cached_searcher(cut.documents, IndexConfig(), tmp_path) as alone:
        expected = [Search(alone, retriever).run(cut) for retriever in retrievers]
    assert all(run.found["q1"] for run in expected)
    assert [Search(searcher, retriever).run(cut, ["en"]) for retriever in retrievers] == expected


def test_documents_outside_the_set_are_passed_over(searcher: Searcher) -> None:
    smaller = replace(DATASET, documents=DOCUMENTS[1:], qrels={"q1": {"sharks": 1}})
    assert Search(searcher, "bm25", k=1).run(smaller).found["q1"][0][0] == "sharks"


def test_no_two_entries_have_one_score(monkeypatch: pytest.MonkeyPatch, searcher: Searcher) -> None:
    passages = [Passage(i, i, 0, 1, "x", "en", ((0, 1),)) for i in ("whales", "kazan", "sharks")]
    hits = [Hit(passage, 1.0, 0) for passage in passages]
    monkeypatch.setattr(searcher, "search", lambda *_, **__: hits)
    found = Search(searcher).run(DATASET).found["q1"]
    assert [doc_id for doc_id, _ in found] == ["kazan", "sharks", "whales"]
    assert len({score for _, score in found}) == 3


def test_an_index_is_built_once_for_a_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_searcher(DOCUMENTS[1:], IndexConfig(), tmp_path).close()
    monkeypatch.setattr(
        "eval.retrieval.index_documents", lambda *_, **__: pytest.fail("built again")
    )
    cached_searcher(DOCUMENTS[1:], IndexConfig(), tmp_path).close()
    cached_searcher(DOCUMENTS[:0:-1], IndexConfig(), tmp_path).close()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def folder(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A BEIR folder in the working directory, where the index is kept."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "eval").symlink_to(cache)
    write_beir(DATASET, tmp_path / "tiny")
    return Path("tiny")


def test_the_command_prints_what_its_saved_run_gives(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "run", str(folder), "--measure", "RR", "--save", "out", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = json.loads(Path("out/hybrid.json").read_text())
    assert printed == {field: kept[field] for field in printed}
    assert printed["measures"].keys() == {"RR"}
    qrels = list(ir_measures.read_trec_qrels("out/qrels.trec"))
    run = {q: dict(pairs) for q, pairs in read_run(Path("out/hybrid.trec")).found.items()}
    [value] = ir_measures.calc_aggregate([ir_measures.RR], qrels, run).values()
    assert printed["measures"]["RR"] == pytest.approx(value)


def test_a_saved_run_says_what_it_was_made_with(folder: Path) -> None:
    options = ["--retriever", "bm25", "--measure", "RR", "--corpus-language", "ar", "--save", "out"]
    assert main(["eval", "run", str(folder), *options]) == 0
    saved = read_saved(Path("out/bm25.json"))
    assert (saved.dataset, saved.run, saved.data) == ("tiny", "bm25", ("tiny",))
    assert (saved.split, saved.query_language, saved.corpus_language) == (None, None, "ar")
    assert saved.config == {
        "encoder": "accurate",
        "min_words": 80,
        "max_words": 200,
        "retriever": "bm25",
        "k": 100,
    }
    with cached_searcher(DOCUMENTS, IndexConfig("auto"), Path("data/eval")) as searcher:
        assert saved.fingerprint == searcher.fingerprint
    assert saved.queries == {"q2": QueryValues("ar", {"RR": 1.0})}


def test_runs_on_other_qrels_are_not_saved_together(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["eval", "run", str(folder), "--retriever", "bm25", "--save", "out"]
    assert main(command) == main(command) == 0
    assert main([*command, "--query-language", "ar"]) == 1
    assert "'out' holds runs on other qrels; save to another folder" in capsys.readouterr().err


def test_the_command_prints_a_list_for_several_retrievers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retrievers = ["--retriever", "bm25", "--retriever", "dense"]
    assert main(["eval", "run", str(folder), *retrievers, "--json"]) == 0
    assert [found["run"] for found in json.loads(capsys.readouterr().out)] == ["bm25", "dense"]
    built = cached_searcher(DOCUMENTS, IndexConfig("auto"), Path("data/eval"))
    built.close()  # both asked the one index that is there, beside that of the other tests
    assert len(list(Path("data/eval").iterdir())) == 2


def test_the_command_cuts_questions_and_corpus(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    languages = ["--query-language", "ar", "--corpus-language", "ar"]
    assert main(["eval", "run", str(folder), *languages, "--save", "out"]) == 0
    assert capsys.readouterr().out.startswith("tiny, hybrid\n         queries  nDCG@10")
    run = read_run(Path("out/hybrid.trec"))
    assert {query_id: [d for d, _ in pairs] for query_id, pairs in run.found.items()} == {
        "q2": ["kazan"]
    }


def test_the_command_crosses_the_languages_of_questions_and_documents(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["eval", "run", str(folder), "--measure", "RR", "R@1", "--retriever", "bm25"]
    assert main([*command, "--json", "--save", "out"]) == 0
    pairs = json.loads(capsys.readouterr().out)["by_pair"]
    assert pairs["en>en"] == {"n_queries": 1, "RR": 1.0, "R@1": 1.0}
    assert list(pairs) == ["ar>ar", "en>en", "ru>ru"]
    assert read_saved(Path("out/bm25.json")).by_pair["ru>ru"] == Means(1, {"RR": 1.0, "R@1": 1.0})
    assert main(command) == 0
    printed = capsys.readouterr().out.split("\n\n")
    assert printed[1].splitlines()[1:3] == [
        "       ar     en     ru",
        "ar  1.000      -      -",
    ]
    assert [block.split(":")[0] for block in printed[1:]] == ["bm25, RR", "bm25, R@1"]


@pytest.mark.parametrize("options", [["--no-matrix"], ["--query-language", "en"]])
def test_no_languages_are_crossed_where_that_is_not_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["eval", "run", str(folder), "--retriever", "bm25", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["by_pair"] == {}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--split", "dev"], "no query is in split 'dev'"),
        (["--query-language", "ar", "--corpus-language", "en"], "nothing to measure"),
        (["--measure", "nonsense"], "'nonsense' is no measure"),
        (["--save", "tiny/corpus.jsonl"], "'tiny/corpus.jsonl' cannot be written"),
        (["--index", "nowhere"], "there is no index at 'nowhere'"),
    ],
)
def test_the_command_fails_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["eval", "run", str(folder), *options]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_an_index_that_lacks_a_document_is_refused(
    folder: Path, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "run", str(folder), "--index", str(seeds_index)]) == 1
    assert "lacks 4 of the 4 documents of the data set, 'whales' first" in capsys.readouterr().err


def test_topics_and_qrels_are_measured_on_an_index(
    tmp_path: Path, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    topics, qrels = tmp_path / "topics.tsv", tmp_path / "qrels.txt"
    doc_id = sorted(file.name for file in SEEDS.iterdir())[0]
    topics.write_text("t1\tKazan\n", "utf-8")
    qrels.write_text(f"t1 0 {doc_id} 1\n", "utf-8")
    command = ["eval", "run", "--topics", str(topics), "--qrels", str(qrels)]
    assert main([*command, "--index", str(seeds_index), "--measure", "R@10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["dataset"], found["measures"]) == ("topics", {"R@10": 1.0})


@pytest.mark.parametrize(
    "options", [[], ["--topics", "t"], ["--qrels", "q"], ["--topics", "t", "--qrels", "q"]]
)
def test_half_a_set_is_wrong_use(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["eval", "run", *options])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
