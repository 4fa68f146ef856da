"""What readers say in the chat page becomes judgements, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.judgements import judged
from tests.browsing import served
from tests.chatting import ARABIC, ENGLISH, Library, Stub, ask, opened, serving
from ui import chat
from ui.serving import Options
from ui.verdicts import judge


def qrels(folder: Path) -> dict[str, int]:
    """The grade of each document that was judged."""
    return {doc_id: grade for (_, doc_id), grade in judged(folder / "qrels" / "chat.tsv").items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judgements")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(chat.build_app(Stub(), options=Options(judgements=folder))) as url:
        yield url


def press(page: Any, css: str) -> None:
    """Press a button and wait until what it says was kept."""
    page.evaluate("document.querySelector('[role=status]').textContent = ''")
    page.click(css)
    page.wait_for_function("document.querySelector('[role=status]').textContent !== ''")


def test_a_thumb_and_wrong_passage_are_kept_and_taken_back(
    browser: Any, address: str, folder: Path
) -> None:
    with opened(browser, address) as page:
        ask(page, ENGLISH)
        press(page, "#t1 .thumbs .judge >> nth=0")
        assert qrels(folder) == {"en.txt": 2}
        press(page, "#t1 .thumbs .judge >> nth=1")
        assert qrels(folder) == {"en.txt": 0}
        pressed = page.locator("#t1 .thumbs .judge").evaluate_all(
            "all => all.map(button => button.ariaPressed)"
        )
        assert pressed == ["false", "true"]
        press(page, "#t1 .thumbs .judge >> nth=1")
        assert qrels(folder) == {}
        ask(page, ARABIC)
        page.click("#t2 .cite")
        page.wait_for_selector(".pane mark")
        press(page, ".pane .judge")
        assert qrels(folder) == {"ar.txt": 0}
        assert page.locator("#t2 .source .judge").get_attribute("aria-pressed") == "true"


def test_a_page_that_keeps_no_judgements_asks_for_none(browser: Any) -> None:
    with serving(Stub()) as url, opened(browser, url) as page:
        assert not ask(page, ENGLISH).locator(".judge").first.is_visible()


@pytest.mark.parametrize(
    "odd", [{"grade": 7}, {"grade": "x"}, {"passages": ["gone"]}, {"passages": None}]
)
def test_what_is_no_judgement_is_not_kept(tmp_path: Path, odd: dict[str, object]) -> None:
    said = {"question": ENGLISH, "grade": 2, "passages": ["en.txt"], **odd}
    assert not judge(Library(), tmp_path, said)
    assert list(tmp_path.iterdir()) == []
