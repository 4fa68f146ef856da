"""The corpus page: what an archive holds, and what it could not take in."""

import gc
import re
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.following import FollowingAssistant
from index.build import index_paths
from index.config import IndexConfig
from index.search import Searcher
from tests.browsing import served
from ui import chat
from ui.corpus import PAGE, Catalogue
from ui.serving import Options

HOSTILE = "<img src=x onerror=broken()>"
ARTICLE = (
    "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    (folder / "news").mkdir()
    (folder / "news" / "منتدى.txt").write_text("انعقد الْمُنْتَدَى في مدينة قازان في شهر مايو.")
    (folder / f"{HOSTILE.replace('/', '')}.txt").write_text("A hostile name of a file, no more.")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4")
    for i in range(PAGE):
        (folder / f"note {i:03}.txt").write_text(f"Note number {i} is about the sea and ships.")
    return folder


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    index = archive / ".index"
    index_paths([archive], index, IndexConfig())
    assistant = FollowingAssistant(index, lambda: Searcher.open(index), Assistant)
    with served(chat.build_app(assistant, options=Options(index_dir=index))) as url:
        yield url.rstrip("/")


def rows(page: str) -> list[str]:
    return re.findall("<tr><td.*?</tr>", page)


@pytest.mark.parametrize("page", ["0", "-1", "٢", "9" * 5000])
def test_a_page_that_there_is_not_is_the_first(address: str, page: str) -> None:
    first = httpx.get(f"{address}/corpus")
    assert rows(httpx.get(f"{address}/corpus?page={page}").text) == rows(first.text)


def test_every_document_is_listed_once_over_the_pages_and_opens(address: str) -> None:
    pages = [httpx.get(f"{address}/corpus?page={n}").text for n in (1, 2)]
    files = [re.findall('<bdi dir="ltr">(.*?)</bdi></td></tr>', page) for page in pages]
    assert [len(found) for found in files] == [PAGE, 2]
    assert len({*files[0], *files[1]}) == PAGE + 2
    links = [link for page in pages for link in re.findall('href="(/document/[^"]*)"', page)]
    assert len(links) == PAGE + 2
    assert ">[Note number 0 is about the sea and…]</a>" in pages[0] + pages[1]
    assert {httpx.get(address + link).status_code for link in links[-3:]} == {200}


@pytest.mark.parametrize(
    ("query", "n"),
    [("?q=المنتدي", 0), ("?q=مُنتَدی", 1), ("?in=ar", 1), ("?q=note+00", 10), ("?q=note&in=ar", 0)],
)
def test_the_list_is_searched_in_any_spelling_and_by_language(
    address: str, query: str, n: int
) -> None:
    assert len(rows(httpx.get(f"{address}/corpus{query}").text)) == n


def test_what_was_left_out_is_told_with_its_reason_and_hostile_names_are_text(
    address: str,
) -> None:
    page = httpx.get(f"{address}/corpus").text
    (item,) = re.findall("<li.*?</li>", page.split("left-out")[1])
    assert "scan.pdf" in item
    assert "not supported" in item
    assert "<img" not in page
    assert "&lt;img src=x onerror=broken()&gt;" in page


@pytest.mark.parametrize(("language", "said"), [("ar", "غير مدعوم"), ("ru", "не поддерживается")])
def test_why_a_file_was_left_out_is_told_in_the_readers_language(
    address: str, language: str, said: str
) -> None:
    (item,) = re.findall("<li.*?</li>", httpx.get(f"{address}/corpus?lang={language}").text)
    assert said in item
    assert "not supported" not in item


def test_it_is_reached_from_the_chat_in_the_language_of_the_reader(
    browser: Any, address: str
) -> None:
    page = browser.new_page(locale="ar")
    page.goto(address)
    page.click("a.corpus")
    page.wait_for_selector("table")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.inner_text("h1") == "الوثائق"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_an_index_that_is_built_anew_is_listed_at_once(address: str, archive: Path) -> None:
    (archive / "scan.pdf").unlink()
    (archive / "late.txt").write_text("A late note about the sea and its ships.")
    index_paths([archive], archive / ".index", IndexConfig())
    page = httpx.get(f"{address}/corpus?q=late").text
    assert len(rows(page)) == 1
    assert "left-out" not in page


@pytest.mark.usefixtures("address")
def test_the_list_holds_no_index_open_that_is_no_longer_searched(archive: Path) -> None:
    current = [Searcher.open(archive / ".index")]
    catalogue = Catalogue(lambda: current[0])
    assert len(catalogue.entries()) == len(current[0].hashes())
    before = weakref.ref(current.pop())
    gc.collect()
    assert before() is None
