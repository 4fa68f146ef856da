import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.context import CITED, FADING, Asked, in_context
from assistant.conversation import MAX_TURNS, Conversation, Turn, standalone
from assistant.fits import STATIC
from assistant.generative import Generator
from assistant.llm import LlmConfig, connect
from assistant.types import Answer, Sentence
from eval.dialogues import hold, read_dialogues
from index.errors import DatasetError
from index.search import Searcher
from index.types import Hit, Passage, QueryTerm
from tests.llm_server import serving_model
from ui.turns import conversation_of

OIC = "003_b3e058f4b2c0909a.txt"
HEADS = "Who heads the Strategic Vision Group?"


SAID = Answer("q", "q", (), (), (), False, 1.0, "en", "extractive", "f")


def after(query: str) -> Conversation:
    return Conversation((Turn(query),))


@pytest.mark.parametrize(
    ("before", "message", "searched"),
    [
        (HEADS, "Since when?", "heads Strategic Vision Group: Since when?"),
        (HEADS, "And where is he from?", "heads Strategic Vision Group: where is he from?"),
        ("How many came in 2022?", "And in 2023?", "How many came in 2023?"),
        ("How many came in 2022?", "What about Kazan?", "How many came in 2022: Kazan?"),
        (
            "متى تأسست منظمة التعاون الإسلامي؟",
            "وكم دولة تضم؟",
            "تأسست منظمة التعاون الإسلامي: كم دولة تضم؟",
        ),
        ("متى تأسست المجموعة؟", "من هو رئيسها؟", "تأسست المجموعة: من هو رئيسها؟"),
        ("كم شارك في ٢٠٢٢؟", "وفي ٢٠٢٣؟", "كم شارك في ٢٠٢٣؟"),
        ("گروه از چه سالی فعالیت می‌کند؟", "رئیس آن کیست؟", "گروه فعالیت: رئیس آن کیست؟"),
        ("گروه راهبردی چیست؟", "رئیسش کیست؟", "گروه راهبردی: رئیسش کیست؟"),
        (
            "Кто зачитал послание Путина?",
            "С какого года?",
            "зачитал послание Путина: С какого года?",
        ),
        ("Кто зачитал послание Путина?", "А где?", "зачитал послание Путина: где?"),
        ("Сколько стран в ОИС?", "А когда она основана?", "стран ОИС: когда она основана?"),
        ("Когда закроют завод?", "А Ford?", "Когда закроют завод: Ford?"),
        ("Сколько семей в городе?", "А каков средний размер семьи?", None),
        ("متى اكتشف شيل الأكسجين؟", "وجوزيف بريستلي؟", "متى اكتشف شيل الأكسجين: وجوزيف بريستلي؟"),
        (HEADS, "And where did Lavrov meet him in May 2022?", None),
    ],
)
def test_a_follow_up_is_searched_with_what_it_leaves_out(
    before: str, message: str, searched: str | None
) -> None:
    found = standalone(after(before), message)
    assert found == searched if searched else len(found) > len(message)


@pytest.mark.parametrize(
    ("before", "told", "message", "searched"),
    [
        (
            HEADS,
            "Rustam Minnikhanov",
            "Where was he born?",
            "Rustam Minnikhanov: Where was he born?",
        ),
        (
            "Кто руководит группой?",
            "رستم مینیخانف",
            "А где он родился?",
            "رستم مینیخانف: где он родился?",
        ),
        ("من يرأس المجموعة؟", "مينيخانوف", "وأين ولد؟", "مينيخانوف: أين ولد؟"),
        (
            "چه کسی رئیس گروه است؟",
            "مینیخانف",
            "او کجا به دنیا آمد؟",
            "مینیخانف: او کجا به دنیا آمد؟",
        ),
        # What was asked is no person, what was told no name.
        ("Where does the group meet?", "in Kazan", "Who heads it?", "group meet: Who heads it?"),
        ("Where does the WHO meet?", "Geneva", "Who heads it?", "meet: Who heads it?"),
        ("من أين جاء الوفد؟", "قازان", "وأين اجتمع؟", "جاء الوفد: أين اجتمع؟"),
        ("کی گروه تأسیس شد؟", "تابستان گذشته", "رئیس آن کیست؟", "گروه تأسیس: رئیس آن کیست؟"),
        ("رئیس گروه: кто его заместитель?", "Иван", "А где он родился?", "Иван: где он родился?"),
        (
            "Who heads it: in Russia?",
            "Ivan -war",
            "Where was he born?",
            "Ivan war: Where was he born?",
        ),
        ("ما هي الدول من آسيا؟", "كازاخستان", "وأين تجتمع؟", "الدول آسيا: أين تجتمع؟"),
        ("المجموعة: من يرأس؟", "مينيخانوف", "وأين ولد؟", "مينيخانوف: أين ولد؟"),
        (HEADS, "the head since 2014", "And where?", "heads Strategic Vision Group: where?"),
    ],
)
def test_a_follow_up_is_searched_with_who_it_was(
    before: str, told: str, message: str, searched: str
) -> None:
    found = standalone(Conversation((Turn(before, words=told),)), message)
    assert found.endswith(searched)


