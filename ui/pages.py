"""The plain pages beside the chat, all of them."""

from collections.abc import Callable
from typing import Protocol

from starlette.routing import Route

from ui import corpus, links, upload
from ui.indexing import Indexing
from ui.library import Library
from ui.serving import Options


class Searching(Library, corpus.Holding, Protocol):
    """What the pages need of a searcher: `index.search.Searcher` has it."""


def routes(options: Options, searcher: Callable[[], Searching]) -> list[Route]:
    """Their routes; `searcher` gives what is searched now."""
    site = options.site
    found = [
        *links.routes(site, searcher),
        corpus.route(site, searcher, options.left_out),
    ]
    if options.uploads and options.index_dir:
        found += upload.routes(site, options.uploads, Indexing(options.index_dir, searcher))
    return found
