import pytest

from index.errors import InputError, NothingToFind
from index.filters import Filter
from index.queries import Query, parse
from index.search import Searcher


def test_hits_are_ranked_from_one_by_score(searcher: Searcher) -> None:
    hits = searcher.search("قمة قازان", 5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_persian_question_finds_the_persian_document(searcher: Searcher) -> None:
    hit = searcher.search("گروه دیدگاه راهبردی روسیه از چه سالی فعالیت می کند")[0]
    assert hit.passage.doc_id == "004_539f3a407b9a5bef.txt"


@pytest.mark.parametrize(
    "spelling", ["منظمة التعاون الإسلامي", "مُنظّمه التعاون الاسلامى", "منظـمة التعاون الاسلامي"]
)
def test_spelling_changes_nothing(searcher: Searcher, spelling: str) -> None:
    plain = searcher.search("منظمة التعاون الإسلامي", 3)
    assert [h.passage for h in searcher.search(spelling, 3)] == [h.passage for h in plain]


@pytest.mark.parametrize("retriever", ["bm25", "dense", "hybrid"])
def test_a_language_filter_leaves_only_that_language(searcher: Searcher, retriever: str) -> None:
    hits = searcher.search(
        "قازان روسیه 2022", 20, retriever=retriever, filters=Filter(languages=["fa"])
    )  # type: ignore[arg-type]
    assert {hit.passage.language for hit in hits} == {"fa"}


def test_a_passage_found_by_one_half_is_scored_by_the_other_too(searcher: Searcher) -> None:
    for hit in searcher.search("لافروف", 30):
        assert {"dense", "sentence"} <= hit.scores.keys()
        assert len(hit.sentence_scores) == len(hit.passage.sentences)


def test_bm25_gives_only_passages_that_hold_a_term(searcher: Searcher) -> None:
    assert searcher.search("zzzz", retriever="bm25") == []


@pytest.mark.parametrize("query", ["", "  ", "؟!", "\u200c", "a" * 5000, "🙂", "\x00", "\ud800"])
def test_any_text_can_be_searched(searcher: Searcher, query: str) -> None:
    assert len(searcher.search(query, 3)) <= 3


def test_no_passages_cannot_be_asked_for(searcher: Searcher) -> None:
    with pytest.raises(InputError, match="at least 1"):
        searcher.search("x", 0)


def test_passages_and_documents_are_found_by_id(searcher: Searcher) -> None:
    passage = searcher.search("قازان", 1)[0].passage
    document = searcher.document(passage.doc_id)
    assert document is not None
    assert document.text[passage.start : passage.end] == passage.text
    assert searcher.passage(passage.passage_id) == passage
    assert searcher.passage("no such") is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"Kazan Forum" 2024', Query('"Kazan Forum" 2024', (("kazan", "forum"),))),
        ("قمة «قازان»", Query("قمة «قازان»", (("قازان",),))),
        ("„Казань“ “a b”", Query("„Казань“ “a b”", (("казань",), ("a", "b")))),
        ("forum -kazan", Query("forum  ", (), ("kazan",))),
        ("قمة \u200f-قازان", Query("قمة \u200f ", (), ("قازان",))),
        ('forum -"old kazan"', Query("forum  ", (), (), (("old", "kazan"),))),
        ("forum -al-Qaeda", Query("forum  ", (), (), (("al", "qaeda"),))),
    ],
)
def test_what_a_query_demands_is_read(typed: str, expected: Query) -> None:
    assert parse(typed) == expected


@pytest.mark.parametrize(
    "typed", ["al-Qaeda", "-", "-5", "a - b", "2010-2014", "а –б", '12" disc', "--x", "text -the x"]
)
def test_a_hyphen_or_a_mark_that_is_none_demands_nothing(typed: str) -> None:
    assert parse(typed) == Query(typed)


def test_a_query_that_only_leaves_out_says_so_in_one_line(searcher: Searcher) -> None:
    with pytest.raises(NothingToFind, match="only what to leave out") as caught:
        searcher.search("-kazan -«b c»")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("typed", ['"مُنظّمه التعاون الاسلامى"', "«منظـمة التعاون الإسلامي»"])
def test_a_phrase_is_found_however_it_is_spelled(searcher: Searcher, typed: str) -> None:
    hits = searcher.search(typed, 100)
    assert hits
    assert all("منظمة التعاون الإسلامي" in hit.passage.text for hit in hits)
