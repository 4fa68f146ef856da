import gc
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.following import FollowingAssistant
from index.build import index_documents
from index.config import IndexConfig
from index.generations import current, prune
from index.search import Searcher
from tests.conftest import document

KAZAN = document("kazan.txt", "The forum met in Kazan.")
UFA = document("ufa.txt", "The forum met in Ufa the year after.")
QUESTION = "Where did the forum meet?"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    index_documents([KAZAN], tmp_path / "index", IndexConfig())
    return tmp_path / "index"


def following(index: Path) -> FollowingAssistant:
    return FollowingAssistant(index, lambda: Searcher.open(index), Assistant)


def found(assistant: FollowingAssistant) -> set[str]:
    return {hit.passage.doc_id for hit in assistant.ask(QUESTION).hits}


def test_the_next_question_after_a_build_is_asked_of_the_new_index(index: Path) -> None:
    assistant = following(index)
    assert found(assistant) == {"kazan.txt"}
    index_documents([KAZAN, UFA], index, IndexConfig())
    assert found(assistant) == {"kazan.txt", "ufa.txt"}
    index_documents([UFA], index, IndexConfig())
    assert found(assistant) == {"ufa.txt"}
    assert assistant.searcher.document("kazan.txt") is None


def test_an_answer_that_has_begun_ends_on_the_index_that_it_began_on(index: Path) -> None:
    assistant = following(index)
    held, before = assistant.searcher, current(index)
    index_documents([UFA], index, IndexConfig())
    assert found(assistant) == {"ufa.txt"}
    prune(index)
    assert before.is_dir()
    assert held.document("kazan.txt") == KAZAN
    del held
    gc.collect()
    prune(index)
    assert not before.exists()


def test_an_index_that_cannot_be_opened_leaves_the_old_one_answering_and_is_told_once(
    index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = following(index)
    (index / "current").write_text("000009-00000000\n")
    with caplog.at_level(logging.WARNING):
        assert [found(assistant) for _ in range(3)] == [{"kazan.txt"}] * 3
    assert len([r for r in caplog.records if "cannot be opened" in r.message]) == 1


def answers(assistant: FollowingAssistant) -> Iterator[str]:
    yield from (answer.text for answer in assistant.stream(QUESTION))


def test_streams_and_single_answers_are_the_same(index: Path) -> None:
    assistant = following(index)
    assert [*answers(assistant)][-1] == assistant.ask(QUESTION).text
