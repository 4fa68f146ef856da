import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.config import AnswerConfig
from assistant.errors import QuestionError
from assistant.evidence import gather
from assistant.extractive import choose
from assistant.fits import STATIC
from assistant.questions import figures, kind_of
from assistant.types import Answer
from index.build import index_documents
from index.config import IndexConfig
from index.errors import NothingToFind
from index.queries import content_words, language_of
from index.search import Searcher
from tests.conftest import document

EVERYTHING = AnswerConfig(max_risk=1.0)


@pytest.fixture(scope="session")
def assistant(searcher: Searcher) -> Assistant:
    return Assistant(searcher)


def check(answer: Answer, searcher: Searcher) -> None:
    """What holds for every answer: citations are exact, retrieved, numbered, few."""
    retrieved = {hit.passage.passage_id for hit in answer.hits}
    for citation in answer.citations:
        source = searcher.document(citation.doc_id)
        assert source is not None
        assert source.text[citation.start : citation.end] == citation.quote
        assert citation.passage_id in retrieved
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for s in answer.sentences for n in s.citations} == set(numbers)
    assert len(answer.sentences) <= 3
    first = {answer.citations[s.citations[0] - 1].doc_id for s in answer.sentences}
    assert len(first) <= 2
    assert answer.refused == (not answer.sentences)
    for sentence in answer.sentences:
        assert all(0 <= start < end <= len(sentence.text) for start, end in sentence.words)


def test_an_answer_quotes_the_sentence_that_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("متى تأسست منظمة التعاون الإسلامي؟")
    assert "تأسست عام 1969" in answer.citations[0].quote
    assert answer.citations[0].doc_id == "003_b3e058f4b2c0909a.txt"
    check(answer, assistant.searcher)


def test_what_the_archive_does_not_say_is_refused(assistant: Assistant) -> None:
    answer = assistant.ask("How do I bake a chocolate cake?")
    assert answer.refused
    assert answer.text == ""
    assert answer.hits


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=80).filter(lambda text: text.strip()))
def test_any_question_gets_a_sound_answer(searcher: Searcher, question: str) -> None:
    with contextlib.suppress(NothingToFind):  # "-b"
        check(Assistant(searcher, EVERYTHING).ask(question), searcher)


@pytest.mark.parametrize("question", ["", " \n", "x" * 2001])
def test_what_is_no_question_is_said_in_one_line(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        assistant.ask(question)
    assert "\n" not in str(caught.value)


def test_threads_share_an_assistant(assistant: Assistant) -> None:
    questions = ["متى تأسست منظمة التعاون الإسلامي؟", "گروه از چه سالی فعالیت می کند؟"] * 10
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(assistant.ask, questions))
    assert [a.citations for a in answers] == [assistant.ask(q).citations for q in questions]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("متى تأسست المنظمة؟", "ar"),
        ("أين عقد الاجتماع", "ar"),
        ("کی این گروه تشکیل شد؟", "fa"),
        ("رئيس گروه چه كسي است؟", "fa"),
        ("Где прошёл саммит KazanForum?", "ru"),
        ("Where was the summit?", "en"),
        ("2024?", "en"),
    ],
)
def test_the_language_of_a_question_is_told_by_its_letters(question: str, language: str) -> None:
    assert language_of(question) == language


def test_question_words_are_not_content() -> None:
    assert content_words("متى تأسست المنظمة؟") == ["تاسست", "المنظمه"]
    assert content_words("who?") == ["who"]


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("متى تأسست المنظمة؟", True),
        ("كم دولة شاركت؟", True),
        ("في أي عام عقد؟", True),
        ("چند کشور شرکت کردند؟", True),
        ("از چه سالی فعالیت می کند؟", True),
        ("Сколько стран участвовало?", True),
        ("В каком году?", True),
        ("How many countries took part?", True),
        ("من هو رئيسها؟", False),
        ("رئیس گروه کیست؟", False),
        ("Кто возглавляет группу?", False),
        ("Who showed it?", False),
    ],
)
def test_a_question_for_a_number_or_a_date_is_told_from_others(question: str, figure: bool) -> None:
    assert (kind_of(question) in {"year", "when", "amount"}) is figure


def test_figures_are_read_in_any_digits() -> None:
    assert figures("٥٧ دولة، ۲۰۱۴ و 1.6") == {"57", "2014", "1", "6"}


def test_of_two_equal_sentences_the_one_in_the_question_language_is_quoted(tmp_path: Path) -> None:
    documents = [document("a", "KazanForum 2024.", "ar"), document("b", "KazanForum 2024.", "en")]
    index_documents(documents, tmp_path / "index", IndexConfig())
    with Searcher.open(tmp_path / "index") as searcher:
        question = "KazanForum 2024"
        asked = searcher.query_terms(question)
        found = gather(question, searcher.search(question), asked, STATIC.evidence)
        evidence = [replace(one, score=1.0) for one in found]
        assert choose(evidence, "en", EVERYTHING)[0].evidence.hit.passage.doc_id == "b"
        assert choose(evidence, "ar", EVERYTHING)[0].evidence.hit.passage.doc_id == "a"


def test_the_same_story_is_told_once(tmp_path: Path) -> None:
    story = "The minister arrived in Kazan on Monday."
    documents = [document("a", story), document("b", story), document("c", "Bread is baked.")]
    index_documents(documents, tmp_path / "index", IndexConfig())
    with Searcher.open(tmp_path / "index") as searcher:
        answer = Assistant(searcher, EVERYTHING).ask("When did the minister arrive in Kazan?")
    assert [s.text for s in answer.sentences].count(story) == 1
