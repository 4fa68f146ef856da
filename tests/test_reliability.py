import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.reliability import Bin, area, bins, calibration_error, risk_coverage

answers = st.lists(st.tuples(st.sampled_from([0.0, 0.05, 0.5, 0.99, 1.0]), st.booleans()))


def test_bins_of_equal_width_hold_what_is_as_sure() -> None:
    found = bins([0.05, 0.07, 0.95, 1.0], [False, True, True, True])
    assert found == [Bin(0.0, 0.1, 2, pytest.approx(0.06), 0.5), Bin(0.9, 1.0, 2, 0.975, 1.0)]
    assert calibration_error(found) == pytest.approx((2 * 0.44 + 2 * 0.025) / 4)


def test_risk_is_told_at_each_threshold() -> None:
    assert risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == [
        (0.25, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]


def test_the_area_is_the_mean_risk_of_answering_the_surest() -> None:
    assert area([0.9, 0.8, 0.7], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert area([0.9, 0.8, 0.7], [False, True, True]) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_among_equals_the_area_is_that_of_any_order_on_average() -> None:
    # The wrong one is first, second or third: 11/6, 5/6 and 1/3 over three.
    assert area([0.5] * 3, [True, False, True]) == pytest.approx((11 / 6 + 5 / 6 + 1 / 3) / 9)


@given(answers)
def test_nothing_is_lost_between_bins_and_risk_ends_at_the_share_that_is_wrong(
    pairs: list[tuple[float, bool]],
) -> None:
    scores, right = [score for score, _ in pairs], [good for _, good in pairs]
    assert sum(one.n for one in bins(scores, right)) == len(pairs)
    if pairs:
        assert risk_coverage(scores, right)[-1] == (1.0, pytest.approx(1 - sum(right) / len(pairs)))
    else:
        assert area([], []) is calibration_error([]) is None
