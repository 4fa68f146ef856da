import pytest

from index import sparse
from index.analysis import terms
from index.lexical import LexicalSearch, compound_parts
from index.sparse import LanguageCounts
from index.translation import Translator


@pytest.fixture
def persian() -> LanguageCounts:
    texts = ["رأی‌گیری آغاز شد", "نتیجه رأی‌گیری", "آب‌انبار یزد", "کتاب‌های آبی"]
    return sparse.count(range(4), [terms(text, "fa") for text in texts])


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("رايگيري", ("راي", "گيري")),
        ("ابانبار", ("اب", "انبار")),
        ("ابانبارها", ("اب", "انبارها")),
        ("انبار", ()),
        ("تهران", ()),
        ("ا", ()),
    ],
)
def test_a_compound_without_its_half_space_is_its_parts(
    persian: LanguageCounts, word: str, parts: tuple[str, ...]
) -> None:
    assert compound_parts(word, "fa", persian) == parts


def test_a_compound_is_found_however_it_is_written(persian: LanguageCounts) -> None:
    search = LexicalSearch({"fa": persian}, Translator({}, {}))
    apart, joined = (search.query_terms(query, "fa") for query in ("رأی‌گیری؟", "رأیگیری؟"))
    assert [item.terms for item in joined] == [item.terms for item in apart]


def test_words_of_other_languages_are_no_compounds(persian: LanguageCounts) -> None:
    assert compound_parts("رايگيري", "ar", persian) == ()
