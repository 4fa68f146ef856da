"""What the chat page offers before a question is asked: filters, and examples or headlines."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from index.catalogue import Holdings
from ui.bidi import direction
from ui.filtering import choices

# Headlines of the archive that are offered in each language where there are no examples.
_N_HEADLINES = 2


class Held(Protocol):
    """What an archive tells of itself: `index.search.Searcher` does."""

    def holdings(self) -> Holdings:
        """What there is to filter by."""

    def latest_titles(self, n: int) -> Mapping[str, list[str]]:
        """The titles of the `n` latest sections in each language."""


def offered(held: Held, examples: Sequence[str]) -> dict[str, Any]:
    """For the page: the `choices` of its filters, and the `examples` with their directions, under
    the `heading` of that name: those given, else the latest headlines of each language."""
    titles = [] if examples else held.latest_titles(_N_HEADLINES).values()
    texts = [*examples, *(text for of_language in titles for text in of_language)]
    return {
        "choices": choices(held.holdings()),
        "heading": "examples" if examples else "headlines",
        "examples": [(text, direction(text)) for text in texts],
    }
