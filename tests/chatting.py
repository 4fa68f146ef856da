"""For the tests of the chat page: an assistant whose answers are known, and a browser that asks."""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

from assistant.conversation import Conversation
from assistant.types import Answer, Citation, Sentence
from index.catalogue import Holdings
from index.errors import StoreError
from index.explain import Explanation, Met, Part
from index.filters import Filter
from index.types import Document, Hit, Passage
from tests.browsing import served
from ui import chat

ENGLISH, ARABIC = "Where did the forum meet?", "أين انعقد المنتدى؟"
HOSTILE = (
    "<script>window.broken=1</script><img src=x onerror='window.broken=1'>"
    "<img src='http://outside.example/x.png'> ${window.broken=1} {{broken}} \u202eolleh"
)
DOCUMENTS = {
    "en.txt": "Some say otherwise. The forum met in Kazan. It was in May.",
    "ar.txt": "مقدمة قصيرة. انعقد المنتدى في قازان. وكان ذلك في مايو.",
    "bad.txt": f"Before. {HOSTILE} After.",
}


def hit(doc_id: str, language: str, rank: int = 1) -> Hit:
    text = DOCUMENTS[doc_id]
    facts = {"title": f"Title of {text}", "date": date(2024, 5, 16), "outlet": "RT"}
    passage = Passage(doc_id, doc_id, 0, len(text), text, language, ((0, len(text)),), **facts)  # type: ignore[arg-type]
    return Hit(passage, 2.0 - rank / 10, rank, {"bm25": 3.0})


def quoting(question: str, language: str, doc_id: str, quote: str) -> Answer:
    """An answer of one sentence and one citation, both `quote` of `doc_id`."""
    found, start = hit(doc_id, language), DOCUMENTS[doc_id].index(quote)
    passage = found.passage
    citation = Citation(
        1, doc_id, doc_id, passage.title, passage.date, language, passage.outlet, None,
        quote, start, start + len(quote),
    )  # fmt: skip
    met = (Met("founded", "انعقد", "translation"), Met("Kazan", "Kazan", "same"))
    why = Explanation(met, ("never",), 0, (Part("bm25", 1, 3.0, 1.9),))
    return Answer(
        question, question, (Sentence(quote, (1,), 0.9),), (citation,), (found,),
        False, 0.9, language, "stub", "f", explanations={doc_id: why},
    )  # fmt: skip


def answer(question: str) -> Answer:
    if question == ARABIC:
        return quoting(question, "ar", "ar.txt", "انعقد المنتدى في قازان.")
    if "quoted in Arabic" in question:
        return replace(quoting(question, "ar", "ar.txt", "انعقد المنتدى في قازان."), language="en")
    if "hostile" in question:
        return quoting(question, "en", "bad.txt", HOSTILE)
    found = quoting(question, "en", "en.txt", "The forum met in Kazan.")
    if "Mars" not in question:
        return found
    hits = tuple(hit("en.txt", "en", rank) for rank in range(1, 5))
    return replace(found, sentences=(), citations=(), hits=hits, refused=True)


class Library:
    """Two languages, an outlet each, and what every document holds as one passage."""

    def hashes(self) -> dict[str, str]:
        return dict.fromkeys(DOCUMENTS, "")

    def document(self, doc_id: str) -> Document | None:
        known = doc_id in DOCUMENTS
        return Document(doc_id, DOCUMENTS[doc_id], "", ()) if known else None

    def passage(self, passage_id: str) -> Passage | None:
        language = "ar" if passage_id.startswith("ar") else "en"
        return hit(passage_id, language).passage if passage_id in DOCUMENTS else None

    def holdings(self) -> Holdings:
        counts = {"languages": {"en": 2, "ar": 1}, "outlets": {"RT": 2, "TASS <b>": 1}}
        return Holdings(3, 3, **counts, first=date(2024, 1, 1), last=date(2024, 12, 31))

    def latest_titles(self, n: int) -> dict[str, list[str]]:
        return {"ar": ["منتدى قازان"][:n], "en": ["The Kazan forum"][:n]}

    def n_matching(self, filters: Filter) -> int:
        if filters.languages and filters.outlets:
            return 0
        return 1 if filters.languages else 3


class Stub:
    """An assistant whose answers are known, and what it was asked to leave out."""

    searcher = Library()
    translates = False

    def translate(self, *_: str) -> None:
        """There is no language model."""

    def __init__(self) -> None:
        self.filters: list[Filter] = []
        self.ended = Event()

    def stream(
        self, question: str, conversation: Conversation, filters: Filter
    ) -> Generator[Answer, None, None]:
        self.filters.append(filters)
        if question == "fail":
            raise StoreError("no index at 'data/index'. Build it: sanad index seeds/")
        if question == "bug":
            raise RuntimeError("secret detail")
        if question.startswith("slow"):
            time.sleep(1.5)
        whole = answer(question)
        if question.startswith("write"):
            yield replace(whole, sentences=(), citations=(), whole=False, pending=HOSTILE)
            time.sleep(1.5)
        if question.startswith("endless"):
            yield from self._endless(whole)
        if conversation.turns:
            whole = replace(whole, query=f"after {conversation.turns[-1].query}")
        yield whole

    def _endless(self, whole: Answer) -> Iterator[Answer]:
        self.ended.clear()
        try:
            while True:
                yield replace(whole, citations=(), sentences=(), whole=False, pending="so far")
                time.sleep(0.05)
        finally:
            self.ended.set()


@contextmanager
def serving(assistant: Any, examples: tuple[str, ...] = ()) -> Iterator[str]:
    """The page on a free port; gives its address."""
    with served(chat.build_app(assistant, examples)) as address:
        yield address


@contextmanager
def opened(
    browser: Any, address: str, width: int = 1280, shows: str = ".composer textarea", **options: Any
) -> Iterator[Any]:
    """A page in a browser profile of its own, which has seen no error and asked no other host; it
    is ready once it `shows` that."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    new = context.new_page()
    new.set_default_timeout(20_000)
    seen: list[str] = []
    new.on("request", lambda request: seen.append(request.url))
    new.on("pageerror", lambda error: seen.append(f"error: {error}"))
    new.goto(address)
    new.wait_for_selector(shows)
    yield new
    assert [url for url in seen if not url.startswith((address, "data:"))] == []
    context.close()


def ask(page: Any, question: str) -> Any:
    """Type a question and press Enter; gives the turn once it is answered."""
    n_turns = page.locator(".turn").count()
    page.fill(".composer textarea", question)
    page.press(".composer textarea", "Enter")
    turn = page.locator(".turn").nth(n_turns)
    turn.locator(".turn-body, .problem").wait_for()
    return turn


def style(found: Any, name: str) -> str:
    return str(found.evaluate(f"block => getComputedStyle(block).{name}"))
