"""Measured answers as they are kept: what was asked, how, and what came of each question."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from eval.answer_measures import Group, measure, values
from eval.answers import Answers, Outcome
from eval.askings import Among, Asking, askings
from eval.datasets import Dataset, select
from eval.jsonl import read_object, write_text
from eval.provenance import commit
from eval.retrieval import corpus_sha256
from index.errors import DatasetError
from index.version import version

# Raised whenever a field changes its name or meaning.
FORMAT = 1
KIND = "answers"

Option = str | int | float


@dataclass(frozen=True, slots=True)
class Way:
    """Which questions are asked of which documents: `data` are the places of the set, `language`
    that of what names none, the others as `select` and `askings` take them."""

    data: tuple[str, ...]
    language: str | None = None
    split: str | None = None
    query_language: str | None = None
    corpus_language: str | None = None
    among: Among = "all"
    limit: int | None = None
    without_relevant: bool = False

    def cut(self, whole: Dataset) -> Dataset:
        """The questions and documents that are chosen. Raises DatasetError when none is left."""
        return select(whole, self.query_language, self.corpus_language, self.split)

    def askings(self, whole: Dataset) -> list[Asking]:
        """What is asked. All documents are those of the language that is chosen."""
        among = "each" if self.corpus_language and self.among == "all" else self.among
        return askings(self.cut(whole), whole, among, self.limit, self.without_relevant)


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """What became of one question; `values` are those of its measures that are means."""

    language: str
    pair: str | None
    answerable: bool
    refused: bool
    right: bool
    confidence: FiniteFloat
    score: FiniteFloat
    values: Mapping[str, FiniteFloat]


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """Answers that were measured, and what they were made with.

    `options` are the settings that were given; the others are the code's own. `questions` holds
    every asking by its key. `fingerprint`, `version` and `commit` are as in `runs.SavedRun`.
    """

    dataset: str
    generator: str
    n_questions: int
    measures: Mapping[str, FiniteFloat | None]
    by_language: Mapping[str, Group]
    by_pair: Mapping[str, Group]
    way: Way
    options: Mapping[str, Option]
    corpus_sha256: str
    fingerprint: str
    version: str
    commit: str | None
    questions: Mapping[str, SavedQuestion]


def saved_answers(
    answers: Answers, whole: Dataset, way: Way, options: Mapping[str, Option]
) -> SavedAnswers:
    """What is kept of the answers of one generator."""
    found = measure(answers.outcomes)
    return SavedAnswers(
        dataset=whole.name,
        generator=answers.generator,
        n_questions=len(answers.outcomes),
        measures=found.overall.measures,
        by_language=found.by_language,
        by_pair=found.by_pair,
        way=way,
        options=options,
        corpus_sha256=corpus_sha256(way.cut(whole).documents),
        fingerprint=answers.fingerprint,
        version=version(),
        commit=commit(),
        questions={outcome.asking.key: _question(outcome) for outcome in answers.outcomes},
    )


def _question(outcome: Outcome) -> SavedQuestion:
    return SavedQuestion(
        language=outcome.asking.query.language,
        pair=outcome.asking.pair,
        answerable=outcome.asking.answerable,
        refused=outcome.refused,
        right=outcome.right,
        confidence=outcome.confidence,
        score=outcome.score,
        values=values(outcome),
    )


def file_name(generator: str) -> str:
    """What the answers of a generator are called on a disk: `ollama-qwen3-4b.json`."""
    return re.sub(r"[^\w.]+", "-", generator).strip("-.") + ".json"


def write_answers(saved: SavedAnswers, file: Path) -> None:
    """Write saved answers as JSON, whole or not at all."""
    row = {"format": FORMAT, "kind": KIND, **asdict(saved)}
    write_text(file, json.dumps(row, ensure_ascii=False, indent=1) + "\n")


def holds_answers(file: Path) -> bool:
    """Whether a file of JSON is one of saved answers, whole or broken. Raises DatasetError for a
    file that is no JSON."""
    return read_object(file).get("kind") == KIND


def read_answers(file: Path) -> SavedAnswers:
    """What `write_answers` wrote. Raises DatasetError, in one line, for anything else."""
    row: dict[str, Any] = read_object(file)
    if (row.pop("kind", None), row.pop("format", None)) != (KIND, FORMAT):
        raise _unusable(file, f"it is not of the kind '{KIND}' in format {FORMAT}")
    try:
        saved = _adapter().validate_json(json.dumps(row), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _unusable(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if saved.n_questions != len(saved.questions):
        found = f"{len(saved.questions)} questions stand in it"
        raise _unusable(file, f"'n_questions' is {saved.n_questions}, but {found}")
    return saved


@cache
def _adapter() -> TypeAdapter[SavedAnswers]:
    return TypeAdapter(SavedAnswers)


def _unusable(file: Path, why: str) -> DatasetError:
    return DatasetError(
        f"'{file}' holds no saved answers that can be read ({why}); make it with "
        "sanad eval answers DIR --save OUT"
    )