def test_a_turn_keeps_the_few_words_that_answer() -> None:
    def turn(text: str, *places: tuple[int, int]) -> Turn:
        answer = replace(SAID, sentences=(Sentence(text, (1,), 1.0, places),))
        return Conversation().after(answer).turns[-1]

    assert turn("Rustam Minnikhanov heads it.", (0, 18)).words == "Rustam Minnikhanov"
    assert conversation_of([asdict(turn("He heads it.", (0, 2)))]).turns[0].words == "He"
    assert turn("Nobody knows.").words == ""
    assert turn("word " * 40, (0, 150), (0, 4)).words == ""


@pytest.mark.parametrize(
    "message",
    [
        "How many events are planned for KazanForum 2024?",
        "And how many Chinese citizens did Ukrainian forces capture?",
        "متى بدأت روسيا هجومها على أوكرانيا؟",
        "پیام پوتین به نشست کدام شهر فرستاده شد؟",
        "Сколько процентов территории Украины контролирует Россия?",
        "ما هي الدول التي وقعت اتفاقية المياه بتحفظات؟",
        "When has the maker Toyota said it will close its Victoria plant?",
        "وزير الخارجية الروسي لافروف",
    ],
)
def test_a_change_of_topic_is_searched_as_it_is(message: str) -> None:
    assert standalone(after(HEADS), message) == message
    assert standalone(Conversation(), "And where?") == "And where?"


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_any_message_after_any_question_stands_alone(before: str, message: str) -> None:
    searched = standalone(after(before), message)
    assert searched.strip() or not message.strip()
    assert len(searched) <= len(before) + len(message) + 2


def test_a_conversation_is_a_value_that_remembers_the_last_turns(searcher: Searcher) -> None:
    assistant, conversation = Assistant(searcher), Conversation()
    answer = assistant.ask("متى تأسست منظمة التعاون الإسلامي؟")
    longer = conversation
    for _ in range(MAX_TURNS + 3):
        longer = longer.after(answer)
    assert conversation == Conversation()
    assert len(longer.turns) == MAX_TURNS
    follow_up = assistant.ask("وكم دولة تضم؟", longer)
    assert follow_up.question == "وكم دولة تضم؟"
    assert follow_up.query == "تأسست منظمة التعاون الإسلامي: كم دولة تضم؟"
    assert "57 دولة" in " ".join(citation.quote for citation in follow_up.citations)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("كم دولة تضم منظمة التعاون الإسلامي؟", "كم دولة تضم منظمة التعاون الإسلامي؟"),
        ("one\ntwo", "تأسست المنظمة: كم دولة تضم؟"),
        ("", "تأسست المنظمة: كم دولة تضم؟"),
    ],
)
def test_a_language_model_resolves_a_follow_up_and_the_rules_where_it_fails(
    searcher: Searcher, written: str, searched: str
) -> None:
    with (
        serving_model(written) as model,
        connect(LlmConfig("ollama/m", model.url)) as llm,
    ):
        assistant = Assistant(searcher, generator=Generator(llm))
        answer = assistant.ask("وكم دولة تضم؟", after("متى تأسست المنظمة؟"))
    assert answer.query == searched
    asked = model.asked[0]["messages"][1]["content"]
    assert "متى تأسست المنظمة؟" in asked
    assert "وكم دولة تضم؟" in asked


