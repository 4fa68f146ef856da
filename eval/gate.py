"""Has a measure fallen too far, in any language or pair of languages?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.compare import compare
from eval.compare_text import signed
from eval.report import aligned
from eval.runs import SavedRun
from index.errors import InputError

# Sums of the same numbers in another order are no fall.
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """A measure over the questions of a language, or over a pair such as `en>ar`, before and now;
    `low` and `high` bound the change with 95 % (None for a pair, whose questions a saved run does
    not hold one by one, and for what is no mean over questions); `allowed` is how far it may fall,
    or rise when it is better lower."""

    group: str
    measure: str
    n_queries: int
    before: float
    now: float
    low: float | None
    high: float | None
    allowed: float
    better_lower: bool = False

    @property
    def loss(self) -> float:
        """By how much it became worse."""
        return self.now - self.before if self.better_lower else self.before - self.now

    @property
    def fell(self) -> bool:
        """Whether it became worse by more than is allowed."""
        return self.loss > self.allowed + _EPSILON


def changes(baseline: SavedRun, run: SavedRun, allowed: Mapping[str, float]) -> tuple[Change, ...]:
    """How each measure of `allowed` changed: overall, in each language, in each pair.

    Raises InputError as `compare` does, and where one run lacks a pair that the baseline has.
    """
    made = compare({"baseline": baseline, "run": run}, list(allowed))
    by_language = [
        Change(
            found.language,
            found.measure,
            found.n_queries,
            found.baseline,
            found.value,
            found.low,
            found.high,
            allowed[found.measure],
        )
        for found in made.differences
    ]
    return (*by_language, *_pairs(baseline, run, allowed))


def _pairs(baseline: SavedRun, run: SavedRun, allowed: Mapping[str, float]) -> Iterator[Change]:
    for pair, before in baseline.by_pair.items():
        if pair not in run.by_pair:
            raise InputError(
                f"the baseline was measured on the pair {pair}, the other run was not; run it "
                "again as the baseline was"
            )
        now = run.by_pair[pair].values
        for measure in sorted(allowed.keys() & before.values.keys() & now.keys()):
            values = before.values[measure], now[measure], None, None
            yield Change(pair, measure, before.n_queries, *values, allowed[measure])


def verdict(found: Sequence[Change]) -> str:
    """One line: whether something fell, and what fell farthest."""
    fallen = sorted((c for c in found if c.fell), key=lambda c: -c.loss)
    if not fallen:
        return f"passed: nothing of {len(found)} fell by more than is allowed"
    worst = fallen[0]
    return (
        f"fell: {len(fallen)} of {len(found)}, {worst.measure} of {worst.group} the farthest, from "
        f"{worst.before:.3f} to {worst.now:.3f} ({worst.allowed:g} is allowed)"
    )


def to_text(found: Sequence[Change]) -> str:
    """A row for each measure and group."""
    head = ["", "measure", "questions", "before", "now", "change", "interval", "allowed", ""]
    return aligned([head, *map(_row, found)])


def _row(change: Change) -> list[str]:
    bounded = change.low is not None and change.high is not None
    return [
        change.group,
        change.measure,
        str(change.n_queries),
        f"{change.before:.3f}",
        f"{change.now:.3f}",
        signed(change.now - change.before),
        f"[{signed(change.low or 0)}, {signed(change.high or 0)}]" if bounded else "",
        f"{change.allowed if change.better_lower else -change.allowed:+g}",
        "FELL" if change.fell else "ok",
    ]


def to_json(found: Sequence[Change]) -> dict[str, Any]:
    """The object that `sanad eval gate --json` prints; scripts rely on its fields."""
    return {
        "passed": not any(change.fell for change in found),
        "verdict": verdict(found),
        "changes": [asdict(c) | {"change": c.now - c.before, "fell": c.fell} for c in found],
    }
