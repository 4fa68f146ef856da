import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.alignment import Alignment, align


def aligned(short: str, long: str, **options: list[bool]) -> Alignment:
    equal = np.array(list(short))[:, None] == np.array(list(long))[None, :]
    return align(equal, **options)


def test_the_same_words_are_found_wherever_they_stand() -> None:
    assert aligned("cde", "abcdefg").pairs == (2, 3, 4)


def test_a_replaced_word_answers_to_the_one_in_its_place() -> None:
    found = aligned("cxe", "abcdefg")
    assert found.pairs == (2, 3, 4)
    assert round(found.cost) == 1


def test_a_long_run_left_out_costs_as_three_words() -> None:
    found = aligned("abcdwxyz", "abcd" + "-" * 50 + "wxyz")
    assert found.span == (0, 57)
    assert round(found.cost) == 3


def test_leaving_out_is_free_at_an_ellipsis() -> None:
    found = aligned("abyz", "ab" + "-" * 50 + "yz", free=[False, False, True, False])
    assert found.span == (0, 53)
    assert round(found.cost) == 0


def test_of_two_places_after_an_ellipsis_the_nearer_one_is_meant() -> None:
    assert aligned("ab", "a--b--b", free=[False, True]).pairs == (0, 3)


def test_an_optional_word_need_not_be_there() -> None:
    assert aligned("abc", "ac", optional=[False, True, False]).pairs == (0, None, 1)


@pytest.mark.parametrize("long", ["", "xyz"])
def test_what_is_not_there_costs_each_of_its_words(long: str) -> None:
    assert round(aligned("ab", long).cost) == 2


@given(st.text("abcde", min_size=1, max_size=8), st.text("abcde", min_size=1, max_size=5))
def test_the_cost_is_the_edit_distance_to_the_closest_stretch(short: str, long: str) -> None:
    """In so short a text no gap is long enough to be cheaper than its words."""
    spans = [(a, b) for a in range(len(long) + 1) for b in range(a, len(long) + 1)]
    assert round(aligned(short, long).cost) == min(levenshtein(short, long[a:b]) for a, b in spans)


def levenshtein(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
