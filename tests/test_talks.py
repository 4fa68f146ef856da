"""Conversations in a real browser: stopped, asked again, changed, kept, found, named, deleted."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chatting import ARABIC, ENGLISH, Stub, answer, ask, opened, serving
from ui import kept
from ui.turns import draw_turns

STUB = Stub()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(STUB) as url:
        yield url


def questions(page: Any) -> list[str]:
    return [str(text) for text in page.locator(".question").all_inner_texts()]


def reload(page: Any) -> None:
    page.reload()
    page.wait_for_selector(".composer textarea")


def test_stop_ends_the_answer_in_the_page_and_on_the_server(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        page.fill(".composer textarea", "endless")
        page.press(".composer textarea", "Enter")
        page.wait_for_selector("#t1 .pending")
        assert not STUB.ended.is_set()
        page.click(".composer .stop")
        assert page.inner_text("#t1 > .note") == "Stopped."
        assert STUB.ended.wait(5)
        assert ask(page, ENGLISH).locator(".source").count() == 1


def test_ask_again_takes_the_place_of_its_turn_and_of_no_other(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        for question in ("fail", ARABIC):
            ask(page, question)
        page.click(".turn:first-child .again")
        page.wait_for_selector("#t3 .problem")
        assert questions(page) == ["fail", ARABIC]
        assert page.locator(".turn").first.get_attribute("id") == "t3"


def test_a_changed_question_takes_the_place_of_what_followed(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        for question in (ARABIC, "And where?", ENGLISH):
            ask(page, question)
        page.click("#t2 .edit")
        assert page.input_value(".composer textarea") == "And where?"
        page.fill(".composer textarea", "And when?")
        page.press(".composer textarea", "Enter")
        page.wait_for_selector("#t4 .turn-body")
        assert questions(page) == [ARABIC, "And when?"]
        assert f"after {ARABIC}" in page.inner_text("#t4 .note")
        page.click("#t4 .edit")
        page.keyboard.press("Escape")
        assert page.input_value(".composer textarea") == ""


def test_an_answer_that_is_asked_again_or_changed_in_vain_comes_back(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        for question in (ENGLISH, ARABIC):
            ask(page, question)
        for change, told in (("endless", "Stopped."), ("fail", "no index at")):
            page.click("#t1 .edit")
            page.fill(".composer textarea", change)
            page.press(".composer textarea", "Enter")
            if change == "endless":
                page.click(".composer .stop")
            page.wait_for_selector(f"#t1 > .early:has-text('{told}')")
            assert page.input_value(".composer textarea") == change
            assert questions(page) == [ENGLISH, ARABIC]
            page.click(".composer .quit")
        reload(page)
        page.wait_for_selector(".turn:nth-child(2) .turn-body")
        assert page.locator(".turn .said").count() == 2


def test_a_conversation_is_found_again_after_a_reload_and_in_a_new_tab(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        ask(page, ARABIC)
        quote = ask(page, ENGLISH).locator(".said").inner_text()
        reload(page)
        page.wait_for_selector(".turn:nth-child(2) .turn-body")
        assert questions(page) == [ARABIC, ENGLISH]
        assert page.locator(".said").last.inner_text() == quote
        page.locator(".cite").last.click()
        assert page.locator(".pane mark").inner_text() == quote
        assert f"after after {ARABIC}" in ask(page, "And?").locator(".note").inner_text()
        tomorrow = page.context.new_page()
        tomorrow.goto(address)
        tomorrow.click(".recent .open-talk")
        tomorrow.wait_for_selector(".turn:nth-child(3) .turn-body")
        assert questions(tomorrow) == [ARABIC, ENGLISH, "And?"]


def test_a_conversation_that_is_found_again_is_open_at_its_last_question(
    browser: Any, address: str
) -> None:
    with opened(browser, address, width=360) as page:
        page.set_viewport_size({"width": 360, "height": 400})
        for question in (ARABIC, ENGLISH):
            ask(page, question)
        reload(page)
        page.wait_for_selector(".turn:nth-child(2) .turn-body")
        page.wait_for_function("scrollY > 0")
        at = page.locator(".question").last.bounding_box()["y"]
        assert 0 < at < 200


def test_conversations_are_listed_renamed_and_deleted(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        for question in (ARABIC, ENGLISH):
            ask(page, question)
            page.click(".toolbar .new")
        page.click(".menu")
        titles = page.locator(".talks .title")
        assert titles.all_inner_texts() == [ENGLISH, ARABIC]
        page.click(".talks .rename >> nth=1")
        page.fill(".renaming input", "<b>قازان</b>")
        page.keyboard.press("Enter")
        page.click(".talks .delete >> nth=0")
        page.click(".deleting button >> nth=1")
        assert titles.count() == 2
        page.click(".talks .delete >> nth=0")
        page.click(".deleting .sure")
        assert titles.all_inner_texts() == ["<b>قازان</b>"]
        reload(page)
        assert page.locator(".recent .title").all_inner_texts() == ["<b>قازان</b>"]
        page.click(".menu")
        page.click(".talks .open-talk")
        page.wait_for_selector(".turn .turn-body")
        page.click(".menu")
        page.click(".talks .delete")
        page.click(".deleting .sure")
        assert page.locator(".turn").count() == 0
        assert (
            page.evaluate("Object.keys(localStorage).filter(key => /talk|about/.test(key))") == []
        )


def test_two_tabs_that_go_on_with_a_conversation_lose_no_turn_of_each_other(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        ask(page, "one?")
        other = page.context.new_page()
        other.goto(address)
        other.click(".recent .open-talk")
        other.wait_for_selector(".turn .turn-body")
        ask(other, "two?")
        for question in ("three?", "four?"):
            ask(page, question)
        reload(page)
        page.wait_for_selector(".turn:nth-child(3) .turn-body")
        assert questions(page) == ["one?", "three?", "four?"]
        page.click(".menu")
        page.click(".talks .open-talk:not([aria-current])")
        page.wait_for_selector(".turn:nth-child(2) .turn-body")
        assert questions(page) == ["one?", "two?"]


FULL = """() => { const keep = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (this.length >= 4 && this.getItem(key) === null) throw new DOMException('full');
  return keep.call(this, key, value); } }"""


def test_when_there_is_no_room_the_oldest_conversation_makes_some(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        page.evaluate(FULL)
        for question in ("one?", "two?", "three?"):
            ask(page, question)
            page.click(".toolbar .new")
        page.click(".menu")
        assert page.locator(".talks .title").all_inner_texts() == ["three?", "two?"]


NO_ROOM_FOR_THREE = """() => { const keep = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (value.includes('three?')) throw new DOMException('full');
  return keep.call(this, key, value); } }"""


def test_a_conversation_that_nothing_makes_room_for_costs_no_other(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        page.evaluate(NO_ROOM_FOR_THREE)
        for question in ("one?", "two?"):
            ask(page, question)
            page.click(".toolbar .new")
        ask(page, "three?")
        assert "cannot keep conversations" in page.inner_text(".storage")
        page.click(".menu")
        assert page.locator(".talks .title").all_inner_texts() == ["two?", "one?"]
        page.click(".talks .open-talk >> nth=1")
        page.wait_for_selector(".turn .turn-body")
        assert questions(page) == ["one?"]


def test_without_a_storage_the_page_works_and_says_that_nothing_is_kept(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        page.evaluate(
            "() => { Storage.prototype.setItem = () => { throw new DOMException('no') } }"
        )
        ask(page, ENGLISH)
        assert "cannot keep conversations" in page.inner_text(".storage")
        assert ask(page, ARABIC).locator(".source").count() == 1


REPEATED = """() => { for (const key of Object.keys(localStorage)) {
  const data = JSON.parse(localStorage.getItem(key));
  if (data.turns) data.turns = Array(120).fill(data.turns[0]);
  localStorage.setItem(key, JSON.stringify(data)); } }"""


def test_a_long_conversation_is_drawn_to_its_last_answer(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, ENGLISH)
        page.evaluate(REPEATED)
        reload(page)
        page.wait_for_selector(".turn:nth-child(120) .turn-body")
        assert page.locator(".turn .said").count() == 120


TAMPERED = """markup => { for (const key of Object.keys(localStorage)) {
  const data = JSON.parse(localStorage.getItem(key).replaceAll('Kazan', markup));
  localStorage.setItem(key, JSON.stringify(data)); } }"""


def test_what_somebody_wrote_into_the_storage_is_shown_as_text(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, ENGLISH)
        markup = "<img src=x onerror='window.broken=1'><script>window.broken=1</script>"
        page.evaluate(TAMPERED, markup)
        reload(page)
        page.wait_for_selector(".turn-body")
        assert markup in page.inner_text(".said")
        assert page.locator(".thread img, .thread script").count() == 0
        assert page.evaluate("window.broken") is None


def test_a_kept_answer_is_drawn_as_it_was_in_the_language_of_the_page() -> None:
    data = json.loads(json.dumps(kept.dump(answer(ARABIC))))
    assert kept.load(data) == answer(ARABIC)
    turn = {"turn": "t1", "question": ARABIC, "answer": data}
    (drawn,) = draw_turns({"turns": [turn], "language": "ru"})
    assert "انعقد المنتدى في قازان." in drawn
    assert "Источники" in drawn


@pytest.mark.parametrize("odd", [{}, {"question": 1}, [], "x", {"citations": [{}]}])
def test_what_is_no_answer_is_told_and_its_question_kept(odd: object) -> None:
    turn = {"turn": "t1", "question": "Where <b>?", "answer": odd or {"x": 1}}
    (drawn,) = draw_turns({"turns": [turn], "language": "en"})
    assert "Where &lt;b&gt;?" in drawn
    assert "cannot be shown any more" in drawn
