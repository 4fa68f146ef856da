"""Addresses of questions, passages and documents, opened afresh."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from assistant.anchors import anchor
from assistant.assistant import Assistant
from index.build import index_documents
from index.config import IndexConfig
from index.search import Searcher
from tests.browsing import served
from tests.conftest import document
from ui import chat
from ui.links import passage_path
from ui.words import site_words

ARABIC = "انعقد المنتدى في قازان. وكان ذلك في مايو."
HOSTILE = "<script>window.broken=1</script> <img src=x onerror='window.broken=1'> \u202eolleh"
DOCUMENTS = [
    document(
        "ar/خبر 1.txt", ARABIC, "ar", title="منتدى قازان", outlet="RT", date=date(2024, 5, 16)
    ),
    document("a?b%23.txt", f"A hostile forum. {HOSTILE}", title=HOSTILE, url="javascript:alert(1)"),
    document("long.txt", "The sea is wide. " * 9000),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    index = tmp_path_factory.mktemp("links") / "index"
    index_documents(DOCUMENTS, index, IndexConfig())
    with Searcher.open(index) as searcher:
        yield searcher


@pytest.fixture(scope="module")
def address(archive: Searcher) -> Iterator[str]:
    with served(chat.build_app(Assistant(archive))) as url:
        yield url.rstrip("/")


def passage_of(archive: Searcher, query: str) -> str:
    return archive.search(query)[0].passage.passage_id


def test_a_passage_opens_in_its_document_with_its_facts_and_only_it_marked(
    address: str, archive: Searcher
) -> None:
    shown = httpx.get(address + passage_path(passage_of(archive, "قازان")))
    assert shown.status_code == 200
    assert marked(shown.text) == ARABIC
    assert re.search('<h1 dir="auto" lang="ar">منتدى قازان</h1>', shown.text)
    assert all(fact in shown.text for fact in ("2024-05-16", "RT", "Arabic"))


def marked(page: str) -> str:
    return "".join(re.findall("<mark.*?>(.*?)</mark>", page))


def test_an_anchor_opens_the_words_it_names_or_says_what_became_of_them(address: str) -> None:
    cited = anchor(DOCUMENTS[0], 0, ARABIC.index(".") + 1)
    shown = httpx.get(address + passage_path(str(cited)))
    assert marked(shown.text) == "انعقد المنتدى في قازان."
    assert 'class="note"' not in shown.text
    changed = replace(cited, content="0" * 12, words=7)
    shown = httpx.get(address + passage_path(str(changed)), headers={"Accept-Language": "ar"})
    assert site_words("ar")["anchor_changed"] in shown.text
    gone = replace(changed, name="0" * 6)
    assert httpx.get(address + passage_path(str(gone))).status_code == 404


def test_an_anchor_is_opened_from_the_list_of_documents_and_from_the_chat(
    browser: Any, address: str
) -> None:
    cited = str(anchor(DOCUMENTS[0], 0, ARABIC.index(".") + 1))
    sent = httpx.get(f"{address}/corpus", params={"q": f"[1] {cited}", "lang": "fa"})
    assert sent.headers["location"] == f"/passage/{quote(cited)}?lang=fa#passage"
    page = browser.new_page()
    page.goto(address)
    page.fill(".composer textarea", f" {cited}\n")
    page.press(".composer textarea", "Enter")
    page.wait_for_selector("#passage")
    assert page.inner_text("mark") == "انعقد المنتدى في قازان."
    page.close()


@pytest.mark.parametrize("doc_id", [d.doc_id for d in DOCUMENTS])
def test_an_id_of_any_letters_is_an_address(address: str, archive: Searcher, doc_id: str) -> None:
    found = next(i for i in archive._ids if i.startswith(doc_id))
    assert httpx.get(address + passage_path(found)).status_code == 200
    assert httpx.get(f"{address}/document/{quote(doc_id)}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/passage/gone%230-9", "/document/gone.txt", "/passage/", "/document/%00"]
)
def test_what_is_gone_is_one_clear_line(address: str, path: str) -> None:
    shown = httpx.get(address + path, headers={"Accept-Language": "ru, en;q=0.5"})
    assert shown.status_code == 404
    assert len(re.findall('<p class="problem".*?</p>', shown.text)) == 1
    assert re.search("нет в архиве", shown.text)


def test_an_article_without_a_title_goes_by_its_first_words(address: str) -> None:
    shown = httpx.get(f"{address}/document/long.txt").text
    assert "[The sea is wide. The sea is wide.…]</h1>" in shown


def test_an_address_without_a_page_is_told_to_readers_and_to_programs(address: str) -> None:
    shown = httpx.get(
        f"{address}/nothere", headers={"Accept": "text/html", "Accept-Language": "ru"}
    )
    assert shown.status_code == 404
    assert "Такой страницы нет." in shown.text
    assert re.search('<a class="home" href="/">', shown.text)
    told = httpx.get(f"{address}/nothere", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()) == (404, {"detail": "Not Found"})


def test_what_a_document_says_is_shown_and_runs_nothing(
    browser: Any, address: str, archive: Searcher
) -> None:
    page = browser.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(address + passage_path(passage_of(archive, "hostile forum")))
    assert "<script>window.broken=1</script>" in page.inner_text("h1")
    assert "[U+202E]olleh" in page.inner_text("mark")
    assert page.locator("[href^=javascript]").count() == 0
    assert page.evaluate("window.broken") is None
    assert [url for url in seen if not url.startswith(address)] == []
    page.close()


def test_a_long_document_is_read_in_parts_that_leave_nothing_out(address: str) -> None:
    at, seen = "/document/long.txt", 0
    while at:
        text = httpx.get(address + at).text
        seen += text.count("The sea is wide.")
        later = re.search('href="([^"]*)">Later part', text)
        at = later[1] if later else ""
    assert seen >= 9000 - 2


@pytest.mark.parametrize("fragment", ["", "#passage"])
def test_a_linked_passage_is_in_view_in_a_long_document(
    browser: Any, address: str, archive: Searcher, fragment: str
) -> None:
    last = [i for i in archive._ids if i.startswith("long.txt")][-1]
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(address + passage_path(last) + fragment)
    top = page.locator("#passage").evaluate("mark => mark.getBoundingClientRect().top")
    assert 0 < top < 400
    page.close()


def test_a_page_speaks_the_language_of_the_address_before_that_of_the_browser(address: str) -> None:
    page = f"{address}/document/long.txt"
    for query, asked, language in (
        ("", "ar-EG,en", "ar"),
        ("?lang=fa", "ar", "fa"),
        ("", "de", "en"),
    ):
        shown = httpx.get(page + query, headers={"Accept-Language": asked}).text
        assert shown.startswith(f'<!doctype html><html lang="{language}" ')


def test_a_link_to_a_question_asks_it_once_and_a_reload_asks_nothing(
    browser: Any, address: str
) -> None:
    page = browser.new_page()
    page.goto(f"{address}/?q={quote('أين انعقد <b>المنتدى</b>؟')}")
    page.wait_for_selector(".turn-body")
    assert page.inner_text(".question") == "أين انعقد <b>المنتدى</b>؟"
    assert page.url == f"{address}/"
    page.reload()
    page.wait_for_selector(".composer textarea")
    assert page.locator(".progress").count() == 0
    page.close()


def test_a_question_can_be_asked_from_the_page_of_a_document(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/document/long.txt")
    page.fill("input[name=q]", "Where did the forum meet?")
    page.press("input[name=q]", "Enter")
    page.wait_for_selector(".turn-body")
    assert page.locator(".question").all_inner_texts() == ["Where did the forum meet?"]
    page.close()


def test_nothing_but_the_files_of_the_pages_is_served(address: str, tmp_path: Path) -> None:
    assert httpx.get(f"{address}/site/site.css").status_code == 200
    for name in ("chat.html", "..%2Fserving.py", str(tmp_path)):
        assert httpx.get(f"{address}/site/{name}").status_code == 404
