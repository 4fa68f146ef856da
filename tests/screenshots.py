"""Take the README's screenshot again: `make screenshots` (needs an index of the seeds)."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from assistant.assistant import Assistant
from index.search import Searcher
from tests.browsing import CHROMIUM, FLAGS
from tests.chatting import ask, serving

ARABIC = "متى تأسست منظمة التعاون الإسلامي؟"
ENGLISH = "Which Saudi city was the venue for a meeting of the Strategic Vision Group?"


def main() -> None:
    with (
        Searcher.open(Path("data/index")) as searcher,
        sync_playwright() as playwright,
        serving(Assistant(searcher)) as address,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en")
        page.emulate_media(reduced_motion="reduce")
        page.goto(address)
        page.wait_for_selector(".composer textarea")
        ask(page, ARABIC)
        ask(page, ENGLISH).locator(".cite").first.click()
        page.wait_for_selector(".pane mark")
        page.locator(".turn").first.scroll_into_view_if_needed()
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(500)
        page.screenshot(path="docs/chat.png")
        browser.close()


if __name__ == "__main__":
    main()
