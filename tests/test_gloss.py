"""A quotation said in the reader's language: told apart from the quotation, and never quoted."""

from collections.abc import Iterator
from typing import Any

import pytest

from index.gloss import can_gloss, gloss
from index.translation import bundled_tables
from tests.chatting import ARABIC, DOCUMENTS, ENGLISH, Library, Stub, ask, opened, serving, style
from ui.glossing import gloss_html
from ui.words import page_words

QUOTE = "انعقد المنتدى في قازان."
TABLES = bundled_tables()


def test_a_gloss_tells_what_each_word_may_mean_where_it_stands() -> None:
    text = "در سازمانِ همکاری، ۱۵ سال"
    found = gloss(text, "fa", "en", TABLES)
    assert [text[item.start : item.end] for item in found] == [
        "در",
        "سازمانِ",
        "همکاری",
        "۱۵",
        "سال",
    ]
    assert [item.words[0] for item in found] == [
        "in",
        "organization",
        "collaboration",
        "15",
        "years",
    ]


def test_words_that_the_tables_do_not_know_have_no_gloss() -> None:
    (found,) = gloss("قچغژ", "fa", "en", TABLES)
    assert found.words == ()
    assert not can_gloss("de", "en", TABLES)


@pytest.mark.parametrize(
    ("word", "source", "target", "told"),
    [
        ("the", "en", "ar", ()),
        ("را", "fa", "ru", ()),
        ("and", "en", "ar", ("و",)),
        ("в", "ru", "en", ("in",)),
    ],
)
def test_a_word_of_every_sentence_has_a_gloss_only_where_both_directions_agree(
    word: str, source: str, target: str, told: tuple[str, ...]
) -> None:
    (found,) = gloss(word, source, target, TABLES)
    assert found.words == told


def test_a_persian_gloss_has_persian_letters() -> None:
    (found,) = gloss("cooperation", "en", "fa", TABLES)
    assert "همکاری" in found.words


class Model:
    """An assistant whose language model says what it is told to."""

    searcher = Library()

    def __init__(self, said: str | None) -> None:
        self.said = said

    def translate(self, text: str, language: str) -> str | None:
        return self.said and f"{self.said} {language}: {text}"


def told(said: str | None, **changed: object) -> str:
    start = DOCUMENTS["ar.txt"].index(QUOTE)
    span = {"start": start, "end": start + len(QUOTE)}
    place = {"passage": "ar.txt", **span, "language": "en", **changed}
    return gloss_html(Model(said), place)


def test_a_gloss_is_labelled_and_a_translation_as_well() -> None:
    assert page_words("en")["gloss_note"] in told(None)
    translated = told("<b>")
    assert page_words("en")["translate_note"] in translated
    assert f"&lt;b&gt; en: {QUOTE}" in translated


@pytest.mark.parametrize("odd", [{"passage": "gone"}, {"start": "x"}, {"language": "de"}])
def test_what_cannot_be_glossed_is_told(odd: dict[str, object]) -> None:
    shown = told(None, **odd)
    assert "problem" in shown or page_words("en")["gloss_note"] in shown


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Stub()) as url:
        yield url


def test_who_reads_neither_language_gets_a_gloss_on_demand_that_cannot_be_copied(
    browser: Any, address: str
) -> None:
    with opened(browser, address, locale="ru") as page:
        turn = ask(page, "What was quoted in Arabic?")
        turn.locator(".gloss").click()
        turn.locator(".glossed .pair").first.wait_for()
        assert page_words("ru")["gloss_note"] in turn.locator(".glossed").inner_text()
        assert "форум" in turn.locator(".glossed").inner_text()
        assert style(turn.locator(".glossed"), "userSelect") == "none"
        turn.locator(".cite").click()
        page.click(".pane .gloss")
        page.wait_for_selector(".pane .glossed .pair")
        page.click(".pane .gloss")
        assert page.locator(".pane .glossed").count() == 0


def test_who_asks_in_the_language_of_the_quotation_needs_no_gloss(
    browser: Any, address: str
) -> None:
    with opened(browser, address, locale="fa") as page:
        assert ask(page, ARABIC).locator(".gloss").count() == 0
        assert ask(page, ENGLISH).locator(".gloss").count() == 0
