import pytest

from index.counting import TermCounter
from index.types import QueryTerm
from index.wording import Asked, Wording


def wording(text: str, *items: QueryTerm, language: str = "en", own: bool = True) -> Wording:
    """How the second of two passages words a query."""
    counter = TermCounter(language)
    counter.add(0, "before")
    counter.add(1, text)
    counts, words = counter.counts()
    return Asked(items, counts.vocabulary, own).wording(words.said(1))


def word(spelt: str, idf: float) -> QueryTerm:
    """A word that is its own term."""
    return QueryTerm(spelt, {spelt: 1.0}, idf=idf)


def test_words_count_by_their_weight() -> None:
    asked = word("kazan", 3.0), word("forum", 1.0)
    assert wording("A forum.", *asked).form == pytest.approx(0.25)
    assert wording("Kazan, a forum.", *asked).form == pytest.approx(1.0)


def test_a_word_of_another_stem_counts_by_the_4_grams_it_shares() -> None:
    # " tea", "teac" and "each" are in "teaching"; "ache", "cher" and "her " are not.
    assert wording("the teaching", word("teacher", 2.0)).form == pytest.approx(3 / 6)


def test_a_4_gram_that_only_two_words_together_hold_is_not_there() -> None:
    # " кни", "книг", "нига" and "ига " of " книга "; of these the text has " кни".
    assert wording("кни га", word("книга", 2.0), language="ru").form == pytest.approx(1 / 4)


def test_a_number_is_there_or_not() -> None:
    assert wording("in 2014", word("2014", 2.0)).form == 1.0
    assert wording("in 20145, or 2013", word("2014", 2.0)).form == 0.0


def test_a_translation_counts_as_its_share_of_the_likeliest() -> None:
    asked = QueryTerm("founded", {"تاسس": 0.8, "عقد": 0.4}, idf=1.0)
    assert wording("تأسس", asked, language="ar", own=False).form == pytest.approx(1.0)
    assert wording("عقد", asked, language="ar", own=False).form == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "near"),
    [("red car", 1.0), ("car red", 1.0), ("red fast car", 0.5), ("red", 0.0), ("", 0.0)],
)
def test_neighbours_are_near_where_they_stand_side_by_side(text: str, near: float) -> None:
    assert wording(text, word("red", 1.0), word("car", 1.0)).near == pytest.approx(near)


def test_a_query_without_words_finds_nothing() -> None:
    assert wording("anything").form == 0.0
