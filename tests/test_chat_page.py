"""The chat page in a real browser: what a reader sees, clicks, copies, and what never happens."""

import contextlib
import http.client
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from index.errors import InputError
from index.search import Searcher
from tests.chatting import (
    ARABIC,
    DOCUMENTS,
    ENGLISH,
    Stub,
    ask,
    opened,
    serving,
    style,
)
from ui import chat, turns
from ui import serving as ui_serving
from ui.serving import Options
from ui.words import texts


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Stub(), (ENGLISH, ARABIC, "{{x}} ${x} <b>?")) as url:
        yield url


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with opened(browser, address) as new:
        yield new


def test_the_page_says_what_it_does_and_offers_examples(page: Any) -> None:
    assert "Ask the archive a question." in page.inner_text(".masthead")
    assert page.locator(".example").all_inner_texts() == [ENGLISH, ARABIC, "{{x}} ${x} <b>?"]


def test_a_page_at_rest_asks_for_no_frame(browser: Any, address: str) -> None:
    counting = """window.frames_asked = 0;
        const ask = window.requestAnimationFrame;
        window.requestAnimationFrame = then => (frames_asked += 1, ask(then));"""
    rested = "() => { const before = window.seen; return before === (window.seen = frames_asked) }"
    page = browser.new_page()
    page.add_init_script(counting)
    page.goto(address)
    page.wait_for_selector(".composer textarea")
    page.wait_for_function(rested, polling=500, timeout=10_000)
    page.close()


def test_one_click_on_an_example_asks_it(page: Any) -> None:
    page.click(".example >> nth=0")
    assert "The forum met in Kazan." in page.locator("#t1 .answer").inner_text()
    assert page.inner_text("#t1 .question") == ENGLISH


def test_arabic_runs_right_to_left_and_english_left_to_right_in_one_thread(page: Any) -> None:
    arabic, english = ask(page, ARABIC), ask(page, ENGLISH)
    assert style(arabic.locator(".sentence"), "direction") == "rtl"
    assert style(arabic.locator(".source .text p"), "direction") == "rtl"
    assert style(english.locator(".sentence"), "direction") == "ltr"
    assert style(english.locator(".sentence"), "unicodeBidi") == "plaintext"


def test_the_question_box_follows_what_is_typed(page: Any) -> None:
    page.fill(".composer textarea", ARABIC)
    assert style(page.locator(".composer textarea"), "direction") == "rtl"


def test_shift_enter_makes_a_new_line_and_an_empty_question_is_not_sent(page: Any) -> None:
    page.press(".composer textarea", "Enter")
    page.fill(".composer textarea", "two")
    page.press(".composer textarea", "Shift+Enter")
    assert page.input_value(".composer textarea") == "two\n"
    assert page.locator(".turn").count() == 0


def test_the_quoted_sentence_is_marked_in_the_whole_passage(page: Any) -> None:
    source = ask(page, ENGLISH).locator(".source")
    assert source.locator("mark").inner_text() == "The forum met in Kazan."
    assert source.locator(".text").inner_text() == DOCUMENTS["en.txt"]


def test_a_citation_number_shows_the_source_of_its_own_answer(page: Any) -> None:
    ask(page, ARABIC), ask(page, ENGLISH)
    page.click("#t1 .cite")
    page.wait_for_selector(".pane mark")
    assert page.inner_text(".pane mark") == "انعقد المنتدى في قازان."
    assert page.locator(".source.lit").get_attribute("id") == "t1-s1"
    assert page.locator(".cite[aria-current]").count() == 1


def test_a_citation_number_can_be_followed_with_the_keyboard_and_back(page: Any) -> None:
    cite = ask(page, ENGLISH).locator(".cite")
    cite.press("Enter")
    page.wait_for_selector(".pane mark")
    assert page.evaluate("document.activeElement.className") == "pane-body"
    page.keyboard.press("Escape")
    assert not page.is_visible(".pane")
    assert not page.is_visible(".tip")
    assert cite.evaluate("cite => cite === document.activeElement")
    assert "Source 1: Title of" in str(cite.get_attribute("aria-label"))


