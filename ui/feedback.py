"""What readers say of the passages under their answers, kept as judgements.

    FOLDER/queries.jsonl      the questions, as BEIR's
    FOLDER/qrels/chat.tsv     what was said, as `sanad eval judge` writes it

`sanad eval run --index INDEX --topics FOLDER/queries.jsonl --qrels FOLDER/qrels/chat.tsv` measures
by them.
"""

import datetime
import hashlib
from pathlib import Path

from eval.datasets import Query
from eval.judgements import Judgement, add_query, judged, judged_passages, withdraw
from eval.judgements import record as record_judgement
from index.languages import UNKNOWN
from index.types import Passage

# Grades of qrels: a thumb up, and "wrong passage".
ANSWERS, WRONG = 2, 0


def folder_of(index_dir: Path) -> Path:
    """Where the judgements on an index are kept: `data/judgements/index` for `data/index`."""
    index_dir = index_dir.absolute()
    return index_dir.parent / "judgements" / index_dir.name


def record(
    question: str, passage: Passage, grade: int, folder: Path, language: str = UNKNOWN
) -> None:
    """Keep that a reader found `passage` to answer a question (`ANSWERS`) or not (`WRONG`).

    `question` must stand alone: of a follow-up it is `Answer.query`. Qrels judge documents: what
    is said of a passage takes the place of what was said of it before, but a wrong passage takes
    nothing from a document of which another passage answers. Raises InputError for an id that
    qrels cannot hold, OSError where nothing can be written.
    """
    query = Query(_query_id(question), " ".join(question.split()), language)
    pair, file = (query.query_id, passage.doc_id), _qrels(folder)
    before = judged(file).get(pair, grade)
    if grade < before and judged_passages(file).get(pair) != passage.passage_id:
        return
    add_query(query, folder / "queries.jsonl")
    now = datetime.datetime.now(datetime.UTC)
    record_judgement(Judgement(*pair, grade, passage.passage_id, now), file)


def take_back(question: str, passage: Passage, folder: Path) -> None:
    """Forget what was said of a passage; what was said of another of its document stays."""
    pair, file = (_query_id(question), passage.doc_id), _qrels(folder)
    if judged_passages(file).get(pair) == passage.passage_id:
        withdraw(*pair, file)


def _qrels(folder: Path) -> Path:
    return folder / "qrels" / "chat.tsv"


def _query_id(question: str) -> str:
    """The same for the same question, whoever asks it, and no other's."""
    return "chat-" + hashlib.sha256(" ".join(question.split()).encode()).hexdigest()[:12]
