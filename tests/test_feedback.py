import json
from pathlib import Path

import pytest

from eval.judgements import judged
from index.build import index_documents
from index.config import IndexConfig
from index.search import Searcher
from index.types import Passage
from tests.conftest import document, sanad
from ui.feedback import ANSWERS, WRONG, folder_of, record, take_back

QUESTION = "أين انعقد المنتدى؟"


def passage(doc_id: str, start: int = 0) -> Passage:
    return Passage(f"{doc_id}#{start}-9", doc_id, start, 9, "some text", "en", ((0, 9),))


def said(folder: Path) -> dict[str, int]:
    """What was said of each document."""
    return {doc_id: grade for (_, doc_id), grade in judged(folder / "qrels" / "chat.tsv").items()}


def test_what_readers_say_measures_a_search_of_the_index_they_asked(tmp_path: Path) -> None:
    index = tmp_path / "index"
    texts = {"kazan.txt": "The forum met in Kazan.", "sea.txt": "Ships sail on the sea."}
    index_documents([document(*pair) for pair in texts.items()], index, IndexConfig())
    folder = folder_of(index)
    with Searcher.open(index) as searcher:
        for hit in searcher.search("Where did the forum meet?"):
            right = hit.passage.doc_id == "kazan.txt"
            record("Where did  the forum meet?", hit.passage, ANSWERS if right else WRONG, folder)
    done = sanad(
        *("eval", "run", "--index", index, "--measure", "P@1", "--json"),
        *("--topics", folder / "queries.jsonl", "--qrels", folder / "qrels" / "chat.tsv"),
    )
    assert json.loads(done.stdout)["measures"]["P@1"] == 1.0, done.stderr
    assert json.loads((folder / "queries.jsonl").read_text())["text"] == "Where did the forum meet?"


def test_a_reader_may_change_their_mind_and_take_it_back(tmp_path: Path) -> None:
    for grade in (WRONG, ANSWERS, WRONG):
        record(QUESTION, passage("a"), grade, tmp_path, "ar")
        assert said(tmp_path) == {"a": grade}
    take_back(QUESTION, passage("a"), tmp_path)
    assert said(tmp_path) == {}
    assert (tmp_path / "queries.jsonl").read_text("utf-8").count("\n") == 1


def test_a_wrong_passage_takes_nothing_from_a_document_that_answers_elsewhere(
    tmp_path: Path,
) -> None:
    record(QUESTION, passage("a", 0), ANSWERS, tmp_path)
    record(QUESTION, passage("a", 5), WRONG, tmp_path)
    take_back(QUESTION, passage("a", 5), tmp_path)
    assert said(tmp_path) == {"a": ANSWERS}
    record("Another question?", passage("a", 5), WRONG, tmp_path)
    assert sorted(judged(tmp_path / "qrels" / "chat.tsv").values()) == [WRONG, ANSWERS]


@pytest.mark.parametrize("line", ["not json", '{"text": "no id"}'])
def test_a_file_that_holds_something_else_is_left_as_it_is(tmp_path: Path, line: str) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text(line)
    with pytest.raises(Exception, match="line 1"):
        record(QUESTION, passage("a"), ANSWERS, tmp_path)
    assert file.read_text() == line
