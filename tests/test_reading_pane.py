"""The reading pane in a real browser: number, pane and document agree, and the keyboard reaches
all of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from index.types import Document, Passage
from tests.chatting import (
    ARABIC,
    DOCUMENTS,
    ENGLISH,
    Library,
    Stub,
    ask,
    opened,
    quoting,
    serving,
    style,
)
from ui.naming import named
from ui.reading import open_place

QUOTES = {ENGLISH: "The forum met in Kazan.", ARABIC: "انعقد المنتدى في قازان."}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Stub()) as url:
        yield url


def open_first(turn: Any) -> str:
    """Follow the number of a turn's first sentence; gives what is marked in the pane."""
    quote = turn.locator(".said").first.inner_text()
    turn.locator(".cite").first.click()
    pane = turn.page.locator(".pane")
    pane.locator("mark", has_text=quote).wait_for()
    return str(pane.locator("mark").inner_text())


def test_number_pane_and_document_agree_after_follow_ups_in_any_mix(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        asked = [ARABIC, ENGLISH, "And where?", ARABIC, ENGLISH]
        turns = [ask(page, question) for question in asked]
        for turn, question in zip(reversed(turns), reversed(asked), strict=True):
            quote = QUOTES.get(question, QUOTES[ENGLISH])
            assert open_first(turn) == turn.locator(".said").inner_text() == quote
            lit = page.locator(".source.lit")
            assert lit.get_attribute("id") == f"{turn.get_attribute('id')}-s1"
            assert page.locator(".cite[aria-current]").count() == 1
            name = page.locator(".pane .file").inner_text()
            assert page.locator(".pane .text").inner_text().strip() == DOCUMENTS[name]


def test_the_pane_stays_beside_the_answers_in_a_wide_window(browser: Any, address: str) -> None:
    with opened(browser, address, width=1000) as page:
        turn = ask(page, ENGLISH)
        before = turn.locator(".sentence").bounding_box()
        open_first(turn)
        pane, after = (page.locator(css).bounding_box() for css in (".pane", ".sentence"))
        assert pane["x"] >= after["x"] + after["width"]
        assert after == pytest.approx(before, abs=2)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1000
        ask(page, ARABIC)
        assert page.is_visible(".pane")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_in_a_narrow_window_the_pane_is_a_sheet_that_escape_closes(
    browser: Any, address: str, locale: str
) -> None:
    with opened(browser, address, width=360, locale=locale) as page:
        turn = ask(page, ARABIC)
        open_first(turn)
        assert page.locator(".pane").bounding_box()["width"] == 360
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.keyboard.press("Escape")
        assert not page.is_visible(".pane")
        assert page.evaluate("document.activeElement.matches('#t1 .cite')")


def test_buttons_and_arrows_go_through_the_sources_the_way_the_page_runs(
    browser: Any, address: str
) -> None:
    for locale, onward in (("en", "ArrowRight"), ("fa", "ArrowLeft")):
        with opened(browser, address, locale=locale) as page:
            ask(page, "Who lives on Mars?").locator(".open").first.click()
            page.wait_for_selector(".pane .here")
            assert page.is_disabled(".pane .previous")
            page.keyboard.press(onward)
            assert page.locator(".source.lit").get_attribute("id") == "t1-n2"
            page.click(".pane .next")
            assert page.locator(".source.lit").get_attribute("id") == "t1-n3"
            assert page.is_disabled(".pane .next")
            assert page.locator(".pane mark").count() == 0


def test_a_number_shows_its_quotation_to_the_pointer_the_keyboard_and_the_screen_reader(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        cite = ask(page, ARABIC).locator(".cite")
        described = cite.evaluate(
            "cite => document.getElementById(cite.getAttribute('aria-describedby')).textContent"
        )
        cite.hover()
        tip = page.locator(".tip")
        assert tip.inner_text() == described == QUOTES[ARABIC]
        assert style(tip, "direction") == "rtl"
        tip.hover()
        page.wait_for_timeout(300)
        assert tip.is_visible()
        page.mouse.move(0, 0)
        tip.wait_for(state="hidden")
        page.keyboard.press("Shift+Tab")
        while not page.evaluate("document.activeElement.matches('.cite')"):
            page.keyboard.press("Shift+Tab")
        assert tip.is_visible()
        page.keyboard.press("Escape")
        assert not tip.is_visible()


def test_in_a_narrow_window_a_number_does_not_repeat_the_sentence_before_it(
    browser: Any, address: str
) -> None:
    with opened(browser, address, width=360) as page:
        ask(page, ENGLISH).locator(".cite").hover()
        assert not page.is_visible(".tip")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.hover(".composer")
        page.hover(".cite")
        assert page.is_visible(".tip")


def test_escape_closes_the_pane_from_the_question_box_too(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        open_first(ask(page, ENGLISH))
        page.focus(".composer textarea")
        page.keyboard.press("Escape")
        assert not page.is_visible(".pane")


def test_the_pane_says_why_the_passage_was_found(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        open_first(ask(page, ENGLISH))
        page.click(".pane .why summary")
        assert "founded → انعقد" in page.inner_text(".pane .met")


def place(**changed: object) -> dict[str, object]:
    """The first sentence but one of the English document, as the page asks for it."""
    start, quote = 20, "The forum met in Kazan."
    told = {"document": "en.txt", "passage": "en.txt", "start": start, "end": start + len(quote)}
    return {**told, "quote": quote, "wanted": "forums", "language": "en", **changed}


def test_the_supporting_words_are_marked_within_the_quotation() -> None:
    assert '<mark>The <b class="met">forum</b> met in Kazan.</mark>' in open_place(
        Library(), place()
    )


class Changed(Library):
    """Somebody wrote a line above the document's text."""

    def document(self, doc_id: str) -> Document | None:
        return Document(doc_id, "News.\n" + DOCUMENTS[doc_id], "", ())

    def passage(self, _: str) -> Passage | None:
        return None


def test_a_quotation_is_found_where_it_stands_in_a_document_that_changed() -> None:
    assert "<mark>The forum met in Kazan.</mark>" in open_place(Changed(), place())


def test_a_quotation_that_is_gone_is_told_and_nothing_is_marked() -> None:
    shown = open_place(Changed(), place(quote="The forum was put off."))
    assert "the quotation is no longer in it" in shown
    assert "<mark>" not in shown


def test_a_source_without_a_title_is_named_by_the_first_words_of_its_article() -> None:
    answer = quoting(ENGLISH, "en", "en.txt", "The forum met in Kazan.")
    untitled = replace(answer, citations=(replace(answer.citations[0], title=None),), hits=())
    (citation,) = named(untitled, Library()).citations
    assert citation.title == "[Some say otherwise. The forum met in Kazan.…]"
    assert named(answer, Library()) == answer


def test_a_document_that_is_gone_is_told_in_the_language_of_the_page() -> None:
    assert "Этого документа больше нет" in open_place(
        Library(), place(document="gone.txt", language="ru")
    )


@pytest.mark.parametrize("odd", [{"start": "x"}, {"end": None}])
def test_a_place_that_is_none_is_one_line(odd: dict[str, object]) -> None:
    shown = open_place(Library(), place(**odd))
    assert shown.startswith('<p class="problem"')
