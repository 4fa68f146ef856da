from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import sparse
from index.analysis import terms, words
from index.counting import TermCounter, shared, write
from index.errors import IndexBroken
from index.passages import split_passages
from index.running import RunningWords, load, save
from index.store import PassageStore
from tests.conftest import document

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


def both(passages: list[str], language: str) -> tuple[sparse.LanguageCounts, RunningWords]:
    counter = TermCounter(language)
    for row, text in enumerate(passages):
        counter.add(row, text)
    return counter.counts()


def counted(passages: list[str], language: str) -> sparse.LanguageCounts:
    return both(passages, language)[0]


@given(texts, st.sampled_from(["ar", "fa", "ru", "en"]))
def test_texts_are_counted_by_the_terms_that_analysis_gives(
    passages: list[str], language: str
) -> None:
    found = counted(passages, language)
    expected = sparse.count(range(len(passages)), [terms(text, language) for text in passages])
    assert found.vocabulary == expected.vocabulary
    assert found.counts.toarray().tolist() == expected.counts.toarray().tolist()
    assert found.lengths.tolist() == expected.lengths.tolist()


@given(texts, st.sampled_from(["ar", "fa", "ru", "en"]))
def test_running_words_are_those_that_analysis_gives(passages: list[str], language: str) -> None:
    counts, running = both(passages, language)
    vocabulary = list(counts.vocabulary)
    for i, text in enumerate(passages):
        said = running.said(i)
        assert [vocabulary[term] for term in said.terms] == terms(text, language)
        assert set(said.words.decode().split(" ")) - {""} == set(words(text))


def test_running_words_are_read_as_they_were_saved(tmp_path: Path) -> None:
    _, running = both(["Kazan, a city", "", "ещё город"], "ru")
    save(running, tmp_path / "words")
    read = load(tmp_path / "words")
    assert [read.said(i) for i in range(3)] == [running.said(i) for i in range(3)]


@pytest.fixture
def generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Passages in two languages, so many that two processes count them."""
    monkeypatch.setattr("index.counting._FEW", 0)
    with closing(PassageStore(tmp_path / "passages.sqlite", writable=True)) as store:
        for language, text in (("ar", "قمة قازان"), ("en", "the city of Kazan")):
            made = document(language, text, language)
            store.add(made, split_passages(made))
    return tmp_path


def test_another_process_counts_half_of_the_languages(generation: Path) -> None:
    with shared(generation, {"ar": 1, "en": 1}) as here:
        assert here == ["ar"]
        write(generation, "ar")
    found = {x: sparse.load(generation / "sparse" / x) for x in ("ar", "en")}
    assert found["ar"].vocabulary.keys() == set(terms("قمة قازان", "ar"))
    assert found["en"].vocabulary.keys() == set(terms("the city of Kazan", "en"))
    assert found["en"].rows.tolist() == [1]
    assert load(generation / "words" / "en").said(0).terms == [
        found["en"].vocabulary[term] for term in terms("the city of Kazan", "en")
    ]


def test_a_count_that_fails_in_another_process_is_told_in_one_line(generation: Path) -> None:
    (generation / "sparse" / "en").mkdir(parents=True)
    with (
        pytest.raises(IndexBroken, match="the words could not be counted: FileExistsError"),
        shared(generation, {"ar": 1, "en": 1}),
    ):
        pass


def test_a_term_is_spelt_as_it_most_often_is() -> None:
    found = counted(["Cities and cities.", "The city: Cities!", "A house; THE house."], "en")
    assert found.vocabulary.keys() >= {"citi", "hous"}
    assert (found.spellings["citi"], found.spellings["hous"]) == ("cities", "house")
    assert "the" not in found.spellings
