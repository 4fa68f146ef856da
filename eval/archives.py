"""What is chosen by, besides the development sets: the seeds' tuning half, and small archives of
news in `eval/archives`, five or six documents each, written for it with their questions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from eval.datasets import Dataset, Query, select
from eval.retrieval import cached_searcher
from eval.seeds import seeds_dataset
from index.config import IndexConfig
from index.loading import find_files, load_all
from index.search import Searcher
from index.types import Document

ARCHIVES = Path(__file__).parent / "archives"
SEEDS = Path(__file__).parent.parent / "seeds"


def beside(questions: Path) -> Dataset:
    """The questions of a file on the documents in the folder beside it."""
    found = load_all(find_files([questions.parent / "documents"]))
    documents = [document for document in found if isinstance(document, Document)]
    return replace(seeds_dataset(documents, questions), name=questions.parent.name)


def off_topic(sets: Sequence[Dataset], n: int = 4) -> dict[str, list[Query]]:
    """By archive, questions that have nothing to do with it: `n` a language of those that the next
    one answers."""
    found: dict[str, list[Query]] = {}
    for own, other in zip(sets, [*sets[1:], *sets[:1]], strict=True):
        counts: Counter[str] = Counter()
        found[own.name] = []
        for query in other.queries:
            counts[query.language] += query.answerable
            if query.answerable and counts[query.language] <= n:
                asked = replace(query, answers=(), answerable=False, kind="off-topic")
                found[own.name].append(asked)
    return found


def to_choose_by(encoder: str, cache: Path) -> Iterator[tuple[Dataset, Searcher]]:
    """The seeds' tuning half and all of each small archive, and questions that have nothing to do
    with it, with an open index of its documents."""
    archives = [beside(file) for file in sorted(ARCHIVES.glob("*/questions.jsonl"))]
    others = off_topic(archives)
    for whole in (beside(SEEDS / "questions.jsonl"), *archives):
        chosen = select(whole, split="tuning") if whole.name == SEEDS.name else whole
        chosen = replace(chosen, queries=(*chosen.queries, *others.get(whole.name, ())))
        with cached_searcher(whole.documents, IndexConfig(encoder), cache) as searcher:
            yield chosen, searcher
