"""What readers take away from the chat page: a source as a citation, a conversation as a file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from assistant.assistant import Assistant
from assistant.writeup import read_answers
from index.search import Searcher
from tests.chatting import ask, opened, serving
from ui.taking import MOST_CITED, cite_source, export_talk

FOUNDED = "متى تأسست منظمة التعاون الإسلامي؟"
FIRST_WORDS = "[يعقد وزير الخارجية الروسي سيرغي لافروف اجتماعا في…]"


@pytest.fixture(scope="module")
def address(searcher: Searcher) -> Iterator[str]:
    with serving(Assistant(searcher)) as url:
        yield url


@pytest.fixture(scope="module")
def kept(searcher: Searcher) -> dict[str, Any]:
    """An answer as the browser keeps it."""
    from ui import kept as answers  # noqa: PLC0415

    return answers.dump(Assistant(searcher).ask(FOUNDED))


def choose(page: Any, form: str, style: str = "") -> Any:
    """Choose the form and the style of the first source's citation; gives where it is shown."""
    box = page.locator(".source .citing").first
    box.locator(".form").select_option(form)
    if style:
        box.locator(".style").select_option(style)
    return box.locator(".cited")


@pytest.mark.parametrize(
    ("locale", "style", "reference"),
    [
        ("ar", "apa", f"{FIRST_WORDS}. (2022, أكتوبر 24). تاس."),
        ("en", "chicago", f"تاس. “{FIRST_WORDS}.” October 24, 2022."),
    ],
)
def test_a_source_is_copied_with_its_reference(
    browser: Any, address: str, locale: str, style: str, reference: str
) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(browser, address, locale=locale, permissions=allowed) as page:
        ask(page, FOUNDED)
        button = page.locator(".source .take").first
        assert button.inner_text() == {"ar": "استشهاد", "en": "Cite"}[locale]
        button.click()
        choose(page, "text", style).filter(has_text=reference).wait_for()
        page.click(".citing .copy")
        page.wait_for_selector(".citing .copy.done")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("«")
        assert copied.endswith(reference)
        choose(page, "bibtex").filter(has_text="@article{ar2022-").wait_for()


def test_a_conversation_is_downloaded_as_a_docx_with_footnotes(
    browser: Any, address: str, tmp_path: Path
) -> None:
    with opened(browser, address, accept_downloads=True) as page:
        ask(page, FOUNDED)
        page.click(".exports summary")
        with page.expect_download() as download:
            page.click(".exports [data-form=docx]")
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
    assert file.name == "متى-تأسست-منظمة-التعاون-الإسلامي.docx"
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
    assert "وقد تأسست عام 1969" in text


def test_what_went_wrong_is_told_and_a_style_is_never_a_path(
    searcher: Searcher, kept: dict[str, Any]
) -> None:
    anchor = kept["citations"][0]["anchor"]
    asked = {"anchor": anchor, "form": "text", "style": "/etc/passwd.csl", "language": "en"}
    assert cite_source(searcher, asked)["text"].endswith("(2022, October 24). تاس.")
    assert "is no anchor" in cite_source(searcher, asked | {"anchor": "x"})["problem"]
    assert "problem" in cite_source(searcher, {})
    assert "no answer in it" in export_talk(searcher, {"turns": [], "form": "docx"})["problem"]
    assert "problem" in export_talk(searcher, {"turns": 7})
    many = kept | {"citations": [kept["citations"][0]] * (MOST_CITED + 1)}
    turns = [{"question": FOUNDED, "answer": many}]
    assert "export it in parts" in export_talk(searcher, {"turns": turns})["problem"]


def test_a_kept_conversation_is_read_by_the_command_line_too(
    kept: dict[str, Any],
) -> None:
    talk = {"title": "T", "turns": [{"question": FOUNDED, "answer": kept}]}
    title, (answer,) = read_answers(json.dumps(talk))
    assert (title, answer.question) == ("T", FOUNDED)
    assert answer.citations[0].anchor.startswith("sanad:")
