import pytest

from index.explain import Explanation, Met
from index.filters import Filter
from index.search import Searcher
from index.types import Hit


def explained(searcher: Searcher, query: str, **options: object) -> tuple[Hit, Explanation]:
    """The best hit of a query, and why it was found."""
    best = searcher.search(query, 1, **options)[0]  # type: ignore[arg-type]
    return best, searcher.explain(query, best)


def test_a_translated_word_is_shown_as_it_stands_in_the_passage(searcher: Searcher) -> None:
    _, why = explained(searcher, "When was the OIC founded?")
    assert Met("founded", "تأسست", "translation") in why.met
    assert Met("OIC", "منظمة التعاون الإسلامي", "acronym") in why.met


def test_a_name_is_met_by_its_sound(searcher: Searcher) -> None:
    _, why = explained(searcher, "Who is Minnikhanov?", filters=Filter(languages=["fa"]))
    assert Met("Minnikhanov", "مینیخانف", "sound") in why.met


def test_a_word_is_met_by_itself_in_another_form_or_not_at_all(searcher: Searcher) -> None:
    _, why = explained(searcher, "قمة قازان")
    assert why.met == (Met("قمة", "القمة", "form"), Met("قازان", "قازان", "same"))
    _, why = explained(searcher, "قازان zzzz")
    assert why.missing == ("zzzz",)


@pytest.mark.parametrize("retriever", ["bm25", "dense", "hybrid"])
@pytest.mark.parametrize("query", ["قمة قازان", "Who headed the group?", "-قازان лавров"])
def test_the_parts_add_up_to_the_score(searcher: Searcher, query: str, retriever: str) -> None:
    for hit in searcher.search(query, 20, retriever=retriever):  # type: ignore[arg-type]
        parts = searcher.explain(query, hit).parts
        assert sum(part.adds for part in parts) == pytest.approx(hit.score)
        assert {part.retriever: part.score for part in parts} == hit.scores


def test_ranks_of_a_half_are_those_it_gives_alone(searcher: Searcher) -> None:
    alone = {h.passage: h.rank for h in searcher.search("قمة قازان", 30, retriever="bm25")}
    for hit in searcher.search("قمة قازان", 30):
        assert hit.ranks.get("bm25") == alone.get(hit.passage)


def test_the_best_sentence_is_the_one_with_the_highest_score(searcher: Searcher) -> None:
    hit, why = explained(searcher, "متى تأسست منظمة التعاون الإسلامي؟")
    assert why.sentence is not None
    assert hit.sentence_scores[why.sentence] == max(hit.sentence_scores)
