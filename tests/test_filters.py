import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import term, words
from index.build import index_documents
from index.config import IndexConfig
from index.filters import Filter
from index.queries import Query
from index.search import Searcher
from index.types import Hit, Passage
from tests.conftest import document

WORDS = {
    "en": ["forum", "kazan", "bread", "whales", "summit", "river", "glass", "election"],
    "ar": ["منتدى", "قازان", "خبز", "قمة", "نهر", "زجاج", "انتخابات", "معاهدة"],
}
OUTLETS = (None, "RT", "Ahrām Online", "الأهرام")
FIRST_DAY = date(2024, 1, 1)
N_DOCUMENTS = 120

filters = st.builds(
    Filter,
    languages=st.lists(st.sampled_from(["en", "ar", "fa"]), max_size=2),
    since=st.none() | st.integers(0, 40).map(lambda n: FIRST_DAY + timedelta(n)),
    until=st.none() | st.integers(0, 40).map(lambda n: FIRST_DAY + timedelta(n)),
    outlets=st.lists(st.sampled_from(["rt", "AHRAM  ONLINE", "الاهرام", "None"]), max_size=2),
    paths=st.lists(st.sampled_from(["a/", "b/1", "*/?5.txt", "c", "[ab]/*"]), max_size=2),
    without=st.lists(st.integers(0, 9).map(lambda n: f"{'abc'[n % 3]}/{n}.txt"), max_size=4),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Short documents with facts drawn at random, one passage each."""
    rng = random.Random(5)
    documents = []
    for i in range(N_DOCUMENTS):
        language = rng.choice(["en", "ar"])
        text = " ".join(rng.choices(WORDS[language], k=12)) + f" {i}."
        facts = {
            "outlet": rng.choice(OUTLETS),
            "date": rng.choice([None, FIRST_DAY + timedelta(rng.randrange(40))]),
        }
        documents.append(document(f"{rng.choice('abc')}/{i}.txt", text, language, **facts))
    index_dir = tmp_path_factory.mktemp("filters") / "index"
    index_documents(documents, index_dir, IndexConfig())
    with Searcher.open(index_dir) as opened:
        yield opened


def everything(searcher: Searcher) -> list[Passage]:
    found = [h.passage for h in searcher.search("forum", N_DOCUMENTS, retriever="dense")]
    assert len(found) == N_DOCUMENTS
    return found


def allowed(passage: Passage, asked: Filter) -> bool:
    """The meaning of a filter, spelt out a second time."""
    outlet = {None: "", "Ahrām Online": "ahram online", "الأهرام": "الاهرام"}
    spelt = [" ".join(name.lower().split()) for name in asked.outlets]
    folder, _, name = passage.doc_id.partition("/")
    at_path = {
        "a/": folder == "a",
        "b/1": folder == "b" and name.startswith("1"),
        "*/?5.txt": len(name) == 6 and name[1] == "5",
        "c": folder == "c",
        "[ab]/*": folder in "ab",
    }
    dated = asked.since is None and asked.until is None
    if passage.date and not dated:
        dated = (asked.since or date.min) <= passage.date <= (asked.until or date.max)
    return (
        (not asked.languages or passage.language in asked.languages)
        and dated
        and (not spelt or outlet.get(passage.outlet, str(passage.outlet).lower()) in spelt)
        and (not asked.paths or any(at_path[path] for path in asked.paths))
        and passage.doc_id not in asked.without
    )


def ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]


@given(filters, st.integers(1, 40))
@settings(max_examples=100)
def test_as_many_passages_come_as_are_asked_for_and_all_are_allowed(
    corpus: Searcher, asked: Filter, k: int
) -> None:
    n_allowed = sum(allowed(passage, asked) for passage in everything(corpus))
    for retriever in ("dense", "hybrid"):
        hits = corpus.search("منتدى kazan", k, retriever=retriever, filters=asked)  # type: ignore[arg-type]
        assert len(hits) == min(k, n_allowed)
        assert all(allowed(hit.passage, asked) for hit in hits)


@given(filters)
@settings(max_examples=50)
def test_a_filter_leaves_the_order_of_what_it_allows(corpus: Searcher, asked: Filter) -> None:
    for retriever in ("bm25", "dense"):
        whole = corpus.search("kazan forum", N_DOCUMENTS, retriever=retriever)  # type: ignore[arg-type]
        some = corpus.search("kazan forum", N_DOCUMENTS, retriever=retriever, filters=asked)  # type: ignore[arg-type]
        assert ids(some) == ids([hit for hit in whole if allowed(hit.passage, asked)])


phrases = st.one_of(*(st.lists(st.sampled_from(WORDS[x]), min_size=1, max_size=2) for x in WORDS))


@given(phrases, phrases, filters)
@settings(max_examples=60)
def test_phrases_and_exclusions_are_what_a_walk_through_the_texts_finds(
    corpus: Searcher, phrase: list[str], other: list[str], asked: Filter
) -> None:
    def holds(passage: Passage, looked_for: list[str]) -> bool:
        return f" {' '.join(words(' '.join(looked_for)))} " in f" {' '.join(words(passage.text))} "

    def has(passage: Passage, word: str) -> bool:
        there = {term(w, passage.language) for w in words(passage.text)}
        return term(words(word)[0], passage.language) in there

    expected = {
        p.passage_id
        for p in everything(corpus)
        if allowed(p, asked) and holds(p, phrase) and not has(p, other[0])
    }
    query = f"«{' '.join(phrase)}» -{other[0]}"
    assert set(ids(corpus.search(query, N_DOCUMENTS, filters=asked))) == expected


def test_an_excluded_phrase_leaves_out_only_passages_that_hold_it(corpus: Searcher) -> None:
    left = corpus.search('kazan -"kazan forum"', N_DOCUMENTS)
    gone = corpus.search('"kazan forum"', N_DOCUMENTS)
    assert gone
    assert len(left) + len(gone) == N_DOCUMENTS
    assert not {*ids(left)} & {*ids(gone)}


def test_a_query_without_demands_takes_quotation_marks_as_they_are(corpus: Searcher) -> None:
    assert len(corpus.search(Query('"no such phrase" -kazan'), 50)) == 50
    assert corpus.search('"no such phrase"', 50) == []


def test_many_allowed_passages_come_from_the_graph_and_are_the_nearest(corpus: Searcher) -> None:
    """As in a large index, where the rows of a selection are not all looked at."""
    asked = Filter(since=FIRST_DAY)
    by_matrix = corpus.search("kazan summit", 10, retriever="dense", filters=asked)
    assert sum(allowed(passage, asked) for passage in everything(corpus)) > 20
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.nearest._ROWS_FOR_A_SEARCH", 0)
        patch.setattr("index.nearest._ROWS_FOR_A_NEIGHBOUR", 0)
        patch.setattr("index.search.N_CANDIDATES", 20)
        patch.setattr("index.filters.Selection.rows", lambda _: pytest.fail("every row"))
        by_graph = corpus.search("kazan summit", 10, retriever="dense", filters=asked)
    assert ids(by_graph) == ids(by_matrix)
