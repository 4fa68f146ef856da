import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.beir import read_beir, write_beir
from eval.datasets import (
    Dataset,
    Query,
    document_language,
    languages_of,
    pool,
    select,
    with_languages,
)
from eval.seeds import seeds_dataset
from index.errors import DatasetError
from index.types import Document, Section
from tests.conftest import document

CORPUS: list[dict[str, Any]] = [
    {"_id": "d1", "title": "قازان", "text": "مدينة على نهر الفولغا.", "lang": "ar"},
    {"_id": "d2", "title": "", "text": "A city on the Volga.", "lang": "en"},
    {"_id": "d3", "text": "Without a title."},
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "أين قازان؟", "lang": "ar", "answers": ["الفولغا"], "split": "fit"},
    {"_id": "q2", "text": "Where is it?", "lang": "en", "split": "report"},
    {"_id": "q3", "text": "Who?", "lang": "en", "answerable": False, "split": "report"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq2\td2\t1\n"


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(lines(CORPUS), "utf-8")
    (folder / "queries.jsonl").write_text(lines(QUERIES), "utf-8")
    (folder / "qrels" / "test.tsv").write_text(QRELS, "utf-8")
    return folder


def ids(dataset: Dataset) -> tuple[list[str], list[str]]:
    return [q.query_id for q in dataset.queries], [d.doc_id for d in dataset.documents]


def test_an_entry_is_a_document_whose_title_stands_before_its_text(beir: Path) -> None:
    first, second, third = read_beir(beir).documents
    assert first.text == "قازان\n\nمدينة على نهر الفولغا."
    assert first.sections == (Section(0, 29, title="قازان", language="ar"),)
    assert (second.text, second.sections[0].title) == ("A city on the Volga.", None)
    assert (third.text, third.sections[0].language) == ("Without a title.", "und")
    assert len({first.sha256, second.sha256, third.sha256}) == 3


def test_queries_carry_their_optional_fields(beir: Path) -> None:
    dataset = read_beir(beir)
    assert dataset.name == "tiny"
    assert dataset.queries[0] == Query("q1", "أين قازان؟", "ar", ("الفولغا",), True, "fit")
    assert not dataset.queries[2].answerable
    assert dataset.qrels == {"q1": {"d1": 2, "d2": 1}, "q2": {"d2": 1}}


def test_fields_that_beir_lacks_may_be_missing(beir: Path) -> None:
    (beir / "queries.jsonl").write_text(lines([{"_id": "q1", "text": "x"}]))
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td3\t1\n")
    assert read_beir(beir).queries == (Query("q1", "x", "und", (), True, None, None),)


def test_what_is_written_is_read_back_the_same(beir: Path, tmp_path: Path) -> None:
    dataset = read_beir(beir)
    write_beir(dataset, tmp_path / "copy" / "tiny")
    assert read_beir(tmp_path / "copy" / "tiny") == dataset


@pytest.mark.parametrize(
    ("lang", "language"),
    [("AR", "ar"), ("pt-BR", "pt"), ("fas", "fas"), ("../../x", "und"), ("en/..", "und")],
)
def test_a_language_that_is_no_code_is_unknown(beir: Path, lang: str, language: str) -> None:
    (beir / "queries.jsonl").write_text(lines([{**row, "lang": lang} for row in QUERIES]))
    (beir / "corpus.jsonl").write_text(lines([{**row, "lang": lang} for row in CORPUS]))
    dataset = read_beir(beir)
    assert {query.language for query in dataset.queries} == {language}
    assert {document_language(document) for document in dataset.documents} == {language}


def test_a_line_separator_within_a_text_divides_no_line(beir: Path) -> None:
    row = {"_id": "d4", "title": "", "text": "one\u2028two\x85three"}
    (beir / "corpus.jsonl").write_text(lines([*CORPUS, row]), "utf-8")
    assert read_beir(beir).documents[3].text == "one\u2028two\x85three"


def test_qrels_of_several_files_are_one_and_name_the_split(beir: Path) -> None:
    (beir / "queries.jsonl").write_text(lines([{"_id": i, "text": i} for i in ("q1", "q2")]))
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    (beir / "qrels" / "train.tsv").write_text("query-id\tcorpus-id\tscore\nq2\td2\t1\n")
    dataset = read_beir(beir)
    assert dataset.qrels == {"q1": {"d1": 1}, "q2": {"d2": 1}}
    assert [query.split for query in dataset.queries] == ["test", "train"]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "corpus.jsonl",
            '{"_id": "d1", "text": "x"}\n\n{oops\n',
            "corpus.jsonl' line 3 is not JSON",
        ),
        ("corpus.jsonl", "[1]\n", "line 1 holds no JSON object"),
        ("corpus.jsonl", '{"_id": 7, "text": "x"}\n', "line 1 has 7 as '_id'"),
        ("corpus.jsonl", '{"_id": "d1"}\n', "line 1 has no 'text'"),
        ("corpus.jsonl", '{"_id": "d1", "text": "x"}\n' * 2, "'d1' occurs more than once in"),
        ("queries.jsonl", '{"_id": "q1", "text": "x"}\n' * 2, "'q1' occurs more than once in"),
        (
            "queries.jsonl",
            '{"_id": "q", "text": "x", "answers": "y"}',
            "no list of texts as 'answers'",
        ),
        ("queries.jsonl", '{"_id": "q", "text": "x", "answerable": 0}', "has 0 as 'answerable'"),
        ("qrels/test.tsv", QRELS + "q9\td1\t1\n", "test.tsv' line 5 names the query 'q9'"),
        ("qrels/test.tsv", QRELS + "q1\td9\t1\n", "line 5 names the document 'd9'"),
        ("qrels/test.tsv", QRELS + "q1\td1\t1\n", "line 5 judges 'q1' and 'd1' again"),
        ("corpus.jsonl", "[" * 200_000, "corpus.jsonl' line 1 is nested too deeply"),
        ("qrels/test.tsv", QRELS + "q1\td3\t--5\n", "test.tsv' line 5 is not"),
        ("qrels/test.tsv", QRELS + f"q1\td3\t{'5' * 5000}\n", "test.tsv' line 5 is not"),
        ("qrels/test.tsv", "q1 0 d1 1\n", "line 1 is not 'query-id, corpus-id, whole number'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(
    beir: Path, file: str, text: str, said: str
) -> None:
    (beir / file).write_text(text)
    with pytest.raises(DatasetError) as raised:
        read_beir(beir)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(beir: Path, file: str) -> None:
    (beir / file).unlink()
    with pytest.raises(DatasetError, match=Path(file).parts[0]):
        read_beir(beir)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere' is not a folder"):
        read_beir(tmp_path / "nowhere")


