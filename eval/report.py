"""Evaluations as text for people and as objects for scripts."""

from collections.abc import Mapping, Sequence
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
        "by_language": _groups(evaluation.by_language),
        "by_pair": _groups(evaluation.by_pair),
    }


def _groups(groups: Mapping[str, Means]) -> dict[str, Any]:
    return {name: {"n_queries": m.n_queries, **m.values} for name, m in groups.items()}


def to_text(evaluations: Sequence[Evaluation], matrices: Sequence[str] = ()) -> str:
    """A table for each run: a row overall and one for each language, a column for each measure.
    Below it, where pairs of languages were measured, a matrix for each measure in `matrices`."""
    blocks = []
    for evaluation in evaluations:
        blocks.append(_table(evaluation))
        blocks += [matrix(evaluation, measure) for measure in matrices if evaluation.by_pair]
    return "\n\n".join(blocks)


def matrix(evaluation: Evaluation, measure: str) -> str:
    """One measure by the language of the questions (rows) and of the documents (columns)."""
    pairs = [pair.split(">") for pair in evaluation.by_pair]
    asked, held = (list(dict.fromkeys(languages)) for languages in zip(*pairs, strict=True))
    rows = [[q, *(_cell(evaluation.by_pair.get(f"{q}>{d}"), measure) for d in held)] for q in asked]
    title = f"{evaluation.run}, {measure}: questions in the rows, documents in the columns"
    return f"{title}\n{aligned([['', *held], *rows])}"


def _cell(means: Means | None, measure: str) -> str:
    return f"{means.values[measure]:.3f}" if means else "-"


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
