"""Take the README's screenshot again: `make screenshots` (needs an index of the seeds)."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from assistant.assistant import Assistant
from index.search import Searcher
from tests.browsing import CHROMIUM, FLAGS
from tests.test_chat_page import ask, serving

ARABIC = "متى تأسست منظمة التعاون الإسلامي؟"
ENGLISH = "How many countries took part in the Kazan forum in 2023?"


def main() -> None:
    with (
        Searcher.open(Path("data/index")) as searcher,
        sync_playwright() as playwright,
        serving(Assistant(searcher)) as address,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1500})
        page.goto(address)
        ask(page, ARABIC)
        ask(page, ENGLISH)
        page.evaluate("window.scrollTo(0, 0)")
        page.wait_for_timeout(500)
        page.screenshot(path="docs/chat.png")
        browser.close()


if __name__ == "__main__":
    main()
