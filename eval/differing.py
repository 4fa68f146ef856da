"""Is it said when documents differ in a value, and only then?

A file of cases has one a line: fields id, language, question, documents (each a text and a date,
and a language where that is another than the question's) and values, those that the documents give
instead of each other; none where they do not differ. The documents of all cases are searched
together.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.types import Answer
from eval.answers import holds
from eval.datasets import entry, language_code, refuse_twice
from eval.jsonl import objects_of, read_jsonl, text_of, texts_of
from eval.report import aligned
from eval.seeds import half
from index.errors import DatasetError
from index.types import Document

# How a note sets off each value it tells.
_TOLD = re.compile("“(.*?)”")


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the documents on it, and the values in which they differ (none: they agree)."""

    case_id: str
    language: str
    split: str
    question: str
    documents: tuple[Document, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: the values that were told as differing, and whether these are at least
    two of those in which the documents differ, and no others."""

    case: Case
    refused: bool
    told: tuple[str, ...]
    right: bool


def read_cases(file: Path) -> list[Case]:
    """The cases of `file`. Raises DatasetError, which names file and line."""
    found = [_case(row, where) for where, row in read_jsonl(file)]
    refuse_twice((case.case_id for case in found), f"'{file}'")
    return found


def _case(row: Mapping[str, Any], where: str) -> Case:
    case_id, language = text_of(row, "id", where), language_code(text_of(row, "language", where))
    documents = tuple(
        _document(f"{case_id}/{i}.txt", item, place, language)
        for i, (place, item) in enumerate(objects_of(row, "documents", where), start=1)
    )
    question, values = text_of(row, "question", where), texts_of(row, "values", where)
    return Case(case_id, language, half(case_id), question, documents, values)


def _document(doc_id: str, row: Mapping[str, Any], where: str, language: str) -> Document:
    text = text_of(row, "text", where)
    try:
        published = date.fromisoformat(text_of(row, "date", where))
    except ValueError as error:
        raise DatasetError(f"{where} has no day as 'date' ({error}); write 2024-03-07") from None
    spoken = language_code(text_of(row, "language", where, language))
    return entry(doc_id, "", text, spoken, published)


def outcomes_of(cases: Iterable[Case], ask: Callable[[str], Answer]) -> list[Outcome]:
    """Ask every question."""
    return [_outcome(case, ask(case.question)) for case in cases]


def _outcome(case: Case, answer: Answer) -> Outcome:
    notes = (note.detail for note in answer.notes if note.kind == "differ")
    told = tuple(_TOLD.findall(next(notes, "")))
    meant = [[value for value in case.values if holds([text], [value])] for text in told]
    right = all(meant) and len({value for values in meant for value in values}) > 1
    return Outcome(case, answer.refused, told, right)


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Precision and recall (0 to 1, None of nothing), overall and by language; and each case."""
    languages = sorted({outcome.case.language for outcome in outcomes})
    return {
        "overall": _figures(outcomes),
        "by_language": {
            language: _figures([o for o in outcomes if o.case.language == language])
            for language in languages
        },
        "cases": [
            {
                "id": o.case.case_id,
                "question": o.case.question,
                "values": o.case.values,
                "told": o.told,
                "right": o.right,
                "refused": o.refused,
            }
            for o in outcomes
        ],
    }


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    n_told = sum(bool(outcome.told) for outcome in outcomes)
    n_differing = sum(bool(outcome.case.values) for outcome in outcomes)
    n_right = sum(outcome.right for outcome in outcomes)
    return {
        "n_cases": len(outcomes),
        "n_differing": n_differing,
        "n_told": n_told,
        "precision": n_right / n_told if n_told else None,
        "recall": n_right / n_differing if n_differing else None,
    }


def to_text(outcomes: Sequence[Outcome]) -> str:
    """A table of the figures, then a line for each case that went wrong."""
    found = to_json(outcomes)
    groups = {"overall": found["overall"], **found["by_language"]}
    names = ("n_cases", "n_differing", "n_told")
    rows = [
        [group, *(str(of[n]) for n in names), *(_share(of[m]) for m in ("precision", "recall"))]
        for group, of in groups.items()
    ]
    wrong = [
        f"{o.case.case_id}  {o.case.question}  {_list(o.case.values)} → {_list(o.told)}"
        for o in outcomes
        if not o.right and (o.told or o.case.values)
    ]
    table = aligned([["", "cases", "differing", "told", "precision", "recall"], *rows])
    return "\n\n".join([table, "\n".join(wrong)]).strip()


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _list(values: Sequence[str]) -> str:
    return " | ".join(values) or "nothing"
