"""The small archives that are chosen by hold together, and the fit of an encoder is its own."""

from collections import Counter
from pathlib import Path

import pytest

from assistant.fits import STATIC, TRANSFORMER, fit_for
from eval.archives import ARCHIVES, SEEDS, beside, off_topic
from eval.dialogues import read_dialogues

FURTHER = SEEDS / "further.jsonl"
FILES = sorted(ARCHIVES.glob("*/questions.jsonl"))
NAMES = [file.parent.name for file in FILES]


@pytest.mark.parametrize("file", [*FILES, FURTHER], ids=[*NAMES, "seeds, further"])
def test_every_answer_stands_in_a_document_that_answers(file: Path) -> None:
    dataset = beside(file)
    texts = {document.doc_id: document.text for document in dataset.documents}
    for query in dataset.queries:
        there = [texts[doc_id] for doc_id in dataset.qrels.get(query.query_id, {})]
        assert all(any(answer in text for text in there) for answer in query.answers)
        assert all(any(answer in text for answer in query.answers) for text in there)


@pytest.mark.parametrize("name", NAMES)
def test_the_languages_and_what_is_not_answered_are_balanced(name: str) -> None:
    dataset = beside(ARCHIVES / name / "questions.jsonl")
    asked = Counter((query.language, query.answerable) for query in dataset.queries)
    for language in ("ar", "en", "fa", "ru"):
        assert asked[language, True] == 10
        assert asked[language, False] == 4


@pytest.mark.parametrize("name", NAMES)
def test_the_dialogues_name_documents_that_are_there(name: str) -> None:
    dataset = beside(ARCHIVES / name / "questions.jsonl")
    found = read_dialogues(ARCHIVES / name / "dialogues.jsonl", dataset.documents)
    assert Counter(dialogue.language for dialogue in found) == dict.fromkeys(
        ["ar", "en", "fa", "ru"], 3
    )
    texts = {document.doc_id: document.text for document in dataset.documents}
    for turn in (turn for dialogue in found for turn in dialogue.turns):
        assert any(answer in texts[i] for i in turn.documents for answer in turn.answers)


def test_ids_are_given_once() -> None:
    files = [SEEDS / "questions.jsonl", FURTHER, *FILES]
    ids = [query.query_id for file in files for query in beside(file).queries]
    assert len(ids) == len(set(ids))


def test_the_static_encoder_has_its_fit_and_every_other_that_of_the_transformer() -> None:
    assert fit_for("bundled") is STATIC
    assert fit_for("accurate") is TRANSFORMER
    assert fit_for("BAAI/bge-m3") is TRANSFORMER


def test_each_archive_is_asked_what_another_answers_and_nothing_of_its_own() -> None:
    others = off_topic([beside(file) for file in FILES])
    assert sorted(others) == NAMES
    for file in FILES:
        own = {query.query_id for query in beside(file).queries}
        asked = others[file.parent.name]
        assert Counter(query.language for query in asked) == {"ar": 4, "en": 4, "fa": 4, "ru": 4}
        assert not any(query.answerable or query.query_id in own for query in asked)
