"""Who may come in, from where, with how much; and the same app behind a proxy."""

import base64
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError

from assistant.assistant import Assistant
from index.search import Searcher
from tests.browsing import served
from tests.proxies import proxied
from ui import chat
from ui.guard import MAX_BODY_BYTES
from ui.serving import Options
from ui.users import Users

QUESTION = "متى تأسست منظمة التعاون الإسلامي؟"
NAME, PASSWORD = "ليلى", "سر :1"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def guarded(searcher: Searcher) -> Iterator[str]:
    users = Users({NAME: PASSWORD})
    with served(chat.build_app(Assistant(searcher), options=Options(mcp=True, users=users))) as url:
        yield url.rstrip("/")


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


CLOSED = [
    *("/", "/config", "/corpus", "/passage/x", "/document/x", "/assets/x.js", "/theme.css"),
    *("/gradio_api/info", "/gradio_api/mcp/", "/gradio_api/queue/data", "/gradio_api/openapi.json"),
]


@pytest.mark.parametrize("path", CLOSED)
def test_nothing_is_shown_to_who_has_not_signed_in(guarded: str, path: str) -> None:
    assert httpx.get(guarded + path).status_code == 401
    assert httpx.post(guarded + path).status_code == 401
    sent = httpx.get(guarded + path, headers=HTML)
    assert (sent.status_code, urlsplit(sent.headers["location"]).path) == (303, "/login")
    assert httpx.get(guarded + path, headers=basic("omar", "wrong")).status_code == 401


def sign_in(page: Any, password: str = PASSWORD) -> None:
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def test_a_reader_signs_in_and_is_where_they_wanted_to_be(browser: Any, guarded: str) -> None:
    page = browser.new_page(locale="ar")
    page.goto(f"{guarded}/?q={QUESTION}")
    assert page.inner_text("h1") == "تسجيل الدخول"
    assert page.locator("header nav").count() == 0
    sign_in(page, "wrong")
    page.wait_for_selector(".problem")
    page.goto(f"{guarded}/?q={QUESTION}")
    sign_in(page)
    page.wait_for_selector(".turn-body")
    page.click(".bar .leave")
    assert page.inner_text("h1") == "تسجيل الدخول"
    page.goto(guarded)
    assert page.inner_text("h1") == "تسجيل الدخول"
    page.close()


def test_a_narrow_page_signs_out_from_its_drawer_and_goes_on_in_its_language(
    browser: Any, guarded: str
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="ru")
    page.goto(guarded)
    sign_in(page)
    page.wait_for_selector(".composer textarea")
    page.select_option(".tongue", "fa")
    assert not page.locator(".bar .leave").is_visible()
    page.click(".menu")
    page.get_by_role("link", name="خروج").click()
    assert page.inner_text("h1") == "ورود"
    page.close()


def test_who_never_signed_in_is_not_offered_to_sign_out(browser: Any, searcher: Searcher) -> None:
    with served(chat.build_app(Assistant(searcher))) as url:
        page = browser.new_page()
        page.goto(url)
        page.click(".menu")
        assert page.locator(".leave:visible").count() == 0
        page.close()


def test_a_reader_whose_session_ended_is_asked_to_sign_in_again(browser: Any, guarded: str) -> None:
    page = browser.new_page(locale="en")
    page.clock.install()
    page.goto(guarded)
    sign_in(page)
    page.wait_for_selector(".composer textarea")
    page.context.clear_cookies()
    page.fill(".composer textarea", QUESTION)
    page.press(".composer textarea", "Enter")
    page.clock.run_for(5_000)
    page.wait_for_url("**/login?**")
    assert page.inner_text("h1") == "Sign in"
    sign_in(page)
    page.wait_for_selector(".turn")
    assert QUESTION in page.inner_text(".turn")
    page.close()


def test_programs_sign_in_as_gradios_client_does_or_with_every_request(guarded: str) -> None:
    client = Client(f"{guarded}/", auth=(NAME, PASSWORD), verbose=False)
    assert client.predict(question=QUESTION, api_name="/ask")["refused"] is False
    with pytest.raises(AuthenticationError):
        Client(f"{guarded}/", auth=(NAME, "wrong"), verbose=False)
    asked = httpx.post(
        f"{guarded}/gradio_api/mcp/",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        headers=basic(NAME, PASSWORD) | {"Accept": "application/json, text/event-stream"},
    )
    assert asked.status_code == 200


