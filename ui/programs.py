"""What programs may call: `search`, `ask` and `passage`, by Gradio's API and over MCP.

They take what the commands of the same names take and give what these print with `--json`. The
docstrings within `add` are what a program, or the model that uses it, reads of them: Gradio takes a
parameter's description from one line.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import gradio as gr
from gradio.events import api

from assistant.types import Answer
from index.errors import InputError, SanadError
from index.filters import Filter
from index.periods import days
from index.search import Retriever
from index.types import Hit, Passage
from ui.cli.output import answer_json, hit_json, passage_json
from ui.cli.text import to_json

# A program is given no more passages at once.
MOST = 100

Names = list[str] | None
Object = dict[str, Any]


class Searching(Protocol):
    """What `search` and `passage` need: `index.search.Searcher` has it."""

    def search(
        self, query: str, k: int = 10, *, retriever: Retriever = "hybrid", filters: Filter = ...
    ) -> Sequence[Hit]:
        """The best passages."""

    def check_matches(self, filters: Filter) -> int:
        """Raise InputError when nothing satisfies a filter."""

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None."""


class Asking(Protocol):
    """What `ask` needs: `assistant.assistant.Assistant` has it."""

    @property
    def searcher(self) -> Searching:
        """What is searched now."""

    def ask(self, question: str, *, filters: Filter = ...) -> Answer:
        """The answer; may be called from several threads at once."""


def add(assistant: Asking) -> None:
    """Make the three callable, in the Blocks that are being built."""

    def search(  # noqa: PLR0913, PLR0917 - what a program may say
        request: gr.Request,
        query: str,
        k: int = 10,
        retriever: Literal["hybrid", "bm25", "dense"] = "hybrid",
        language: Names = None,
        since: str | None = None,
        until: str | None = None,
        outlet: Names = None,
        path: Names = None,
    ) -> Object:
        """Find the passages of the archive that match a query best, in any of its languages.
        Gives hits in order with score, doc_id and passage_id; their texts are had by `passage`.

        Args:
            query: words in any language; a "quoted phrase" must be in the passage, a -word not
            k: how many passages, 1 to 100
            retriever: hybrid (words and meaning), bm25 (words alone) or dense (meaning alone)
            language: only passages in these languages, such as ["ar", "en"]
            since: only what was published then or later: a day, month or year, such as 2024-01
            until: only what was published then or earlier, the whole period included
            outlet: only what was published by one of these
            path: only documents whose path begins with one of these, or matches it (* ? [ ])
        """
        with _told():
            filters = _filters(language, since, until, outlet, path)
            hits = _search(assistant.searcher, query, k, retriever, filters)
            found: Object = _given({"query": query, "hits": list(map(hit_json, hits))}, request)
        return found

    def ask(  # noqa: PLR0913, PLR0917 - what a program may say
        request: gr.Request,
        question: str,
        language: Names = None,
        since: str | None = None,
        until: str | None = None,
        outlet: Names = None,
        path: Names = None,
    ) -> Object:
        """Answer a question from the archive, every sentence with the number of its citation, or
        refuse (`refused`) where the archive does not say. A citation has the words it quotes, and
        the document, its title, date and outlet.

        Args:
            question: a question that stands alone, in any language
            language: only from passages in these languages, such as ["ar", "en"]
            since: only what was published then or later: a day, month or year, such as 2024-01
            until: only what was published then or earlier, the whole period included
            outlet: only what was published by one of these
            path: only documents whose path begins with one of these, or matches it (* ? [ ])
        """
        with _told():
            filters = _filters(language, since, until, outlet, path)
            assistant.searcher.check_matches(filters)
            found: Object = _given(answer_json(assistant.ask(question, filters=filters)), request)
        return found

    def passage(request: gr.Request, passage_id: str) -> Object:
        """The text of a passage, and the document, title, date, outlet and address it is from.

        Args:
            passage_id: that of a hit of `search`, or of a citation of `ask`
        """
        with _told():
            found = assistant.searcher.passage(passage_id)
            if found is None:
                raise InputError(f"there is no passage '{passage_id}'; search for it again")
            told: Object = _given(passage_json(found), request)
        return told

    for function in (search, ask, passage):
        api(function, queue=False)


def _search(
    searcher: Searching, query: str, k: int, retriever: Retriever, filters: Filter
) -> Sequence[Hit]:
    if not query.strip():
        raise InputError("the query is empty; type some words, in any language")
    if not 1 <= k <= MOST:
        raise InputError(f"k is {k}; ask for 1 to {MOST} passages")
    searcher.check_matches(filters)
    return searcher.search(query, k, retriever=retriever, filters=filters)


def _filters(
    language: Names, since: str | None, until: str | None, outlet: Names, path: Names
) -> Filter:
    first, last = since and days(since)[0], until and days(until)[1]
    if first and last and first > last:
        raise InputError(f"since {first} is after until {last}; swap them")
    codes = [code.strip().lower() for code in language or ()]
    return Filter(codes, first or None, last or None, outlet or (), path or ())


@contextmanager
def _told() -> Iterator[None]:
    """What a caller did wrong is told; of anything else Gradio says only that it failed."""
    try:
        yield
    except SanadError as error:
        raise gr.Error(str(error), print_exception=False) from None


def _given(found: Object, request: gr.Request) -> Any:
    """The object; for MCP, where Gradio would send Python's spelling of it, its JSON as text."""
    over_mcp = str(request.url.path).rstrip("/").endswith("/mcp")
    return to_json(found) if over_mcp else found
