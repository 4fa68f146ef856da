"""The questions on the seed documents, or on others beside which such a file stands."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.datasets import Dataset, Query, check_known, language_code, refuse_twice
from eval.jsonl import flag_of, read_jsonl, text_of, texts_of
from index.errors import DatasetError
from index.languages import UNKNOWN
from index.types import Document


def seeds_dataset(documents: Sequence[Document], questions_file: Path) -> Dataset:
    """The questions on the seed documents: fields id, question, language, answerable, documents,
    answers and kind. Half of them, drawn by their ids, are for tuning, the others for reporting.

    Raises DatasetError, which names file and line.
    """
    known = {document.doc_id for document in documents}
    queries: list[Query] = []
    qrels: dict[str, dict[str, int]] = {}
    for where, row in read_jsonl(questions_file):
        query = _seed_query(row, where)
        relevant = texts_of(row, "documents", where) if query.answerable else ()
        if query.answerable and not (relevant and query.answers):
            raise DatasetError(
                f"{where} is answerable but lacks documents or answers; give it both, "
                "or set answerable to false"
            )
        for doc_id in relevant:
            check_known(doc_id, known, "document", "the seed documents", where)
        queries.append(query)
        if relevant:
            qrels[query.query_id] = dict.fromkeys(relevant, 1)
    refuse_twice((q.query_id for q in queries), f"'{questions_file}'")
    return Dataset("seeds", tuple(documents), tuple(queries), qrels)


def _seed_query(row: Mapping[str, Any], where: str) -> Query:
    query_id = text_of(row, "id", where)
    return Query(
        query_id,
        text_of(row, "question", where),
        language_code(text_of(row, "language", where, UNKNOWN)),
        texts_of(row, "answers", where),
        flag_of(row, "answerable", where),
        half(query_id),
        text_of(row, "kind", where, "") or None,
    )


def half(query_id: str) -> str:
    """`tuning` where the last hexadecimal digit of the id's SHA-256 is even, else `reporting`."""
    last = hashlib.sha256(query_id.encode()).hexdigest()[-1]
    return "reporting" if int(last, 16) % 2 else "tuning"
