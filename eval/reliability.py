"""Can a confidence be trusted: does it mean what it says, and does it put right answers first?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

N_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with confidences from `low` to `high`: how many, how sure they were on average, and
    the share (0 to 1) that was right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


def bins(confidences: Sequence[float], right: Sequence[bool], n_bins: int = N_BINS) -> list[Bin]:
    """Bins of equal width that hold anything, from 0 up; the last holds 1, too."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, good in zip(confidences, right, strict=True):
        held.setdefault(min(n_bins - 1, int(confidence * n_bins)), []).append((confidence, good))
    return [_bin(i / n_bins, (i + 1) / n_bins, held[i]) for i in sorted(held)]


def _bin(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> Bin:
    n = len(pairs)
    return Bin(low, high, n, sum(c for c, _ in pairs) / n, sum(good for _, good in pairs) / n)


def calibration_error(found: Iterable[Bin]) -> float | None:
    """Expected calibration error (Naeini et al. 2015): by how much confidence and truth differ, the
    mean over answers; None without any."""
    known = list(found)
    n = sum(one.n for one in known)
    return sum(one.n * abs(one.confidence - one.right) for one in known) / n if n else None


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """Coverage and risk at each threshold, from the highest score down: the share of questions that
    is answered, and the share of those answers that is wrong."""
    n = len(scores)
    points, answered, wrong = [], 0, 0
    for size, bad in _blocks(scores, right):
        answered, wrong = answered + size, wrong + bad
        points.append((answered / n, wrong / answered))
    return points


def area(scores: Sequence[float], right: Sequence[bool]) -> float | None:
    """The area under the risk–coverage curve (Geifman & El-Yaniv 2017): the mean risk of answering
    the 1, 2, … n questions of the highest score. Among equal scores the order is left to chance,
    and the risk is what is to be expected. None without questions."""
    total, n, wrong = 0.0, 0, 0
    for size, bad in _blocks(scores, right):
        total += sum((wrong + i * bad / size) / (n + i) for i in range(1, size + 1))
        n, wrong = n + size, wrong + bad
    return total / n if n else None


def _blocks(scores: Sequence[float], right: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """How many answers share each score, and how many of them are wrong, highest score first."""
    ordered = sorted(zip(scores, right, strict=True), key=lambda pair: -pair[0])
    for _, block in groupby(ordered, key=lambda pair: pair[0]):
        goods = [good for _, good in block]
        yield len(goods), len(goods) - sum(goods)
