from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.pieces import Parts, Places, laid_out

held = st.lists(st.lists(st.integers(0, 99), max_size=3), max_size=6)


def test_strings_are_numbered_as_they_are_met_and_the_latest_can_be_told() -> None:
    places = Places()
    assert places.of(["a", "b", "a"]).tolist() == [0, 1, 0]
    assert places.of(["c", "b", "d"]).tolist() == [2, 1, 3]
    assert (places.since(0), places.since(2), places.since(4)) == (list("abcd"), ["c", "d"], [])


@given(st.lists(held, max_size=4), st.data())
def test_what_pieces_hold_is_laid_out_however_they_were_added(
    batches: list[list[list[int]]], data: st.DataObject
) -> None:
    parts = Parts()
    for batch in batches:
        parts.add(
            np.array([x for of in batch for x in of], np.int32),
            np.array([*map(len, batch)], np.int32),
        )
    known = [of for batch in batches for of in batch]
    assert parts.n == len(known)
    numbers = st.lists(st.sampled_from(range(len(known)))) if known else st.just([])
    texts = data.draw(st.lists(numbers, max_size=3))
    found, starts = laid_out(
        np.array([i for text in texts for i in text], np.int32),
        parts.of,
        parts.starts,
        np.cumsum([0, *map(len, texts)]),
    )
    expected = [[x for i in text for x in known[i]] for text in texts]
    assert [found[a:b].tolist() for a, b in pairwise(starts)] == expected
