"""Logistic regression, for the few constants that are fitted."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

# L2 on the weights, not on the intercept: some dozens of examples cannot carry more.
PENALTY = 0.05

Numbers = NDArray[np.float64]


def fit(rows: Numbers, labels: Numbers, weights: Numbers | None = None) -> Numbers:
    """Logistic regression of `labels` `(n,)` on `rows` `(n, m)`, each counted by its weight:
    intercept, then `m` weights."""
    design = np.hstack([np.ones((len(rows), 1)), rows])
    counts = np.ones(len(rows)) if weights is None else weights / weights.mean()

    def loss(w: Numbers) -> float:
        z = design @ w
        likelihood = counts * (np.logaddexp(0, z) - labels * z)
        return float(likelihood.mean() + PENALTY / len(rows) * (w[1:] ** 2).sum())

    return np.asarray(minimize(loss, np.zeros(design.shape[1])).x)


def recalibrate(odds: Numbers, labels: Numbers, penalty: float) -> tuple[float, float]:
    """Shift and slope under which log-odds `(n,)` tell the share of `labels` (Platt 1999), held to
    0 and 1 by `penalty`, in examples."""

    def loss(ab: Numbers) -> float:
        z = ab[0] + ab[1] * odds
        held = penalty * (ab[0] ** 2 + (ab[1] - 1) ** 2)
        return float((np.logaddexp(0, z) - labels * z).sum() + held)

    shift, slope = minimize(loss, np.array([0.0, 1.0])).x
    return float(shift), float(slope)
