"""The chat and the pages beside it, together: nobody is kept out, and no document gets in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.following import FollowingAssistant
from index.build import index_paths
from index.config import IndexConfig
from index.search import Searcher
from tests.axe import serious
from tests.browsing import served
from tests.chatting import opened
from ui import chat
from ui.links import document_path, passage_path
from ui.serving import Options
from ui.upload import folder_for

SCRIPT = "<script>window.broken=1</script>"
ATTACKS = (
    f"{SCRIPT} <img src=x onerror=window.broken=1> <svg onload=window.broken=1> "
    "<a href='javascript:window.broken=1'>click</a> <iframe src='data:text/html,x'></iframe> "
    "![picture](http://outside.example/x.png) [link](javascript:window.broken=1) "
    "${window.broken=1} {{window.broken=1}} </textarea></script></style> \u202eolleh\u202c"
)
QUESTION = "Which harbour did the hostile ship reach?"
ARABIC = "أي ميناء بلغته السفينة المعادية؟"
# The entities are what a page holds; its title and text are the attack itself.
ESCAPED = ATTACKS.replace("&", "&amp;").replace("<", "&lt;")
NAME = "<img src=x onerror=window.broken=1>\u202etxt.txt"


def write(folder: Path) -> None:
    """Hostile text in a text, in Markdown, and in the title, outlet and address of a page."""
    (folder / NAME).write_text(f"The hostile ship reached the harbour of Odessa. {ATTACKS}")
    (folder / "ar.md").write_text(f"# {ATTACKS}\n\nبلغت السفينة المعادية ميناء أوديسا. {ATTACKS}")
    (folder / "page.html").write_text(
        f"<html><head><title>{ESCAPED}</title><meta property='og:site_name' content='{SCRIPT}'>"
        "<meta property='og:url' content='javascript:window.broken=1'></head><body><article>"
        f"<h1>{ESCAPED}</h1><p>The hostile ship left the harbour of Varna. {ESCAPED}</p>"
        "</article></body></html>"
    )
    (folder / f"bad {SCRIPT.replace('/', '')}.pdf").write_bytes(b"%PDF")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> FollowingAssistant:
    folder = tmp_path_factory.mktemp("hostile")
    write(folder)
    index_paths([folder], folder / ".index", IndexConfig())
    index = folder / ".index"
    return FollowingAssistant(index, lambda: Searcher.open(index), Assistant)


@pytest.fixture(scope="module")
def address(searcher: FollowingAssistant) -> Iterator[str]:
    index = searcher._index_dir
    options = Options(index_dir=index, uploads=folder_for(index), judgements=index / "judged")
    with served(chat.build_app(searcher, options=options)) as url:
        yield url.rstrip("/")


def ask(page: Any, question: str) -> None:
    page.fill(".composer textarea", question)
    page.press(".composer textarea", "Enter")
    page.locator(".turn-body").last.wait_for()


def open_source(page: Any) -> None:
    page.locator(".source .open").first.click()
    page.wait_for_selector(".pane .text, .pane .problem")
    assert page.locator(".pane .problem").count() == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_hostile_archive_is_shown_as_text_on_every_page(
    browser: Any, address: str, searcher: FollowingAssistant, language: str
) -> None:
    dialogs: list[str] = []
    with opened(browser, f"{address}/", locale=language) as page:
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for question in (QUESTION, ARABIC, ATTACKS[:400]):
            ask(page, question)
        open_source(page)
        shown = page.inner_text("body")
        pages = [page.evaluate("window.broken ?? null")]
        for path in paths(searcher):
            page.goto(address + path)
            shown += page.inner_text("body")
            pages.append(page.evaluate("window.broken ?? null"))
            assert (
                page.locator("main :is(img, iframe, svg, [href^=javascript], [onerror])").count()
                == 0
            )
        assert (set(pages), dialogs) == ({None}, [])
    assert SCRIPT in shown
    assert "[U+202E]" in shown
    assert "\u202e" not in shown


def paths(searcher: FollowingAssistant) -> list[str]:
    """Every page of every document of the archive, and the others."""
    ids = list(searcher.searcher.hashes())
    passages = [p.passage_id for doc_id in ids for p in searcher.searcher.passages_of(doc_id)]
    listed = ["/corpus", "/corpus?q=<script>window.broken=1</script>", "/upload"]
    return [*listed, *map(document_path, ids), *map(passage_path, passages)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nobody_is_kept_out_of_a_page(
    browser: Any, address: str, searcher: FollowingAssistant, language: str, scheme: str
) -> None:
    question = QUESTION if language == "en" else ARABIC
    with opened(browser, f"{address}/", locale=language, color_scheme=scheme) as page:
        found = {"start": serious(page)}
        ask(page, question)
        found["answer"] = serious(page)
        open_source(page)
        found["source"] = serious(page)
        passage = searcher.searcher.passages_of("ar.md")[0].passage_id
        for path in ("/corpus", passage_path(passage), "/upload", "/passage/gone"):
            page.goto(address + path)
            found[path] = serious(page)
    assert {name: broken for name, broken in found.items() if broken} == {}
