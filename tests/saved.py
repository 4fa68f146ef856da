"""Saved runs for tests, with values that can be worked out by hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.runs import Means, QueryValues, SavedRun, write_saved

# By language, what a run scores on each question.
Scores = Mapping[str, list[float]]


def saved_run(scores: Scores, measure: str = "RR", **facts: Any) -> SavedRun:
    """A run over questions `ar-0`, `ar-1`, … that scored so; `facts` replace its other fields."""
    queries = {
        f"{language}-{i}": QueryValues(language, {measure: value})
        for language, values in scores.items()
        for i, value in enumerate(values)
    }
    values = [value for row in scores.values() for value in row]
    fields: dict[str, Any] = {
        "dataset": "toy",
        "run": "hybrid",
        "n_queries": len(queries),
        "measures": {measure: sum(values) / len(values)},
        "by_language": {
            language: Means(len(row), {measure: sum(row) / len(row)})
            for language, row in scores.items()
        },
        "by_pair": {},
        "split": None,
        "query_language": None,
        "corpus_language": None,
        "data": (),
        "corpus_sha256": "c" * 64,
        "config": {"retriever": "hybrid"},
        "fingerprint": None,
        "version": "0",
        "commit": None,
        "queries": queries,
    }
    return SavedRun(**fields | facts)


def save(file: Path, scores: Scores, **facts: Any) -> Path:
    """Write such a run; gives the file."""
    write_saved(saved_run(scores, **facts), file)
    return file
