"""Comparisons as text: tables for people, and what their marks mean."""

from eval.compare import Comparison, Difference, Question
from eval.report import aligned

# A difference is marked by its corrected p.
MARKS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


def mark(p_holm: float) -> str:
    """The stars of a corrected p-value; none where it is .05 or more."""
    return next((stars for limit, stars in MARKS if p_holm < limit), "")


def legend(comparison: Comparison) -> str:
    """What the figures are, in one sentence each."""
    n = len(comparison.differences)
    return (
        "Brackets: 95 % intervals (BCa bootstrap over questions). p: paired randomization test, "
        f"two-sided, Holm-corrected over {n} comparison{'s' * (n > 1)} (runs × measures × "
        "languages); * p < .05, ** p < .01, *** p < .001."
    )


def to_text(comparison: Comparison, n_moved: int = 10) -> str:
    """A table for each run, the legend, and the `n_moved` questions that moved most."""
    parts = [_table(comparison, run) for run in comparison.runs[1:]]
    parts.append(legend(comparison))
    moved = comparison.moved
    if n_moved and moved:
        head = ["", "language", *comparison.runs, "change"]
        rows = [head, *map(_moved_row, moved[:n_moved])]
        title = f"moved most by {comparison.measures[0]} ({len(moved)} moved at all)"
        parts.append(f"{title}\n{aligned(rows)}")
    return "\n\n".join(parts)


def _table(comparison: Comparison, run: str) -> str:
    head = ["", "questions", comparison.runs[0], run, "difference", "", "interval", "p"]
    rows = [[*head, "won", "tied", "lost"]]
    for measure in comparison.measures:
        rows.append([measure, *[""] * (len(rows[0]) - 1)])
        rows += [
            _row(found)
            for found in comparison.differences
            if (found.run, found.measure) == (run, measure)
        ]
    table = "\n".join(map(str.rstrip, aligned(rows).split("\n")))
    return f"{comparison.dataset}: {run} against {comparison.runs[0]}\n{table}"


def _row(found: Difference) -> list[str]:
    return [
        f"  {found.language}",
        str(found.n_queries),
        f"{found.baseline:.3f}",
        f"{found.value:.3f}",
        signed(found.difference),
        mark(found.p_holm).ljust(3),
        f"[{signed(found.low)}, {signed(found.high)}]",
        p_text(found.p_holm),
        *map(str, (found.wins, found.ties, found.losses)),
    ]


def _moved_row(question: Question) -> list[str]:
    values = [f"{value:.3f}" for value in question.values]
    return [question.query_id, question.language, *values, signed(question.change)]


def signed(value: float) -> str:
    """`+0.012`, `-0.012`, and `0.000` without a sign."""
    text = f"{value:+.3f}"
    return text[1:] if float(text) == 0 else text


def p_text(p: float) -> str:
    """Three digits of a p-value, or `<.001`."""
    return "<.001" if p < 0.001 else f"{p:.3f}"
