import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import Query, document_language
from eval.sources import read_sets, read_topics
from eval.squad import read_squad
from index.errors import DatasetError
from index.types import Document
from tests.conftest import document

VOLGA = "The Volga flows into the Caspian Sea."
SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "Volga_river",
            "paragraphs": [
                {
                    "context": VOLGA,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "Where does it flow?",
                            "answers": [
                                {"text": "the Caspian Sea", "answer_start": 21},
                                {"text": "the Caspian Sea", "answer_start": 21},
                                {"text": "Caspian", "answer_start": 25},
                            ],
                            "is_impossible": False,
                        },
                        {
                            "id": "q2",
                            "question": "How long is it?",
                            "answers": [],
                            "plausible_answers": [{"text": "Volga", "answer_start": 4}],
                            "is_impossible": True,
                        },
                    ],
                },
                {"context": "It is long.", "qas": []},
            ],
        },
        {
            "paragraphs": [
                {"context": VOLGA, "qas": [{"id": "q3", "question": "Which sea?", "answers": []}]}
            ],
        },
    ],
}


def written(file: Path, content: object) -> Path:
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def test_each_distinct_paragraph_is_an_entry(tmp_path: Path) -> None:
    dataset = read_squad(written(tmp_path / "dev.json", SQUAD))
    assert dataset.name == "dev"
    assert {d.doc_id: d.text for d in dataset.documents} == {
        "1-1": f"Volga river\n\n{VOLGA}",
        "1-2": "Volga river\n\nIt is long.",
    }
    assert dataset.qrels == {"q1": {"1-1": 1}, "q3": {"1-1": 1}}


def test_questions_keep_their_answers_and_whether_there_are_any(tmp_path: Path) -> None:
    first, second, third = read_squad(written(tmp_path / "dev.json", SQUAD)).queries
    assert first == Query("q1", "Where does it flow?", answers=("the Caspian Sea", "Caspian"))
    assert (second.answers, second.answerable) == ((), False)
    assert third.answerable


def test_a_squad_file_is_known_by_what_it_is_and_its_language_by_its_looks(tmp_path: Path) -> None:
    file = written(tmp_path / "dev.json", SQUAD)
    assert {document_language(d) for d in read_sets([file]).documents} == {"en"}
    assert {query.language for query in read_sets([file], "fr").queries} == {"fr"}


def changed(**change: object) -> dict[str, Any]:
    """The first question, changed."""
    content: dict[str, Any] = json.loads(json.dumps(SQUAD))
    content["data"][0]["paragraphs"][0]["qas"][0] |= change
    return content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{oops", "dev.json' is not JSON"),
        ({"version": "1.1"}, "dev.json' has no list of objects as 'data'"),
        ({"data": [{"paragraphs": 3}]}, "dev.json', data 1 has no list of objects as 'paragraphs'"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data 1, paragraphs 1 has no 'context'"),
        (changed(question=None), "data 1, paragraphs 1, qas 1 has no 'question'"),
        (changed(id="q2"), "the id 'q2' occurs more than once in"),
        (changed(is_impossible="no"), "qas 1 has \"no\" as 'is_impossible'"),
        (changed(answers=[{"text": 3}]), "qas 1, answers 1 has 3 as 'text'"),
    ],
)
def test_what_is_wrong_with_a_squad_file_is_said_with_its_place(
    tmp_path: Path, content: object, said: str
) -> None:
    with pytest.raises(DatasetError) as raised:
        read_sets([written(tmp_path / "dev.json", content)])
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


CLASSIC = """<top>

<num> Number: 301
<title> International
Organized Crime &amp; more

<desc> Description:
Identify organizations.
</top>
<top><num>302</num><title>Poliomyelitis</title></top>
"""
TOPICS = (Query("301", "International Organized Crime & more"), Query("302", "Poliomyelitis"))
TABBED = "301\tInternational Organized Crime & more\n\n302\tPoliomyelitis\n"
LINES = "".join(json.dumps({"_id": query.query_id, "text": query.text}) + "\n" for query in TOPICS)


def held() -> Sequence[Document]:
    return [document("a", "Crime does not pay, whoever commits it."), document("b", "Polio")]


@pytest.mark.parametrize("topics", [CLASSIC, TABBED, LINES])
@pytest.mark.parametrize(
    "qrels", ["301 0 a 1\n302\t0\tb\t2\n", "query-id\tcorpus-id\tscore\n301\ta\t1\n302\tb\t2\n"]
)
def test_topics_and_qrels_of_every_format_are_the_same_set(
    tmp_path: Path, topics: str, qrels: str
) -> None:
    files = written(tmp_path / "t.txt", topics), written(tmp_path / "q.txt", qrels)
    dataset = read_topics(*files, held, "en")
    assert dataset.qrels == {"301": {"a": 1}, "302": {"b": 2}}
    assert [(q.query_id, q.text) for q in dataset.queries] == [(q.query_id, q.text) for q in TOPICS]


def test_the_corpus_of_topics_is_a_file_or_its_folder(tmp_path: Path) -> None:
    files = written(tmp_path / "t", TABBED), written(tmp_path / "q", "301 0 a 1\n")
    corpus = written(tmp_path / "corpus.jsonl", '{"_id": "a", "text": "Crime"}\n')
    assert read_topics(*files, corpus) == read_topics(*files, tmp_path)
    assert read_topics(*files, corpus) == read_sets([corpus, *files])
    assert [document.doc_id for document in read_topics(*files, corpus).documents] == ["a"]


def test_judgements_of_other_topics_are_passed_over(tmp_path: Path) -> None:
    files = written(tmp_path / "t", TABBED), written(tmp_path / "q", "301 0 a 1\n999 0 z 1\n")
    assert read_topics(*files, held).qrels == {"301": {"a": 1}}


@pytest.mark.parametrize(
    ("topics", "qrels", "said"),
    [
        (TABBED, "301 0 a 1\n301 0 z 1\n", "q' line 2 names the document 'z'"),
        (TABBED, "301 0 a 1\n302 0 b\n", "q' line 2 is not 'query-id 0 doc-id relevance'"),
        (TABBED, "301 0 a 1\n302 0 b high\n", "q' line 2 is not 'query-id 0 doc-id relevance'"),
        (TABBED, "301 0 a 1\n301 0 a 0\n", "q' line 2 judges '301' and 'a' again"),
        ("301 no tab\n", "", "t' line 1 is not 'query-id, text' with a tab"),
        (TABBED + "301\tx\n", "", "the id '301' occurs more than once in"),
        ("<top>\n<num>1\n</top>\n", "", "t' line 1 begins a topic without <title>"),
        (CLASSIC + "<top><title>x</top>", "", "t' line 11 begins a topic without <num>"),
        (CLASSIC + "<top>\n<num>9<title>x", "", "t' line 11 begins a topic that no </top> ends"),
        ("", "", "t' holds no topic"),
    ],
)
def test_what_is_wrong_with_topics_and_qrels_is_said_with_its_line(
    tmp_path: Path, topics: str, qrels: str, said: str
) -> None:
    files = written(tmp_path / "t", topics), written(tmp_path / "q", qrels)
    with pytest.raises(DatasetError) as raised:
        read_topics(*files, held)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_set_by_itself_says_what_is(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is no data set by itself; name a BEIR folder"):
        read_sets([written(tmp_path / "corpus.jsonl", "")])