def test_a_file_that_is_no_text_is_named(beir: Path) -> None:
    (beir / "corpus.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match=r"corpus\.jsonl' cannot be read as UTF-8"):
        read_beir(beir)


def test_queries_are_cut_by_language_and_split(beir: Path) -> None:
    cut = select(read_beir(beir), query_language="en", split="report")
    assert ids(cut) == (["q2", "q3"], ["d1", "d2", "d3"])
    assert cut.qrels == {"q2": {"d2": 1}}


def test_a_query_whose_relevant_documents_are_cut_away_has_no_qrels(beir: Path) -> None:
    cut = select(read_beir(beir), corpus_language="ar")
    assert ids(cut) == (["q1", "q2", "q3"], ["d1"])
    assert cut.qrels == {"q1": {"d1": 2}}


def test_a_query_left_with_documents_that_are_not_relevant_has_no_qrels(beir: Path) -> None:
    dataset = replace(read_beir(beir), qrels={"q1": {"d1": 0, "d2": 1}, "q2": {"d1": 0}})
    assert select(dataset, corpus_language="ar").qrels == {"q2": {"d1": 0}}


def test_what_names_no_language_is_in_the_one_it_looks_like() -> None:
    documents = (
        document("d1", "قازان مدينة كبيرة على نهر الفولغا في روسيا.", "und"),
        document("d2", "Волга течёт через Казань.", "ru"),
    )
    queries = (Query("q1", "أين قازان؟"), Query("q2", "Где Казань?"), Query("q3", "x", "fa"))
    found = with_languages(Dataset("tiny", documents, queries, {}))
    assert list(map(document_language, found.documents)) == ["ar", "ru"]
    assert [query.language for query in found.queries] == ["ar", "ru", "fa"]


def test_a_query_in_no_language_of_the_corpus_is_taken_as_it_looks() -> None:
    documents = (document("d", "قازان مدينة", "ar"),)
    queries = (Query("q1", "Where does the river Volga flow into the sea?"), Query("q2", "42"))
    found = with_languages(Dataset("tiny", documents, queries, {})).queries
    assert [query.language for query in found] == ["en", "und"]


def test_the_language_that_is_given_is_that_of_what_names_none() -> None:
    documents = (document("d1", "Kazan", "und"), document("d2", "Казань", "ru"))
    found = with_languages(Dataset("x", documents, (Query("q", "Kazan"),), {}), "tt")
    assert list(map(document_language, found.documents)) == ["tt", "ru"]
    assert found.queries[0].language == "tt"


def test_a_few_items_in_a_language_do_not_make_it_one_of_the_set() -> None:
    assert languages_of(["ar"] * 18 + ["fa", "en"]) == ["ar", "en", "fa"]
    assert languages_of(["ar"] * 20 + ["fa"]) == ["ar"]


def test_a_selection_that_leaves_nothing_says_what_there_is(beir: Path) -> None:
    dataset = read_beir(beir)
    with pytest.raises(DatasetError, match=r"no document is in language 'de'.*ar, en, und"):
        select(dataset, corpus_language="de")
    with pytest.raises(DatasetError, match=r"no query is in split 'train'.*fit, report"):
        select(dataset, split="train")


def test_sets_are_pooled_unless_they_share_an_id(beir: Path) -> None:
    one = read_beir(beir)
    other = Dataset("other", (document("d9", "x"),), (Query("q9", "x"),), {"q9": {"d9": 1}})
    pooled = pool([one, other])
    assert ids(pooled) == (["q1", "q2", "q3", "q9"], ["d1", "d2", "d3", "d9"])
    assert pooled.qrels == {**one.qrels, "q9": {"d9": 1}}
    with pytest.raises(DatasetError, match="'d1' occurs more than once"):
        pool([one, one])


def test_a_document_is_in_the_language_of_most_of_it() -> None:
    sections = (Section(0, 4, language="ar"), Section(4, 10, language="fa"))
    assert document_language(Document("d", "x" * 10, "", sections)) == "fa"


SEED = {
    "id": "q001",
    "question": "Когда?",
    "language": "ru",
    "answerable": True,
    "documents": ["a.txt"],
    "answers": ["2014"],
    "kind": "fact",
}


def test_seed_questions_become_queries_and_qrels(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    miss = SEED | {
        "id": "q002",
        "answerable": False,
        "documents": [],
        "answers": [],
        "kind": "off-topic",
    }
    file.write_text(lines([SEED, miss]), "utf-8")
    dataset = seeds_dataset([document("a.txt", "2014", "fa")], file)
    assert dataset.qrels == {"q001": {"a.txt": 1}}
    # The SHA-256 of q001 ends in 8 (a80f…d488), that of q002 in 5 (edc0…f715).
    assert dataset.queries == (
        Query("q001", "Когда?", "ru", ("2014",), True, "tuning", "fact"),
        Query("q002", "Когда?", "ru", (), False, "reporting", "off-topic"),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"documents": ["b.txt"]}, "line 1 names the document 'b.txt'"),
        ({"answers": []}, "line 1 is answerable but lacks documents or answers"),
        ({"question": None}, "line 1 has no 'question'"),
    ],
)
def test_a_seed_question_that_cannot_be_used_is_named(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(lines([SEED | change]), "utf-8")
    with pytest.raises(DatasetError, match=said):
        seeds_dataset([document("a.txt", "2014")], file)
