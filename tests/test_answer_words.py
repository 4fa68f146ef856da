"""The words of a sentence that answer are marked, and its value told, where they are clear."""

from dataclasses import replace

import pytest

from assistant.answering_values import answering_value
from assistant.questions import kind_of
from assistant.types import Answer, Sentence
from assistant.values import Value, tells_year, values
from index.analysis import term
from index.queries import content_words
from index.text import fold
from index.types import QueryTerm
from ui.cli.output import answer_text
from ui.words import words as labels


def value(question: str, sentence: str, language: str) -> str | None:
    asked = [
        QueryTerm(word, {term(word, language): 1.0}, idf=1.0) for word in content_words(question)
    ]
    span = answering_value(question, sentence, language, asked)
    return span and sentence[slice(*span)]


@pytest.mark.parametrize(
    ("language", "question", "sentence", "words"),
    [
        ("en", "When did Tesla die?", "Tesla died on 7 January 1943.", "7 January 1943"),
        ("en", "In what year did Tesla die?", "Tesla died on 7 January 1943.", "1943"),
        ("en", "How many works are on show?", "Over 70,000 works are on show.", "Over 70,000"),
        ("en", "How many birds live here?", "Today 1200 birds live here.", "1200"),
        ("en", "How long did the siege last?", "The siege lasted three years.", "three years"),
        ("ru", "Когда основан музей?", "Музей основан 12 мая 1905 года.", "12 мая 1905 года"),
        ("ru", "Сколько человек пришло?", "Пришло 68 511 человек.", "68 511 человек"),
        ("ar", "متى تأسست المنظمة؟", "تأسست المنظمة عام ١٩٦٩ في الرباط.", "١٩٦٩"),
        ("ar", "كم دولة تضم المنظمة؟", "تضم المنظمة ٥٧ دولة.", "٥٧"),
        ("fa", "موزه در چه سالی ساخته شد؟", "موزه در سال ۱۹۲۸ ساخته شد.", "۱۹۲۸"),
        ("fa", "وزن تندیس چقدر است؟", "وزن تندیس ۳٫۸۵ کیلوگرم است.", "۳٫۸۵ کیلوگرم"),
    ],
)  # fmt: skip
def test_the_value_that_answers_is_told(
    language: str, question: str, sentence: str, words: str
) -> None:
    assert value(question, sentence, language) == words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Why did the bridge close?", "The bridge closed in 1990 because of rust."),
        ("When did the bridge close?", "The bridge closed after a long dispute."),
        ("How many came in 2023?", "In 2023 there came many guests."),
        ("How many guests came?", "In 2019 guests came by train."),
        ("Who closed the bridge?", "Nobody knows who closed the bridge."),
        ("When was it closed?", "In 1990 closed, 1991 open."),
    ],
)
def test_none_is_told_where_none_clearly_answers(question: str, sentence: str) -> None:
    assert value(question, sentence, "en") is None


def test_the_date_nearest_to_what_is_asked_is_told() -> None:
    sentence = "The bank was founded in 1901 after long debates, and it was closed in 1990."
    assert value("When was the bank founded?", sentence, "en") == "1901"
    assert value("When was it closed?", sentence, "en") == "1990"


def test_the_first_word_that_asks_decides_the_kind() -> None:
    assert kind_of("What happens when the norm is used?") is None
    assert kind_of("When does what happened count?") == "when"
    assert kind_of("من أي فترة حتى كم امتد حكمه؟") == "when"
    assert kind_of("من وحد إيران؟") == "who"
    assert kind_of("چند نفر آمدند؟") == "amount"
    assert kind_of("What was the total length of the bridge?") == "amount"
    assert kind_of("Какова длина канала?") == "amount"
    assert kind_of("ما هو طول النهر؟") == "amount"
    assert kind_of("What is the capital of the country?") is None


def test_the_number_of_a_date_is_no_amount() -> None:
    found = values("In May 2013 some 38 guests paid $230 million.")
    assert [(v.sort, v.figure, v.unit) for v in found] == [
        ("date", "may 2013", ""),
        ("amount", "38", "guests"),
        ("amount", "$230 million", ""),
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("این موضوع را بررسی می‌کنند.", None),
        ("آب شهر را می برد", None),
        ("They may march on.", None),
        ("دی ماه سال بعد", "دی"),
        ("He left in May.", "may"),
        ("در ماه مه رفت", "مه"),
        ("۵ می ۱۹۹۰", "5 مي 1990"),
    ],
)
def test_an_everyday_word_is_a_month_only_where_that_is_sure(text: str, date: str | None) -> None:
    found = [v.figure for v in values(text) if v.sort == "date"]
    assert found == ([] if date is None else [fold(date)])


@pytest.mark.parametrize(
    ("figure", "year"), [("19 may", False), ("2014", True), ("44 bc", True), ("480 до н.э.", True)]
)
def test_a_date_may_lack_its_year(figure: str, year: bool) -> None:
    assert tells_year(Value("date", 0, len(figure), figure)) is year


def test_marked_words_are_bold_where_a_terminal_shows_it_and_nothing_else_is() -> None:
    text = "Opened\x1b[1m in 1990, \ue000closed\ue001."
    start = text.index("1990")
    sentence = Sentence(text, (), 1.0, ((start, start + 4),))
    answer = Answer("q", "q", (sentence,), (), (), False, 1.0, "en", "extractive", "f")
    assert "in \x1b[1m1990\x1b[22m, �closed�." in answer_text(answer, bold=True)
    assert answer_text(answer, bold=True).count("\x1b") == 2
    assert "\x1b" not in answer_text(answer)


def test_an_ordinal_is_no_amount() -> None:
    sentence = "شاركت دول كثيرة في القمة الخامسة عشرة."
    assert value("كم دولة شاركت في القمة؟", sentence, "ar") is None


def test_the_command_line_says_how_sure_an_answer_is_in_the_words_of_the_page() -> None:
    answer = Answer("q", "q", (), (), (), False, 1.0, "en", "extractive", "f")
    label = labels("en")
    for sure, line in ((0.9, label.strong), (0.6, label.moderate), (0.1, label.weak)):
        assert line in answer_text(replace(answer, confidence=sure)).split("\n")
