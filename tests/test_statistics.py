import itertools

import numpy as np
import pytest
from scipy import stats

from eval.statistics import holm, mean_intervals, sign_flip_test


def random_rows(n: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(1).normal(shift, 1.0, (2, n))


def test_three_gains_alike_could_have_fallen_so_in_two_of_eight_ways() -> None:
    assert sign_flip_test(np.array([[0.5, 0.25, 0.25]])) == [2 / 8]


def test_the_exact_test_agrees_with_full_enumeration() -> None:
    rows = random_rows(10, 0.5)
    for row, p in zip(rows, sign_flip_test(rows), strict=True):
        ways = [np.dot(row, signs) for signs in itertools.product((-1, 1), repeat=10)]
        assert p == np.mean(np.abs(ways) >= abs(row.sum()) - 1e-9)


def test_the_random_test_agrees_with_scipy() -> None:
    rows = random_rows(60, 0.25)
    for row, p in zip(rows, sign_flip_test(rows), strict=True):
        peer = stats.permutation_test(
            (row,), np.sum, permutation_type="samples", n_resamples=20_000, rng=2
        )
        assert p == pytest.approx(peer.pvalue, abs=0.01)


def test_questions_without_a_difference_change_no_p() -> None:
    gains = [0.5, 0.25, 0.25, -0.125]
    assert sign_flip_test(np.array([gains])) == sign_flip_test(np.array([gains + [0.0] * 500]))


def test_no_difference_at_all_is_no_evidence() -> None:
    assert sign_flip_test(np.zeros((1, 400))) == [1.0]


def test_a_random_p_is_never_zero() -> None:
    assert sign_flip_test(np.ones((1, 100)), n_permutations=999) == [1 / 1000]


def test_of_true_nulls_about_one_in_twenty_is_called_significant() -> None:
    rows = np.random.default_rng(3).normal(0.0, 1.0, (400, 40))
    assert np.mean(sign_flip_test(rows, 2_000) < 0.05) == pytest.approx(0.05, abs=0.025)


def test_an_interval_agrees_with_student_where_both_hold() -> None:
    rows = random_rows(400)
    for row, found in zip(rows, mean_intervals(rows), strict=True):
        wanted = stats.t.interval(0.95, 399, row.mean(), stats.sem(row))
        assert found == pytest.approx(wanted, abs=0.01)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rows = np.random.default_rng(4).exponential(1.0, (300, 50))
    low, high = mean_intervals(rows, 1_000).T
    assert np.mean((low <= 1.0) & (high >= 1.0)) == pytest.approx(0.93, abs=0.035)


@pytest.mark.parametrize("row", [[0.0] * 50, [0.3], [0.5] * 7])
def test_without_spread_an_interval_is_a_point(row: list[float]) -> None:
    assert mean_intervals(np.array([row])).tolist() == [[np.mean(row)] * 2]


def test_one_row_of_spread_among_constant_ones_has_its_own_interval() -> None:
    rows = np.array([[0.0] * 4, [0.0, 1.0, 0.0, 1.0]])
    (low, high), (lower, upper) = mean_intervals(rows)
    assert (low, high) == (0.0, 0.0)
    assert lower < 0.5 < upper


def test_holm_corrects_the_textbook_example() -> None:
    """Four tests, as worked out by hand: .005 x 4, .01 x 3, .03 x 2, and .04 x 1 raised to .06."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_gives_what_r_does() -> None:
    """`p.adjust(c(.0001, .001, .03, .2, .8), "holm")`."""
    assert holm([0.0001, 0.001, 0.03, 0.2, 0.8]) == pytest.approx([0.0005, 0.004, 0.09, 0.4, 0.8])


def test_holm_never_exceeds_one_and_takes_an_empty_family() -> None:
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []
