"""Fit what makes a sentence answer a question: `python -m eval.evidence [BENCH]`.

Asks the questions of the development sets in BENCH (BEIR folders) in their own language and, where
a set is aligned, across languages, with the static encoder, and learns from the `fit` split and the
seeds' tuning half; without BENCH those on the small archives and the seeds' tuning half alone, with
`--encoder accurate`. Prints how much each feature of `assistant.features` says for a sentence, and
how much what the reader says of those that are best by the weights in use; then how often the first
sentence, and the first two, hold an acceptable answer, on what was learned from and on `report`.
The weights go into `assistant/fits.py` by hand, where everybody can see them.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax
from tqdm import tqdm

from assistant import rereading
from assistant.context import N_LOOKED
from assistant.evidence import Evidence, gather
from assistant.features import Features
from assistant.fits import STATIC, TRANSFORMER, Fit, fit_for
from assistant.levelling import level
from eval.answers import holds
from eval.archives import SEEDS, to_choose_by
from eval.beir import read_bench
from eval.datasets import Dataset, document_language, pool
from eval.datasets import Query as Asked
from eval.report import aligned
from eval.retrieval import CACHE, cached_searcher
from index.config import ACCURATE, FAST, IndexConfig
from index.filters import Filter
from index.queries import Query, language_of
from index.search import Searcher
from index.types import Hit

# As many hits as an answer is drawn from.
N_HITS = 8
# L2 on weights of features that are brought to unit deviation; more where there are few questions.
PENALTY, PENALTY_OF_FEW, FEW = 1.0, 5.0, 1_000

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Task:
    """One question to ask, of the documents of one language or of all; `group` is its set, and its
    and the corpus's language."""

    group: str
    split: str
    question: str
    answers: tuple[str, ...]
    relevant: frozenset[str]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What a task gave: the features of its candidate sentences `(n, m)`, best
    passage first, which of them hold an answer `(n,)`, the rank of each one's passage, and what is
    weighed once they were read `(n, 4)`."""

    group: str
    split: str
    rows: Rows
    right: NDArray[np.bool_]
    rank: NDArray[np.int64]
    read: Rows

    @property
    def reread(self) -> "Case":
        """The same with what is weighed in the end."""
        return replace(self, rows=self.read)


def bench_tasks(dataset: Dataset) -> Iterator[Task]:
    """A task for each answerable question of `fit` and `report` and each language that its
    relevant documents are in."""
    answers = {query.query_id: query.answers for query in dataset.queries}
    languages = {d.doc_id: document_language(d) for d in dataset.documents}
    for query in dataset.queries:
        relevant = _relevant(dataset, query)
        if query.split not in {"fit", "report"}:
            continue
        for language in sorted({languages[i] for i in relevant}):
            wanted = answers.get(_translated(query, language), ())
            group = f"{dataset.name} {query.language}>{language}"
            yield Task(group, query.split, query.text, wanted, relevant, language)


def archive_tasks(dataset: Dataset, name: str) -> Iterator[Task]:
    """A task for each answerable question on an archive, asked of all its languages, to learn
    from."""
    languages = {d.doc_id: document_language(d) for d in dataset.documents}
    for query in dataset.queries:
        relevant = _relevant(dataset, query)
        if relevant:
            own = query.language in {languages[i] for i in relevant}
            group = f"{name} {'own language' if own else 'another'}"
            yield Task(group, "fit", query.text, query.answers, relevant)


def _relevant(dataset: Dataset, query: Asked) -> frozenset[str]:
    return frozenset(i for i, r in dataset.qrels.get(query.query_id, {}).items() if r > 0)


def _translated(query: Asked, language: str) -> str:
    """The id of the same question in another language: aligned sets number them alike."""
    return query.query_id.replace(f"-{query.language}-", f"-{language}-")


def collect(tasks: Iterable[Task], searcher: Searcher, limit: int) -> list[Case]:
    """The cases of at most `limit` tasks a group and split."""
    counts: Counter[tuple[str, str]] = Counter()
    fit = fit_for(searcher.manifest.encoder)
    cases = []
    for task in tqdm(list(tasks), unit=" questions"):
        counts[task.group, task.split] += 1
        if counts[task.group, task.split] <= limit:
            cases.append(_case(task, searcher, fit))
    return cases


def first_hits(question: str, searcher: Searcher, filters: Filter, n: int) -> list[Hit]:
    """The `n` hits that an answer is drawn from, as the assistant finds them."""
    hits = searcher.search(Query(question), N_LOOKED, filters=filters)
    fit = fit_for(searcher.manifest.encoder)
    return level(hits, language_of(question), fit.translated)[:n]


def _case(task: Task, searcher: Searcher, fit: Fit) -> Case:
    filters = Filter(languages=[task.language] if task.language else [])
    hits = first_hits(task.question, searcher, filters, N_HITS)
    found = gather(task.question, hits, searcher.query_terms(task.question), fit.evidence)
    rows = np.array([e.features.row for e in found]).reshape(len(found), len(fields(Features)))
    right = np.array([_right(e, task) for e in found], bool)
    rank = np.array([e.hit.rank for e in found])
    weighed = map(rereading.weighed, found, rereading.readings(task.question, found, fit.reads))
    read = np.array(list(weighed)).reshape(len(found), len(fit.reading.row))
    return Case(task.group, task.split, rows, right, rank, read)


def _right(evidence: Evidence, task: Task) -> bool:
    cited = evidence.hit.passage.doc_id in task.relevant
    return cited and holds([evidence.text], task.answers)


def fit(cases: Sequence[Case]) -> Rows:
    """The weights `(m,)` under which the right sentences of each question are likeliest among its
    candidates: a softmax over them (listwise; Cao et al. 2007), cases without a right one aside."""
    usable = [case for case in cases if case.right.any()]
    rows = np.concatenate([case.rows for case in usable])
    right = np.concatenate([case.right for case in usable])
    sizes = [len(case.right) for case in usable]
    penalty = PENALTY if len(usable) >= FEW else PENALTY_OF_FEW
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    share = _shares(usable)[owner]
    deviation = rows.std(axis=0) + 1e-9
    scaled = rows / deviation

    def loss(w: Rows) -> tuple[float, Rows]:
        scores = scaled @ w
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total = np.add.reduceat(odds, starts)
        good = np.add.reduceat(odds * right, starts)
        slope = scaled.T @ (share * (odds / total[owner] - odds * right / good[owner]))
        lost = -share[starts] @ np.log(good / total)
        return float(lost + penalty * w @ w), slope + 2 * penalty * w

    found: Rows = minimize(loss, np.zeros(rows.shape[1]), jac=True).x / deviation
    return found


def _shares(cases: Sequence[Case]) -> Rows:
    """What each case counts, so that a small group counts as much as a large one: `(n,)`, their
    mean 1."""
    sizes = Counter(case.group for case in cases)
    return np.array([len(cases) / len(sizes) / sizes[case.group] for case in cases])


def recall(case: Case, weights: Rows, k: int) -> bool:
    """Whether one of the `k` best sentences holds an answer."""
    return bool(case.right[np.argsort(-(case.rows @ weights), kind="stable")[:k]].any())


def _hand_set() -> Rows:
    """The baseline of three weights: coverage 1, cosine .5, passage .8."""
    chosen = {"coverage": 1.0, "cosine": 0.5, "passage": 0.8}
    return np.array([chosen.get(field.name, 0.0) for field in fields(Features)])


def _first_passage(case: Case, k: int) -> bool:
    """The baseline that quotes from the first passage the sentences that hold most words."""
    coverage = np.where(case.rank == 1, case.rows[:, 0], -1.0)
    return bool(case.right[np.argsort(-coverage, kind="stable")[:k]].any())


def table(cases: Sequence[Case], weights: Rows, used: Fit) -> str:
    """By group: recall within the first sentence / the first two, for each way to choose them, and
    how often any candidate holds the answer."""
    ways: Mapping[str, Callable[[Case, int], bool]] = {
        "first passage": _first_passage,
        "three weights": lambda case, k: recall(case, _hand_set(), k),
        "unread": lambda case, k: recall(case, np.array(used.evidence.row), k),
        "in use": lambda case, k: recall(case.reread, np.array(used.reading.row), k),
        "fitted": lambda case, k: recall(case.reread, weights, k),
    }
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    rows = [["", "questions", *ways, "any"]]
    for group, own in sorted(groups.items()):
        shares = [
            [f"{np.mean([way(c, k) for c in own]):.3f}" for k in (1, 2)] for way in ways.values()
        ]
        any_right = f"{np.mean([c.right.any() for c in own]):.3f}"
        rows.append([group, str(len(own)), *("/".join(pair) for pair in shares), any_right])
    return aligned(rows)


def quoted(cases: Sequence[Case], weights: Rows) -> str:
    """What quoting every sentence, three at most, that holds the answer with some probability would
    do; the first in any case."""
    rows = [["at least", "sentences", "recall@2", "recall"]]
    for worth in (0.06, 0.08, 0.1, 0.12, 0.15, 0.2):
        right = [_worth(case, weights, worth) for case in cases if len(case.right)]
        found = [np.mean([r[:k].any() for r in right]) for k in (2, 3)]
        n = np.mean([len(r) for r in right])
        rows.append([f"{worth:.2f}", f"{n:.2f}", *(f"{share:.3f}" for share in found)])
    return aligned(rows)


def _worth(case: Case, weights: Rows, worth: float) -> NDArray[np.bool_]:
    """Which of the sentences that would be quoted are right."""
    probability: Rows = softmax(case.rows @ weights)
    best = np.argsort(-probability, kind="stable")[:3]
    n = max(1, int((probability[best] >= worth).sum()))
    return case.right[best[:n]]


def _print_weights(names: type[Features] | type[rereading.Weights], weights: Rows) -> None:
    found = zip(fields(names), weights, strict=True)
    print(f"{names.__name__}(", *(f"    {f.name}={w:.2f}," for f, w in found), ")", sep="\n")


def _of_bench(bench: Path, limit: int) -> list[Case]:
    sets = read_bench(bench)
    whole = pool(sets)
    with cached_searcher(whole.documents, IndexConfig(), CACHE, progress=True) as searcher:
        return collect(chain.from_iterable(map(bench_tasks, sets)), searcher, limit)


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.evidence",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bench", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=300, help="questions a group (default 300)")
    parser.add_argument("--encoder", choices=(FAST, ACCURATE), default=FAST)
    args = parser.parse_args()
    cases = _of_bench(args.bench, args.limit) if args.bench else []
    for dataset, searcher in to_choose_by(args.encoder, CACHE):
        if dataset.name == SEEDS.name or not args.bench:
            name = "seeds" if args.bench else "archives"
            cases += collect(archive_tasks(dataset, name), searcher, args.limit)
    learned = [case for case in cases if case.split == "fit"]
    _print_weights(Features, fit(learned))
    learned = [case.reread for case in learned]
    weights = fit(learned)
    _print_weights(rereading.Weights, weights)
    used = TRANSFORMER if args.encoder == ACCURATE else STATIC
    for split in ("fit", "report"):
        print(f"\n{split}\n{table([c for c in cases if c.split == split], weights, used)}")
    print(f"\nquoted, fit\n{quoted(learned, weights)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
