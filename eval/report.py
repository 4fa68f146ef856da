"""Evaluations as text for people and as objects for scripts."""

from collections.abc import Sequence
from typing import Any

from eval.measures import Evaluation
from eval.runs import Means


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The object that `sanad eval run --json` prints; scripts rely on its fields."""
    return {
        "dataset": evaluation.dataset,
        "run": evaluation.run,
        "n_queries": evaluation.overall.n_queries,
        "measures": dict(evaluation.overall.values),
        "by_language": {
            language: {"n_queries": means.n_queries, **means.values}
            for language, means in evaluation.by_language.items()
        },
    }


def to_text(evaluations: Sequence[Evaluation]) -> str:
    """A table for each run: a row overall and one for each language, a column for each measure."""
    return "\n\n".join(map(_table, evaluations))


def _table(evaluation: Evaluation) -> str:
    head = ["", "queries", *evaluation.measures]
    rows = [_row("overall", evaluation.overall, evaluation.measures)]
    rows += [
        _row(language, means, evaluation.measures)
        for language, means in evaluation.by_language.items()
    ]
    return f"{evaluation.dataset}, {evaluation.run}\n{aligned([head, *rows])}"


def _row(name: str, means: Means, measures: Sequence[str]) -> list[str]:
    return [name, str(means.n_queries), *(f"{means.values[m]:.3f}" for m in measures)]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of equal length as lines: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in rows
    )