def test_a_refusal_says_so_and_shows_the_nearest_passages_below(page: Any) -> None:
    turn = ask(page, "Who lives on Mars?")
    assert turn.locator(".refusal").inner_text() == "The archive does not say."
    assert turn.locator(".source").count() == 3
    assert "not an answer" in turn.locator(".nearest h3").inner_text()


def test_why_a_passage_was_found_opens_on_a_click(page: Any) -> None:
    why = ask(page, ENGLISH).locator(".source .why")
    assert not why.locator(".met").first.is_visible()
    why.locator("summary").click()
    assert why.locator(".met li").all_inner_texts() == [
        "founded → انعقد translated",
        "Kazan",
        "never",
    ]
    assert why.locator("blockquote").inner_text() == DOCUMENTS["en.txt"]
    assert "words (BM25)" in why.locator(".parts").inner_text()


@pytest.mark.parametrize(("locale", "starts"), [("en", "left"), ("fa", "right")])
def test_an_explanation_runs_the_way_of_the_page(
    browser: Any, address: str, locale: str, starts: str
) -> None:
    with opened(browser, address, locale=locale) as page:
        why = ask(page, ENGLISH).locator(".source .why")
        why.locator("summary").click()
        asked, found = (why.locator(".met li bdi").nth(i).bounding_box() for i in (0, 1))
    assert (asked["x"] < found["x"]) == (starts == "left")


def test_a_cited_document_opens_at_the_quotation_and_closes(page: Any) -> None:
    ask(page, ENGLISH).locator(".open").click()
    page.wait_for_selector(".pane mark")
    assert page.inner_text(".pane mark") == "The forum met in Kazan."
    page.click(".pane .close")
    assert not page.is_visible(".pane")


def test_an_error_is_one_plain_line_and_the_next_question_works(page: Any) -> None:
    problem = ask(page, "fail").locator(".problem")
    assert problem.inner_text() == "no index at 'data/index'. Build it: sanad index seeds/"
    page.select_option(".tongue", "ar")
    problem = ask(page, "fail").locator(".problem")
    assert problem.inner_text().split("\n")[0] == texts("ar")["errors"]["StoreError"]
    assert style(problem.locator("[lang=en]"), "direction") == "ltr"
    assert "Build it: sanad index seeds/" in problem.inner_text()
    assert ask(page, ENGLISH).locator(".sentence").count() == 1


