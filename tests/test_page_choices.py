"""What a reader chooses in the chat page: its language, its colours, and which passages count."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.filters import Filter
from tests.chatting import ARABIC, ENGLISH, Library, Stub, ask, opened, serving, style
from ui import chat
from ui.filtering import choices, count, filter_of
from ui.words import SPOKEN, page_words

STUB = Stub()
STATIC = Path(chat.__file__).parent / "static"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(STUB) as url:
        yield url


@pytest.mark.parametrize("language", SPOKEN)
def test_the_page_speaks_the_language_of_the_browser(
    browser: Any, address: str, language: str
) -> None:
    with opened(browser, address, locale=language) as page:
        says = page_words(language)
        assert page.inner_text(".tagline") == says["tagline"]
        assert page.inner_text(".composer .ask") == says["ask"]
        assert page.evaluate("document.documentElement.lang") == language
        way = "rtl" if language in {"ar", "fa"} else "ltr"
        assert style(page.locator(".bar"), "direction") == way
        names = page.locator("[data-names]").evaluate_all("all => all.map(it => it.ariaLabel)")
        assert set(names) <= set(says.values())


def test_the_switch_changes_everything_at_once_and_is_remembered(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        ask(page, ENGLISH)
        page.select_option(".tongue", "fa")
        page.wait_for_selector(".sources h3:has-text('منابع')")
        assert page.inner_text("#t2 .again, .turn .again") == page_words("fa")["again"]
        page.reload()
        page.wait_for_selector(".turn-body")
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert page.input_value(".tongue") == "fa"


def test_no_word_of_the_page_is_written_into_its_markup_or_script() -> None:
    shell = (STATIC / "chat.html").read_text("utf-8")
    between = re.findall(r">([^<>]+)<", re.sub("<!--.*?-->", "", shell))
    shown = {text.strip() for text in between} - {""}
    assert shown <= {"%TITLE%", "سند", "sanad index FOLDER"}
    script = "\n".join(file.read_text("utf-8") for file in (STATIC / "chat").glob("*.js"))
    named = set(re.findall(r'data-(?:says|names)="(\w+)"', shell))
    named |= set(re.findall(r'says\("(\w+)"', script))
    assert named <= set(page_words("en"))
    assert not re.search(r'textContent = ["`][A-Za-z]', script)


def test_colours_follow_the_system_until_they_are_chosen(browser: Any, address: str) -> None:
    with opened(browser, address, color_scheme="dark") as page:
        dark = "rgb(20, 23, 26)"
        body = page.locator("body")
        assert style(body, "backgroundColor") == dark
        page.click(".colours")
        assert style(body, "backgroundColor") != dark
        page.reload()
        page.wait_for_selector(".composer textarea")
        assert style(body, "backgroundColor") != dark
        page.click(".colours"), page.click(".colours")
        page.emulate_media(color_scheme="light")
        # The page hears of it with its next frame.
        page.wait_for_function(f"getComputedStyle(document.body).backgroundColor !== '{dark}'")


def test_filters_are_sent_with_the_question_shown_as_chips_and_kept(
    browser: Any, address: str
) -> None:
    with opened(browser, address) as page:
        page.click(".icon.filter")
        page.get_by_label("Arabic").check()
        page.wait_for_selector(".left:has-text('1 of 3 passages')")
        page.fill("[name=since]", "2024-05-01")
        ask(page, ARABIC)
        assert STUB.filters[-1] == Filter(("ar",), date(2024, 5, 1))
        assert page.locator(".chip bdi").all_inner_texts() == [
            "Arabic",
            "from 2024-05-01",
            "Remove all",
        ]
        page.reload()
        page.wait_for_selector(".turn-body")
        page.click(".chip >> nth=0")
        ask(page, ENGLISH)
        assert STUB.filters[-1] == Filter(since=date(2024, 5, 1))
        page.click(".toolbar .new")
        ask(page, ENGLISH)
        assert STUB.filters[-1] == Filter()


def test_filters_that_leave_nothing_are_told_and_no_model_is_asked(
    browser: Any, address: str
) -> None:
    with opened(browser, address, locale="ar") as page:
        n_asked = len(STUB.filters)
        page.click(".icon.filter")
        page.locator("[name=languages]").first.check()
        page.locator("[name=outlets]").last.check()
        assert page.locator(".chip bdi").nth(1).inner_text() == "TASS <b>"
        assert page_words("ar")["none_match"] in ask(page, ARABIC).inner_text()
        assert len(STUB.filters) == n_asked


def test_headlines_are_offered_where_there_are_no_examples(browser: Any, address: str) -> None:
    with opened(browser, address, locale="ru") as page:
        assert page.inner_text(".suggestions h2") == page_words("ru")["headlines"]
        assert page.locator(".example").all_inner_texts() == ["منتدى قازان", "The Kazan forum"]


class Nothing(Library):
    """An archive without documents."""

    def holdings(self) -> Any:
        return type(super().holdings())(0, 0, {}, {}, None, None)

    def latest_titles(self, _: int) -> dict[str, list[str]]:
        return {}


def test_an_archive_without_documents_says_so_and_asks_for_no_question(browser: Any) -> None:
    stub = Stub()
    stub.searcher = Nothing()
    with serving(stub) as url, opened(browser, url, shows=".empty") as page:
        assert "holds no documents yet" in page.inner_text(".empty")
        assert not page.is_visible(".composer")


def test_a_page_that_was_open_shows_what_was_added_since(browser: Any) -> None:
    stub = Stub()
    stub.searcher = Nothing()
    with serving(stub) as url, opened(browser, url, shows=".empty") as page:
        stub.searcher = Library()
        page.reload()
        page.wait_for_selector(".composer textarea")
        assert page.locator(".example").count() == 2
        assert ask(page, ENGLISH).locator(".source").count() == 1


def test_what_can_be_chosen_is_what_the_archive_holds() -> None:
    assert choices(Library().holdings()) == {
        "passages": 3,
        "languages": [("en", 2), ("ar", 1)],
        "outlets": [("RT", 2), ("TASS <b>", 1)],
        "first": "2024-01-01",
        "last": "2024-12-31",
    }


@pytest.mark.parametrize("odd", [None, [], {"languages": "ar", "outlets": 3, "since": ""}])
def test_what_is_no_filter_restricts_nothing(odd: object) -> None:
    assert filter_of(odd) == Filter()


def test_a_date_that_is_none_yet_is_not_counted() -> None:
    assert count(Library(), {"since": "2024-13-01"}) is None
    assert filter_of({"until": "2024-02"}) == Filter(until=date(2024, 2, 29))