def place(passage_id: str, doc_id: str, text: str = "A word.") -> Passage:
    return Passage(passage_id, doc_id, 0, len(text), text, "en", ((0, len(text)),))


NOTHING = Asked("and when?", {})


def test_where_the_turn_before_found_its_answer_a_follow_up_looks_first() -> None:
    passages = [place("a1", "a"), place("b1", "b"), place("b2", "b"), place("c1", "c")]
    hits = [Hit(passage, 2.0, rank) for rank, passage in enumerate(passages, start=1)]
    found = in_context(hits, NOTHING, NOTHING, [passages[2], passages[3]], STATIC.evidence)
    # The document that was cited first, the second; then what has nothing to do.
    assert [hit.passage.passage_id for hit in found] == ["b1", "b2", "c1", "a1"]
    assert [hit.rank for hit in found] == [1, 2, 3, 4]
    assert [hit.scores["context"] for hit in found] == [CITED, CITED, CITED * FADING, 0.0]
    assert all(hit.score == 2.0 + hit.shares["context"] for hit in found)


def test_what_answers_the_message_comes_before_what_answered_the_turn_before() -> None:
    forum, bread = QueryTerm("forum", {"forum": 1.0}, idf=3.0), QueryTerm("bread", {"bread": 1.0})
    passages = [
        place("a", "a", "The forum was in Kazan."),
        place("b", "a", "Bread was sold there."),
    ]
    hits = [Hit(p, 2.0, i, sentence_scores=(0.5,)) for i, p in enumerate(passages, start=1)]
    query = Asked("forum: and the bread?", {"en": [forum, replace(bread, idf=1.0)]})
    message = Asked("and the bread?", {"en": [replace(bread, idf=1.0)]})
    found = in_context(hits, query, message, [passages[0]], STATIC.evidence)
    assert [hit.passage.passage_id for hit in found] == ["b", "a"]


def test_only_a_follow_up_minds_the_conversation(searcher: Searcher) -> None:
    assistant = Assistant(searcher)
    first = assistant.ask("متى تأسست منظمة التعاون الإسلامي؟")
    talk = Conversation().after(first)
    assert talk.turns[0].passages == (first.citations[0].passage_id,)
    follow_up = assistant.ask("وكم دولة تضم؟", talk)
    assert all("context" in hit.scores for hit in follow_up.hits)
    new_topic = assistant.ask("من مثل موريتانيا في وفد الاتحاد البرلماني؟", talk)
    assert new_topic == replace(
        assistant.ask("من مثل موريتانيا في وفد الاتحاد البرلماني؟"), timings_ms=new_topic.timings_ms
    )


def test_dialogues_are_held_turn_by_turn(searcher: Searcher, tmp_path: Path) -> None:
    documents = [d for i in searcher.hashes() if (d := searcher.document(i))]
    file = tmp_path / "dialogues.jsonl"
    turns = [
        {"question": "متى تأسست منظمة التعاون الإسلامي؟"},
        {"question": "وكم دولة تضم؟", "documents": [OIC], "answers": ["57 دولة"]},
    ]
    file.write_text(json.dumps({"id": "d1", "language": "ar", "turns": turns}))
    (outcome,) = hold(read_dialogues(file, documents), Assistant(searcher).ask, searcher.search)
    assert outcome.message == "وكم دولة تضم؟"
    assert outcome.ranks["resolved"] == 1


@pytest.mark.parametrize("turns", ["[]", "1", '[{"question": "x"}]', '[{"question": "x"}, 2]'])
def test_a_dialogue_without_two_turns_is_named(tmp_path: Path, turns: str) -> None:
    file = tmp_path / "d.jsonl"
    file.write_text(f'{{"id": "d1", "turns": {turns}}}\n')
    with pytest.raises(DatasetError, match="line 1 has no two turns"):
        read_dialogues(file, [])


def test_an_and_in_a_presentation_form_is_taken_off() -> None:
    follow_up = standalone(after("متى تأسست منظمة التعاون الإسلامي؟"), "ﻭﻛﻢ دولة تضم؟")
    assert follow_up.endswith(": ﻛﻢ دولة تضم؟")


def test_what_a_question_ruled_out_is_no_topic() -> None:
    assert "tourism" not in standalone(after("forum -tourism Kazan"), "and when?")
