from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.quotations import canonical, find_quotations, wanted


def quoted(text: str) -> list[str]:
    return [text[q.start : q.end] for q in find_quotations(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She said “we met” and left.", ["we met"]),
        ("Она сказала: «мы встретились» — и ушла.", ["мы встретились"]),
        ('قال "التقينا أمس" ثم "غادرنا"', ["التقينا أمس", "غادرنا"]),
        ("„Wir trafen uns“, »gestern«", ["Wir trafen uns", "gestern"]),
        ("”vi sågs” sade hon", ["vi sågs"]),
        ("‹un mot› ‘a word’", ["un mot", "a word"]),
        ("first “a line\nand the next” line", ["a line\nand the next"]),
    ],
)
def test_pairs_of_marks_of_many_countries_are_quotations(text: str, found: list[str]) -> None:
    assert quoted(text) == found


@pytest.mark.parametrize(
    "text",
    ["Russia’s and the dogs’ owner", 'a 5" disk', "an “open mark", "no marks", "rock ’n’ roll"],
)
def test_apostrophes_inches_and_lonely_marks_are_none(text: str) -> None:
    assert quoted(text) == []


def test_a_quotation_within_another_is_kept_inside_it() -> None:
    text = "«Он сказал: „да, конечно“, и ушёл»"
    (outer,) = find_quotations(text)
    assert [text[q.start : q.end] for q in outer.inner] == ["да, конечно"]


def test_straight_marks_within_straight_marks_nest() -> None:
    assert quoted('He said "a "b c" d" and "e f".') == ['a "b c" d', "e f"]


def test_a_closed_quotation_after_an_open_mark_is_found() -> None:
    assert quoted("“never closed and «closed here» then") == ["closed here"]


def test_marks_around_a_whole_block_quotation_are_no_second_quotation() -> None:
    text = " “all of it” "
    assert [(q.start, q.end) for q in find_quotations(text, [(0, len(text))])] == [(2, 11)]


def test_each_of_many_marked_quotations_has_its_own_inner_one() -> None:
    piece = "said an “inner one” there. "
    text = "an “open mark " + piece * 5_000
    spans = [(14 + i * len(piece), 40 + i * len(piece)) for i in range(5_000)]
    found = find_quotations(text, spans)
    assert [(q.start, q.end) for q in found] == spans
    assert all(text[q.inner[0].start : q.inner[0].end] == "inner one" for q in found)


@given(st.text("ab «»“”„\"‘’'\n", max_size=60))
def test_quotations_stand_in_order_and_never_overlap(text: str) -> None:
    found = find_quotations(text)
    assert all(0 < q.start < q.end < len(text) for q in found)
    assert all(a.end < b.start for a, b in pairwise(found))


@pytest.mark.parametrize("sign", ["…", "...", ". . .", "[…]", "[...]", "(...)", "<…>"])
def test_an_ellipsis_lets_the_source_have_more(sign: str) -> None:
    asked = wanted(f"one {sign} two three")
    assert asked.words == ("one", "two", "three")
    assert [skip > 0 for skip in asked.may_skip] == [False, True, False]


def test_words_in_brackets_need_not_be_there_and_stand_for_others() -> None:
    asked = wanted("he [the minister] said")
    assert asked.words == ("he", "the", "minister", "said")
    assert asked.optional == (False, True, True, False)
    assert asked.may_skip[3] > 0


def test_letters_in_brackets_may_be_others() -> None:
    asked = wanted("[T]he report[s] came")
    assert asked.patterns[0].fullmatch("the")
    assert asked.patterns[1].fullmatch("report")
    assert not asked.patterns[1].fullmatch("rapport")


@pytest.mark.parametrize(
    ("one", "other"), [("1,600", "1600"), ("10,5", "10.5"), ("1.234.567", "1234567")]
)
def test_a_number_has_one_spelling(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


def test_a_decimal_is_no_group_of_thousands() -> None:
    assert canonical("1.6") != canonical("16")
