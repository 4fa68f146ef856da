"""Runs: what a retriever found for each query, and what is kept of one that was measured."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import FiniteFloat, TypeAdapter, ValidationError

from eval.jsonl import read_object, write_text
from index.errors import DatasetError

# Raised whenever a field of a saved run changes its name or meaning.
FORMAT = 1

Scored = tuple[str, float]
Values = Mapping[str, FiniteFloat]


@dataclass(frozen=True)
class Run:
    """The `(doc_id, score)` pairs found for each query id.

    Whatever order they are given in, they stand in the order (-score, doc_id).
    """

    name: str
    found: Mapping[str, tuple[Scored, ...]]

    def __init__(self, name: str, found: Mapping[str, Iterable[Scored]]) -> None:
        ordered = {query_id: ordered_pairs(pairs) for query_id, pairs in found.items()}
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "found", ordered)


def ordered_pairs(pairs: Iterable[Scored]) -> tuple[Scored, ...]:
    """The pairs in the order (-score, doc_id)."""
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def untied(pairs: Iterable[Scored]) -> list[Scored]:
    """Pairs in their order, each score lowered, where needed, by the least that single precision
    can tell.

    trec_eval (pytrec_eval, ir_measures) reads scores in single precision and puts the greater id
    first among equals; with these scores it sees our order.
    """
    result: list[Scored] = []
    last = np.float32(np.inf)
    for doc_id, score in pairs:
        single = np.float32(score)
        if single < last:
            result.append((doc_id, score))
        else:
            single = np.nextafter(last, np.float32(-np.inf))
            result.append((doc_id, float(single)))
        last = single
    return result


@dataclass(frozen=True, slots=True)
class Means:
    """The mean of each measure over `n_queries` queries."""

    n_queries: int
    values: Values


@dataclass(frozen=True, slots=True)
class QueryValues:
    """What each measure gives for one query."""

    language: str
    values: Values


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run that was measured, and what it was made with; its ranking is in `RUN.trec` beside it.

    `by_pair["en>ar"]` is over questions in English, with corpus and qrels cut to Arabic; empty
    unless that was asked for. `split`, `query_language` and `corpus_language` are the cuts of the
    set (None: whole); `data` the places it was read from, as they were given, `language` that of
    what names none (None: the one it looks like), `index` the index it was measured on (None: one
    that was built for it). `fingerprint` is that of the index (None for a run from elsewhere),
    `commit` that of the code (None: no checkout; "+changes" at its end: and more). `queries` holds
    every judged query by its id.
    """

    dataset: str
    run: str
    n_queries: int
    measures: Values
    by_language: Mapping[str, Means]
    by_pair: Mapping[str, Means]
    split: str | None
    query_language: str | None
    corpus_language: str | None
    data: tuple[str, ...]
    corpus_sha256: str
    config: Mapping[str, str | int]
    fingerprint: str | None
    version: str
    commit: str | None
    queries: Mapping[str, QueryValues]
    language: str | None = None
    index: str | None = None


def write_saved(saved: SavedRun, file: Path) -> None:
    """Write a saved run as JSON, whole or not at all."""
    row = {"format": FORMAT, **asdict(saved)}
    for field in ("by_language", "by_pair"):
        row[field] = {
            name: {"n_queries": group["n_queries"], **group["values"]}
            for name, group in row[field].items()
        }
    write_text(file, json.dumps(row, ensure_ascii=False, indent=1) + "\n")


def read_saved(file: Path) -> SavedRun:
    """What `write_saved` wrote. Raises DatasetError, in one line, for anything else."""
    row = read_object(file)
    if row.pop("format", None) != FORMAT:
        raise _unusable(file, f"its format is not {FORMAT}")
    try:
        for field in ("by_language", "by_pair"):
            row[field] = {name: _nested(group) for name, group in row[field].items()}
        saved = _adapter().validate_json(json.dumps(row), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _unusable(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (AttributeError, KeyError, TypeError):
        raise _unusable(file, f"'{field}' does not hold measures by name") from None
    _check_whole(saved, file)
    return saved


def _nested(group: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in group.items() if name != "n_queries"}
    return {"n_queries": group["n_queries"], "values": values}


@cache
def _adapter() -> TypeAdapter[SavedRun]:
    return TypeAdapter(SavedRun)


def _check_whole(saved: SavedRun, file: Path) -> None:
    """Raise DatasetError when a query or one of its measures is missing."""
    if saved.n_queries != len(saved.queries):
        found = f"{len(saved.queries)} queries stand in it"
        raise _unusable(file, f"'n_queries' is {saved.n_queries}, but {found}")
    for query_id, query in saved.queries.items():
        if query.values.keys() != saved.measures.keys():
            raise _unusable(file, f"the query '{query_id}' lacks a measure or has one too many")


def _unusable(file: Path, why: str) -> DatasetError:
    return DatasetError(
        f"'{file}' is no saved run that can be read ({why}); make it with "
        "sanad eval run DIR --save OUT"
    )
