"""Is a difference more than luck? Intervals, paired tests, and the price of testing often.

All work on differences by question: what one run scored on it, less what another did. Draws are
seeded, so that the same runs give the same figures.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

Array = NDArray[np.float64]

LEVEL = 0.95
SEED = 20_240_516
# Another seed moves the ends of an interval by some hundredths of its width, a p of .05 by .001.
N_RESAMPLES = 5_000
N_PERMUTATIONS = 50_000
# Up to so many questions that differ, every one of the 2^n assignments of signs is tried.
MOST_EXACT = 16
# Numbers held at once while drawing: 32 MB.
_BATCH = 1 << 22
# Sums that differ by less are equal: the order of adding decides no test.
_EPSILON = 1e-9


def mean_intervals(rows: Array, n_resamples: int = N_RESAMPLES) -> Array:
    """95 % intervals `(m, 2)` of the means of `rows` `(m, n)`: bootstrap over questions, bias
    corrected and accelerated (Efron 1987). Without spread an interval is a point."""
    means = rows.mean(axis=1)
    intervals = np.stack([means, means], axis=1)
    spread = np.flatnonzero(np.ptp(rows, axis=1) > 0)
    if spread.size:
        found = bootstrap(
            (rows[spread],),
            np.mean,
            axis=1,
            n_resamples=n_resamples,
            batch=max(1, _BATCH // rows[spread].size),
            confidence_level=LEVEL,
            method="BCa",
            rng=np.random.default_rng(SEED),
        ).confidence_interval
        intervals[spread] = np.stack([found.low, found.high], axis=1)
    return intervals


def sign_flip_test(rows: Array, n_permutations: int = N_PERMUTATIONS) -> Array:
    """Two-sided p-values `(m,)` that the mean of each row of `rows` `(m, n)` is not 0.

    Fisher's paired randomization test: were the runs alike, each difference could as well have the
    other sign. Exact where at most `MOST_EXACT` questions differ in any row; else from random
    assignments, the one observed counted among them, so that no p is 0 (Phipson & Smyth 2010).
    """
    differing = rows[:, (rows != 0).any(axis=0)]
    n = differing.shape[1]
    if n <= MOST_EXACT:
        return _extreme(differing, _all_signs(n)) / float(2**n)
    rng, counts = np.random.default_rng(SEED), np.zeros(len(rows))
    step = max(1, _BATCH // n)
    for start in range(0, n_permutations, step):
        counts += _extreme(differing, _signs(rng, min(step, n_permutations - start), n))
    return (counts + 1) / (n_permutations + 1)


def _extreme(rows: Array, signs: Array) -> Array:
    """How many of the assignments `signs` `(k, n)` give each row a sum as far from 0 as its own."""
    observed = np.abs(rows.sum(axis=1)) - _EPSILON
    counts: Array = np.sum(np.abs(signs @ rows.T) >= observed, axis=0, dtype=np.float64)
    return counts


def _all_signs(n: int) -> Array:
    """All `(2^n, n)` assignments of -1 and 1."""
    bits = np.arange(2**n)[:, None] >> np.arange(n) & 1
    return 2.0 * bits.astype(np.float64) - 1.0


def _signs(rng: np.random.Generator, k: int, n: int) -> Array:
    """`(k, n)` random signs."""
    bytes_ = rng.integers(0, 256, (k, -(-n // 8)), dtype=np.uint8)
    return 2.0 * np.unpackbits(bytes_, axis=1, count=n).astype(np.float64) - 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for all being looked at (Holm 1979): the smallest times their number,
    the next times one less, and so on, none above 1 nor below one before it."""
    m, corrected, highest = len(p_values), [0.0] * len(p_values), 0.0
    for rank, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (m - rank) * p_values[i]))
        corrected[i] = highest
    return corrected
