import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold, fold_all, fold_with_offsets

# Anything at all, with what folding changes made likely.
texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "اأإآٱىیيكکةهۀؤئ\u0640\u064b\u0651\u200c\u200d\u200f\u00ad ١۱٢ёЁйи\u0306«»“ﷲﻼﹱ \n\t"
        ),
    )
)


@pytest.mark.parametrize(
    ("written", "as_well"),
    [
        ("الْكِتَابُ", "الكتاب"),
        ("أحمد إلى آخر", "احمد الي اخر"),
        ("مکتبة", "مكتبه"),
        ("عـــربي", "عربي"),
        ("می‌خواهم", "می خواهم"),
        ("۱۳۹۵ ١٩٦٩", "1395 1969"),
        ("Ещё ЁЛКА", "еще елка"),
        ("Erdoğan Straße CAFÉ", "erdogan strasse cafe"),
        ("ﻣﻨﻈﻤﺔ ﷲ", "منظمة الله"),
        ("co\u00adoperation \u202bx\u202c", "cooperation x"),
        ("«да» — „нет“", '"да" - "нет"'),
        ("два\n  слова\u00a0тут", "два слова тут"),
        ("كم؟ نعم، لا؛", "كم? نعم, لا;"),
    ],
)
def test_two_spellings_of_the_same_fold_alike(written: str, as_well: str) -> None:
    assert fold(written) == fold(as_well)


@pytest.mark.parametrize(
    ("one", "other"), [("мой", "мои"), ("ماء", "ما"), ("گل", "كل"), ("1.6", "16")]
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_both_ways_of_folding_agree(text: str) -> None:
    assert fold_with_offsets(text).text == fold(text)


@given(texts)
def test_offsets_never_go_back_and_stay_inside(text: str) -> None:
    folded = fold_with_offsets(text)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


@given(texts, st.data())
def test_a_folded_span_maps_to_the_original_that_folds_to_it(
    text: str, data: st.DataObject
) -> None:
    folded = fold_with_offsets(text)
    places = [i for i in range(len(folded.text) + 1) if _is_cluster_edge(folded, i)]
    start = data.draw(st.sampled_from(places))
    end = data.draw(st.sampled_from([i for i in places if i >= start]))
    original_start, original_end = folded.span(start, end)
    assert fold(text[original_start:original_end]) == folded.text[start:end]


def _is_cluster_edge(folded, i: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether folded place `i` is not inside what one original character became (ß → ss)."""
    return not 0 < i < len(folded.text) or folded.starts[i] >= folded.ends[i - 1]


@pytest.mark.parametrize(
    ("needle", "text", "found"),
    [
        ("الكتاب", "قرأت الْكِتَابُ أمس", "الْكِتَابُ"),
        ("می خواهم", "من می‌خواهم بروم", "می‌خواهم"),
        ("قمه قازان", "عقدت قِمّة\n قازان", "قِمّة\n قازان"),
        ("елка", "У ЁЛКИ ёлка.", "ёлка"),
        ("2021", "عام ٢٠٢١م", "٢٠٢١"),
    ],
)
def test_a_match_is_shown_exactly_as_written(needle: str, text: str, found: str) -> None:
    spans = list(fold_with_offsets(text).find_all(fold(needle)))
    assert [text[start:end] for start, end in spans] == [found]


def test_a_letter_after_one_that_becomes_two_and_one_that_is_dropped_keeps_its_place() -> None:
    folded = fold_with_offsets("\ufc87\u0674x")  # lam with alef maksura, a high hamza
    assert (folded.text, folded.starts, folded.ends) == ("ليx", (0, 0, 2), (1, 1, 3))


def test_every_letter_that_composes_with_the_one_before_it_is_known() -> None:
    for cp in range(0x110000):
        parts = unicodedata.decomposition(chr(cp)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            pair = "".join(chr(int(part, 16)) for part in parts)
            assert fold_with_offsets(pair).text == fold(pair)


@given(
    st.lists(
        st.text(st.one_of(st.sampled_from("aÉ ё\u064e\u200c\u0301\u1160`\0"), st.characters()))
    )
)
def test_many_texts_are_folded_as_each_by_itself(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
