import pytest

from index.types import QueryTerm
from index.wording import Asked


def own(*items: tuple[str, float], language: str = "en") -> Asked:
    """A query of words that are their own terms, with their idf."""
    return Asked([QueryTerm(word, {word: 1.0}, idf=idf) for word, idf in items], language, True)


def test_words_count_by_their_weight() -> None:
    asked = own(("kazan", 3.0), ("forum", 1.0))
    assert asked.wording("A forum.").form == pytest.approx(0.25)
    assert asked.wording("Kazan, a forum.").form == pytest.approx(1.0)


def test_a_word_of_another_stem_counts_by_the_4_grams_it_shares() -> None:
    # " tea", "teac" and "each" are in "teaching"; "ache", "cher" and "her " are not.
    assert own(("teacher", 2.0)).wording("the teaching").form == pytest.approx(3 / 6)


def test_a_number_is_there_or_not() -> None:
    asked = own(("2014", 2.0))
    assert asked.wording("in 2014").form == 1.0
    assert asked.wording("in 20145, or 2013").form == 0.0


def test_a_translation_counts_as_its_share_of_the_likeliest() -> None:
    asked = Asked([QueryTerm("founded", {"تاسس": 0.8, "عقد": 0.4}, idf=1.0)], "ar", False)
    assert asked.wording("تأسس").form == pytest.approx(1.0)
    assert asked.wording("عقد").form == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "near"),
    [("red car", 1.0), ("car red", 1.0), ("red fast car", 0.5), ("red", 0.0), ("", 0.0)],
)
def test_neighbours_are_near_where_they_stand_side_by_side(text: str, near: float) -> None:
    assert own(("red", 1.0), ("car", 1.0)).wording(text).near == pytest.approx(near)


def test_a_query_without_words_finds_nothing() -> None:
    assert own().wording("anything").form == 0.0
