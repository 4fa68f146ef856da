from hypothesis import given
from hypothesis import strategies as st

from index import sparse
from index.analysis import terms
from index.counting import TermCounter

texts = st.lists(
    st.text(
        st.one_of(
            st.sampled_from(
                "аеёЙнкabeEs ىیكةالوه\u0640\u064e\u200c\u00ad\u00a8\u0301۱2.,'’\n\u2028"
            ),
            st.characters(max_codepoint=0x6FF),
        )
    ),
    min_size=1,
    max_size=5,
)


def counted(passages: list[str], language: str) -> sparse.LanguageCounts:
    counter = TermCounter(language)
    for row, text in enumerate(passages):
        counter.add(row, text)
    return counter.counts()


@given(texts, st.sampled_from(["ar", "fa", "ru", "en"]))
def test_texts_are_counted_by_the_terms_that_analysis_gives(
    passages: list[str], language: str
) -> None:
    found = counted(passages, language)
    expected = sparse.count(range(len(passages)), [terms(text, language) for text in passages])
    assert found.vocabulary == expected.vocabulary
    assert found.counts.toarray().tolist() == expected.counts.toarray().tolist()
    assert found.lengths.tolist() == expected.lengths.tolist()


def test_a_term_is_spelt_as_it_most_often_is() -> None:
    found = counted(["Cities and cities.", "The city: Cities!", "A house; THE house."], "en")
    assert found.vocabulary.keys() >= {"citi", "hous"}
    assert (found.spellings["citi"], found.spellings["hous"]) == ("cities", "house")
    assert "the" not in found.spellings
