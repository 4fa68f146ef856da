"""Sets as they come: each place is known by what is there."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from eval import beir, trec
from eval.datasets import Dataset, Query, gather_qrels, pool, with_languages
from eval.jsonl import first_line
from eval.squad import read_squad
from index.archive import open_documents
from index.errors import DatasetError
from index.types import Document


def read_sets(
    places: Sequence[Path], language: str | None = None, index: Path | None = None
) -> Dataset:
    """The sets at `places` as one: BEIR folders and SQuAD's JSON files; or a corpus, its topics and
    its qrels; or topics and qrels of the documents in `index`.

    What names no language is in `language`, or in the one it looks like. Raises DatasetError.
    """
    corpus, files = places[:-2], places[-2:]
    if len(files) == 2 and all(file.is_file() and not _is_squad(file) for file in files):
        topics, qrels = files
        if len(corpus) == 1:
            return read_topics(topics, qrels, corpus[0], language)
        if index and not corpus:
            return read_topics(topics, qrels, partial(held, index), language)
    return with_languages(pool([_read(place) for place in places]), language)


def held(index_dir: Path) -> list[Document]:
    """The documents of an index. Raises IndexMissing, IndexBroken."""
    with open_documents(index_dir) as documents:
        found = map(documents.document, documents.hashes())
        return [document for document in found if document]


def _read(place: Path) -> Dataset:
    if _is_squad(place):
        return read_squad(place)
    if place.is_file():
        raise DatasetError(
            f"'{place}' is no data set by itself; name a BEIR folder or a SQuAD file (.json), or "
            "give it with --topics and --qrels"
        )
    return beir.read_beir(place)


def _is_squad(place: Path) -> bool:
    return place.is_file() and place.suffix.lower() == ".json"


def read_topics(
    topics: Path,
    qrels: Path,
    corpus: Path | Callable[[], Sequence[Document]],
    language: str | None = None,
) -> Dataset:
    """The set of a topics and a qrels file, named after the former; `corpus` is a `corpus.jsonl`, a
    folder that holds one, or what gives the documents.

    Topics are TREC's or BEIR's, and so are qrels. Judgements of other topics are passed over; one
    of an unknown document is a DatasetError, as is what cannot be read.
    """
    queries = _queries(topics)
    documents = tuple(_corpus(corpus) if isinstance(corpus, Path) else corpus())
    asked = {query.query_id for query in queries}
    rows = trec.read_qrels(qrels) if trec.is_qrels(qrels) else beir.read_qrels(qrels)
    judged = (row for row in rows if row[1] in asked)
    found = gather_qrels(judged, {document.doc_id for document in documents})
    return with_languages(Dataset(topics.stem, documents, queries, found), language)


def _queries(topics: Path) -> tuple[Query, ...]:
    if first_line(topics).startswith("{"):
        return beir.read_queries(topics)
    return trec.read_topics(topics)


def _corpus(place: Path) -> tuple[Document, ...]:
    return beir.read_corpus(place / beir.CORPUS if place.is_dir() else place)
