import pytest

from index.analysis import word_spans, words
from index.matching import matched_spans


def marked(query: str, text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in matched_spans(query, text, language)]


@pytest.mark.parametrize(
    ("query", "text", "language", "wanted"),
    [
        ("founding of groups", "He founded the Group in 1969.", "en", ["founded", "Group"]),
        ("متى تأسست المنظمة", "تأسَّسَتْ مُنَظَّمَةٌ أخرى", "ar", ["تأسَّسَتْ", "مُنَظَّمَةٌ"]),
        ("форумы в Казани", "Форум прошёл в Каза\u00adни.", "ru", ["Форум", "Каза\u00adни"]),
        ("کتاب‌ها", "كتابها و کتاب", "fa", ["كتابها", "کتاب"]),
        ("في عام ١٩٦٩", "سنة 1969 في الرباط", "ar", ["1969"]),
        ("ما عاصمة قطر؟", "ما من كلمة", "ar", []),
    ],
)
def test_words_of_one_stem_meet_however_they_are_spelled(
    query: str, text: str, language: str, wanted: list[str]
) -> None:
    assert marked(query, text, language) == wanted


def test_a_word_meets_its_translation_and_a_name_its_sound() -> None:
    text = "عُقدت القمة في قازان أمس"
    assert marked("Where was the Kazan summit?", text, "ar") == ["القمة", "قازان"]


@pytest.mark.parametrize("text", ["Karasin's  visit, 1.6 ﻛﺘﺎﺏ", "", "  ", "قَازَان"])
def test_word_spans_are_the_words_and_where_they_stand(text: str) -> None:
    spans = word_spans(text)
    assert [word for word, _, _ in spans] == words(text)
    assert all(words(text[start:end]) == [word] for word, start, end in spans)