WANTED = ["//evil.example", "https://evil.example", "/\\evil.example", "//["]


@pytest.mark.parametrize("wanted", WANTED)
def test_signing_in_leads_to_no_other_host(guarded: str, wanted: str) -> None:
    form = {"username": NAME, "password": PASSWORD, "next": wanted}
    sent = httpx.post(f"{guarded}/login", data=form, headers=HTML)
    assert sent.headers["location"] == "/"
    cookie = sent.headers["set-cookie"].lower()
    assert all(flag in cookie for flag in ("httponly", "samesite=lax", "path=/"))


@pytest.mark.parametrize("forwarded", [False, True])
def test_behind_a_proxy_at_a_path_all_of_it_works(
    browser: Any, searcher: Searcher, forwarded: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = "/sanad" if forwarded else f"http://127.0.0.1:{port}/sanad"
    app = chat.build_app(Assistant(searcher), options=Options(root=root))
    with served(app) as url, proxied(url, "/sanad", forwarded, 0 if forwarded else port) as address:
        page = browser.new_page()
        seen: list[str] = []
        page.on("request", lambda request: seen.append(request.url))
        page.goto(f"{address}/?q={QUESTION}")
        page.wait_for_selector(".turn-body")
        found = searcher.search(QUESTION)[0].passage.doc_id
        page.goto(f"{address}/document/{found}")
        assert page.locator("header a.home").evaluate("a => a.href").startswith(address)
        client = Client(f"{address}/", verbose=False)
        assert client.predict(question=QUESTION, api_name="/ask")["refused"] is False
        assert [x for x in seen if not x.startswith((address, "data:"))] == []
        page.close()
        # A proxy that leaves the path as it is will do, too.
        assert httpx.get(f"{url}sanad/site/site.css").status_code == 200


def test_what_gradio_offers_and_we_do_not_use_is_closed(guarded: str) -> None:
    signed = basic(NAME, PASSWORD)
    for path in ("upload", "proxy=http://127.0.0.1/", "file=/etc/passwd", "vibe-edit", "runs"):
        assert httpx.get(f"{guarded}/gradio_api/{path}", headers=signed).status_code == 404
        assert httpx.post(f"{guarded}/gradio_api/{path}", headers=signed).status_code == 404


def test_an_address_that_is_none_is_an_ordinary_mistake(guarded: str) -> None:
    assert httpx.get(f"{guarded}/login?next=//[").status_code == 200
    assert httpx.post(f"{guarded}/login", headers={"Origin": "http://["}).status_code == 403


def test_a_request_that_is_too_large_is_refused_before_it_is_read(guarded: str) -> None:
    headers = basic(NAME, PASSWORD) | {"Content-Length": str(MAX_BODY_BYTES + 1)}
    with socket.create_connection(("127.0.0.1", urlsplit(guarded).port or 0)) as sent:
        lines = ["POST /gradio_api/queue/join HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        sent.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert sent.recv(12) == b"HTTP/1.1 413"


def test_the_guard_closes_the_same_doors_where_the_prefix_was_left_on(searcher: Searcher) -> None:
    with served(chat.build_app(Assistant(searcher), options=Options(root="/sanad"))) as url:
        for path in ("upload", "proxy=http://127.0.0.1/", "file=/etc/passwd"):
            assert httpx.get(f"{url}sanad/gradio_api/{path}").text == "There is no such page."
            assert httpx.get(f"{url}sanad/sanad/gradio_api/{path}").status_code == 404
        large = b"x" * (MAX_BODY_BYTES + 1)
        assert httpx.post(f"{url}sanad/corpus", content=large).status_code == 413
        assert httpx.put(f"{url}sanad/upload/files/x", content=large).status_code == 404


@pytest.mark.parametrize("path", ["/", "/login", "/document/x", "/corpus", "/gradio_api/info"])
def test_every_page_forbids_other_hosts_and_frames(guarded: str, path: str) -> None:
    shown = httpx.get(guarded + path, headers=basic(NAME, PASSWORD))
    policy = shown.headers["content-security-policy"].split("; ")
    assert "frame-ancestors 'none'" in policy
    assert {"default-src 'self'", "default-src 'none'"} & set(policy)
    assert "connect-src 'self'" in policy