def test_a_bug_shows_no_detail_in_the_page(page: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert ask(page, "bug").locator(".problem").inner_text() == (
        "Something went wrong. The question was not answered; the details are in the terminal."
    )
    assert "secret detail" not in page.content()
    assert "secret detail" in caplog.text


def test_a_long_wait_shows_that_it_goes_on(page: Any) -> None:
    page.fill(".composer textarea", "slow question")
    page.press(".composer textarea", "Enter")
    assert "Searching the archive" in page.inner_text("#t1 .progress")
    assert page.is_visible(".composer .stop")
    page.wait_for_selector("#t1 .turn-body")
    assert page.is_visible(".composer .ask")


def test_what_is_being_written_is_shown_as_text_until_the_answer_is_whole(page: Any) -> None:
    page.fill(".composer textarea", "write it")
    page.press(".composer textarea", "Enter")
    pending = page.locator("#t1 .pending")
    pending.wait_for()
    assert "<script>window.broken=1</script>" in pending.inner_text()
    assert page.is_visible(".composer .stop")
    page.wait_for_selector("#t1 .source")
    assert pending.count() == page.locator("#t1 .progress").count() == 0
    assert page.is_visible(".composer .ask")
    assert page.evaluate("window.broken") is None


def test_a_tab_remembers_its_own_turns_and_shows_what_was_searched(
    page: Any, browser: Any, address: str
) -> None:
    assert ask(page, ENGLISH).locator(".note").count() == 0
    assert ENGLISH in ask(page, "And where?").locator(".note").inner_text()
    with opened(browser, address) as another:
        assert ask(another, "And where?").locator(".note").count() == 0


@pytest.mark.parametrize("before", [None, "x", [1, {}], [{"query": ""}], {"query": "x"}])
def test_what_is_no_turn_is_not_remembered(before: object) -> None:
    assert turns.conversation_of(before).turns == ()


def test_a_server_that_is_gone_is_told(browser: Any) -> None:
    with serving(Stub()) as url, opened(browser, url) as page:
        page.clock.install()
        page.route("**/*", lambda route: route.abort())
        page.fill(".composer textarea", "slow question")
        page.press(".composer textarea", "Enter")
        page.clock.run_for(5_000)
        assert "does not answer" in page.inner_text("#t1 .problem")


def test_a_server_that_is_gone_is_told_where_its_source_would_stand(page: Any) -> None:
    cite = ask(page, ENGLISH).locator(".cite")
    page.route("**/*", lambda route: route.abort())
    cite.click()
    page.wait_for_selector(".pane .problem")
    assert "does not answer" in page.inner_text(".pane-body")


def test_hostile_text_is_shown_as_text_and_runs_nothing(page: Any) -> None:
    turn = ask(page, "hostile <img src=x onerror='window.broken=1'>")
    assert "<script>window.broken=1</script>" in turn.locator(".sentence").inner_text()
    assert "${window.broken=1} {{broken}} [U+202E]olleh" in turn.locator("mark").inner_text()
    turn.locator(".open").click()
    page.wait_for_selector(".pane mark")
    assert page.evaluate("window.broken") is None
    assert page.locator(".sanad img, .sanad script").count() == 0


def test_an_event_handler_would_not_run_even_if_escaping_failed(page: Any) -> None:
    page.evaluate(
        "document.querySelector('.thread').innerHTML = '<img src=x onerror=\"window.broken=1\">'"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.broken") is None


def test_copy_gives_markdown_with_footnotes_and_says_so(browser: Any, address: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(browser, address, permissions=allowed) as page:
        button = ask(page, ENGLISH).locator(".answer .copy")
        button.click()
        page.wait_for_selector(".answer .copy.done")
        assert button.inner_text() == "Copied"
        text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("The forum met in Kazan.[^1]\n\n[^1]: Title of")
    assert "(`en.txt`, 20–43)." in text


@pytest.mark.parametrize("question", [ENGLISH, ARABIC, "Mars?", "hostile " + "x" * 300])
def test_a_narrow_window_needs_no_sideways_scrolling(
    browser: Any, address: str, question: str
) -> None:
    with opened(browser, address, width=360) as page:
        turn = ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        tops = turn.evaluate(
            "turn => ['.answer', 'aside'].map(css => turn.querySelector(css).offsetTop)"
        )
    assert tops[0] < tops[1]


def test_sources_stand_beside_the_answer_in_a_wide_window(page: Any) -> None:
    turn = ask(page, ENGLISH)
    answer_box, sources = (turn.locator(css).bounding_box() for css in (".answer", ".sources"))
    assert sources["x"] >= answer_box["x"] + answer_box["width"]


def test_the_question_box_stays_in_sight(page: Any) -> None:
    for _ in range(3):
        ask(page, ENGLISH)
    box = page.locator(".composer").bounding_box()
    assert box["y"] + box["height"] <= 800


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(browser: Any, address: str, scheme: str) -> None:
    with opened(browser, address, color_scheme=scheme) as page:
        turn = ask(page, ENGLISH)
        paper = style(page.locator("body"), "backgroundColor")
        card = style(turn.locator(".source"), "backgroundColor")
        pairs = [(".sentence", paper), (".confidence", paper), (".source .text", card)]
        pairs += [(".meta", card), (".why", card), (".open", card)]
        ratios = {css: contrast(style(turn.locator(css), "color"), back) for css, back in pairs}
    assert min(ratios.values()) >= 4.5, ratios


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `rgb(…)` colours, WCAG 2.2."""
    light, dark = sorted(map(_luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_two_readers_do_not_see_each_others_turns(browser: Any, address: str) -> None:
    with opened(browser, address) as mine, opened(browser, address) as yours:
        ask(mine, ENGLISH)
        ask(yours, ARABIC)
        assert mine.locator(".question").all_inner_texts() == [ENGLISH]
        assert yours.locator(".question").all_inner_texts() == [ARABIC]


def test_readers_do_not_wait_for_each_other(browser: Any, address: str) -> None:
    with opened(browser, address) as mine, opened(browser, address) as yours:
        mine.fill(".composer textarea", "slow question")
        mine.press(".composer textarea", "Enter")
        ask(yours, ENGLISH)
        assert mine.locator(".progress").count() == 1
        mine.wait_for_selector("#t1 .turn-body")


def test_the_server_itself_calls_no_other_host(
    browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    connect = socket.socket.connect

    def spy(self: socket.socket, to: Any) -> None:
        called.append(to)
        connect(self, to)

    monkeypatch.setattr(socket.socket, "connect", spy)
    with serving(Stub()) as url, opened(browser, url) as page:
        ask(page, ENGLISH)
    assert [to for to in called if isinstance(to, tuple) and to[0] != "127.0.0.1"] == []


def test_the_seeds_answer_a_question_with_a_passage_that_opens(
    browser: Any, searcher: Searcher
) -> None:
    with serving(Assistant(searcher)) as url, opened(browser, url) as page:
        turn = ask(page, "متى تأسست منظمة التعاون الإسلامي؟")
        quotation = turn.locator("mark").first.inner_text()
        assert "1969" in quotation
        assert quotation in turn.locator(".answer").inner_text()
        turn.locator(".open").first.click()
        page.wait_for_selector(".pane mark")
        assert page.locator(".pane mark").inner_text() == quotation


def test_the_seeds_do_not_answer_what_they_do_not_say(browser: Any, searcher: Searcher) -> None:
    with serving(Assistant(searcher)) as url, opened(browser, url) as page:
        turn = ask(page, "Who won the chess match on Mars?")
        assert turn.locator(".refusal").inner_text() == "The archive does not say."


def test_a_request_for_another_host_name_is_refused(address: str) -> None:
    port = int(address.split(":")[2].strip("/"))
    for host, status in ((f"127.0.0.1:{port}", 200), ("localhost", 200), ("evil.example", 400)):
        assert _get(port, host).status == status


def test_the_page_forbids_other_hosts_to_its_own_scripts(address: str) -> None:
    port = int(address.split(":")[2].strip("/"))
    policy = _get(port, "localhost").getheader("Content-Security-Policy") or ""
    assert {"default-src 'self'", "connect-src 'self'"} <= set(policy.split("; "))


def _get(port: int, host: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/", headers={"Host": host})
        response = connection.getresponse()
        response.read()
    return response


def test_a_taken_port_is_one_line_that_names_it_and_the_way_out() -> None:
    with ui_serving.claim("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"port {port} .* is taken.* --port {port + 1}"):
            ui_serving.claim("127.0.0.1", port)


def test_serving_prints_its_address_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    chat.serve(Stub(), port=0)
    printed = capsys.readouterr()
    assert re.fullmatch(r"Sanad is at http://127\.0\.0\.1:\d+  \(Ctrl\+C to stop\)\n", printed.out)
    assert printed.err == ""


@pytest.mark.parametrize("host", ["127.1", "127.0.0.1", "localhost", "127.0.0.2"])
def test_the_host_check_holds_however_the_loopback_is_written(host: str) -> None:
    with ui_serving.claim(host, 0) as listening:
        names = ui_serving.allowed_names(host, listening.getsockname()[0])
    assert "*" not in names
    assert {host, "localhost"} <= set(names)


@pytest.mark.parametrize("host", ["0", "0.0.0.0", ""])
def test_a_page_that_other_machines_can_reach_says_so(
    host: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    chat.serve(Stub(), host, port=0, options=Options(judgements=tmp_path))
    told = capsys.readouterr().out.splitlines()[1]
    assert re.match("Other machines can reach the page: .*judge", told)
    with pytest.raises(InputError, match="anybody could add files"):
        chat.serve(Stub(), host, port=0, options=Options(uploads=tmp_path))


def test_a_question_whose_answer_never_comes_is_given_up_after_a_minute(page: Any) -> None:
    page.clock.install()
    page.route("**/answer", lambda _: None)
    page.fill(".composer textarea", ENGLISH)
    page.press(".composer textarea", "Enter")
    page.clock.run_for(61_000)
    assert "No answer came within a minute" in page.inner_text("#t1 .problem")
    assert page.is_visible(".composer .ask")
