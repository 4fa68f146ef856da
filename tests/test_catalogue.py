"""What an index holds, as a reader is offered to filter by it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.build import index_documents
from index.catalogue import Holdings
from index.config import IndexConfig
from index.filters import Filter
from index.search import Searcher
from tests.conftest import document

DOCUMENTS = [
    document("a.txt", "One.", title="Old", date=date(2020, 1, 2), outlet="RT"),
    document("b.txt", "Two.", title="New", date=date(2024, 5, 6), outlet="rt"),
    document("c.txt", "Three.", title="New", outlet="TASS"),
    document("d.txt", "واحد.", "ar"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    index = tmp_path_factory.mktemp("catalogue") / "index"
    index_documents(DOCUMENTS, index, IndexConfig())
    with Searcher.open(index) as searcher:
        yield searcher


def test_holdings_count_what_can_be_filtered_by_the_most_frequent_first(archive: Searcher) -> None:
    held = archive.holdings()
    assert held == Holdings(
        4, 4, {"en": 3, "ar": 1}, {"RT": 2, "TASS": 1}, date(2020, 1, 2), date(2024, 5, 6)
    )
    assert list(held.languages) == ["en", "ar"]


def test_each_count_is_what_its_filter_leaves(archive: Searcher) -> None:
    held = archive.holdings()
    for language, n in held.languages.items():
        assert archive.n_matching(Filter(languages=(language,))) == n
    for outlet, n in held.outlets.items():
        assert archive.n_matching(Filter(outlets=(outlet,))) == n


def test_titles_are_the_latest_of_each_language_without_repeats(archive: Searcher) -> None:
    assert archive.latest_titles(5) == {"en": ["New", "Old"]}
    assert archive.latest_titles(1) == {"en": ["New"]}


def test_an_archive_without_dates_has_no_first_and_last_day(tmp_path: Path) -> None:
    index_documents([document("a.txt", "One.")], tmp_path, IndexConfig())
    with Searcher.open(tmp_path) as searcher:
        held = searcher.holdings()
    assert (held.first, held.last, held.outlets) == (None, None, {})
