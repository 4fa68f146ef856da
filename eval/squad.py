"""Evaluation sets in SQuAD's format, version 1.1 or 2.0 (Rajpurkar et al. 2016, 2018).

    {"data": [{"title": …, "paragraphs": [{"context": …, "qas": [{"id": …, "question": …,
      "answers": [{"text": …}], "is_impossible": …}]}]}]}

Each distinct paragraph is an entry, below the title of its article; the one that a question stands
at is relevant to it, unless it is impossible to answer from there.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.datasets import Dataset, Query, entry, refuse_twice
from eval.jsonl import flag_of, objects_of, read_object, text_of
from index.languages import UNKNOWN
from index.types import Document


def read_squad(file: Path) -> Dataset:
    """The set in a JSON file, named after it; nothing says its languages.

    An entry is called `article-paragraph`, both counted from 1, by its first place. Raises
    DatasetError, which names file and place.
    """
    documents: dict[str, Document] = {}
    queries: list[Query] = []
    qrels: dict[str, dict[str, int]] = {}
    for doc_id, title, where, paragraph in _paragraphs(file):
        context = text_of(paragraph, "context", where)
        document = documents.setdefault(context, entry(doc_id, title, context, UNKNOWN))
        for place, row in objects_of(paragraph, "qas", where):
            query = _query(row, place)
            queries.append(query)
            if query.answerable:
                qrels[query.query_id] = {document.doc_id: 1}
    refuse_twice((query.query_id for query in queries), f"'{file}'")
    return Dataset(file.stem, tuple(documents.values()), tuple(queries), qrels)


def _paragraphs(file: Path) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Id, title of the article, place and content of each paragraph."""
    articles = objects_of(read_object(file), "data", f"'{file}'")
    for i, (where, article) in enumerate(articles, start=1):
        title = text_of(article, "title", where, "").replace("_", " ")
        for j, (place, row) in enumerate(objects_of(article, "paragraphs", where), start=1):
            yield f"{i}-{j}", title, place, row


def _query(row: Mapping[str, Any], where: str) -> Query:
    impossible = row.get("is_impossible") is not None and flag_of(row, "is_impossible", where)
    answers = [] if impossible or row.get("answers") is None else objects_of(row, "answers", where)
    texts = (text_of(answer, "text", place) for place, answer in answers)
    return Query(
        text_of(row, "id", where),
        text_of(row, "question", where),
        answers=tuple(dict.fromkeys(texts)),
        answerable=not impossible,
    )
