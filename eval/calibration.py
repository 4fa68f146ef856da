"""Fit how sure an answer is: `python -m eval.calibration [BENCH]`.

Asks the `fit` split of the development sets in BENCH (BEIR folders), each question once as it is
and once with the documents that answer it left out, of the documents of each language it has
answers in, with the static encoder; and the tuning half of the questions on the seeds. Without
BENCH those and the small archives' alone, likewise, with `--encoder accurate`. Fits
`assistant.confidence` to whether what would be quoted holds an acceptable answer and rests on a
relevant document, then a shift and a slope for each pair of languages to log-odds by
cross-validation, and prints both with the confidence that each risk asks for. The figures go into
`assistant/fits.py` by hand, where a reader can see them.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from assistant.confidence import ACROSS, OWN, features, fit_of
from assistant.config import AnswerConfig
from assistant.evidence import gather
from assistant.extractive import choose
from assistant.fits import fit_for
from assistant.overlap import overlap
from assistant.rereading import reread
from eval.answers import holds
from eval.archives import SEEDS, to_choose_by
from eval.askings import Asking, askings
from eval.beir import read_bench
from eval.datasets import Dataset, pool, select
from eval.evidence import first_hits
from eval.logistic import Numbers, fit, recalibrate
from eval.retrieval import CACHE, cached_searcher
from index.config import ACCURATE, FAST, IndexConfig
from index.queries import language_of
from index.search import Searcher

N_FOLDS = 4
# Examples by which a pair of languages is held to the fit of all.
HELD = 10.0
# A pair of fewer has no fit of its own, and counts no more than its examples do in a pair of so
# many.
ENOUGH = 100
RISKS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


@dataclass(frozen=True, slots=True)
class Example:
    """One asking: its languages, its features, and whether what would be quoted is right."""

    pair: str
    features: tuple[float, ...]
    right: bool


def examples(asked: Iterable[Asking], searcher: Searcher) -> Iterator[Example]:
    """What each asking gives; nothing where nothing is found."""
    config, used = AnswerConfig(), fit_for(searcher.manifest.encoder)
    for asking in asked:
        text = asking.query.text
        hits = first_hits(text, searcher, asking.filters, config.n_hits)
        terms = searcher.query_terms(text)
        gathered = gather(text, hits, terms, used.evidence)
        evidence = reread(text, gathered, used.reading, used.reads)
        quoted = [c.evidence for c in choose(evidence, language_of(text), config)]
        if not quoted:
            continue
        told = [e.text for e in quoted if e.hit.passage.doc_id in asking.relevant]
        right = asking.answerable and holds(told, asking.answers)
        pair = f"{language_of(text)}>{evidence[0].hit.passage.language}"
        yield Example(pair, features(text, evidence, quoted, overlap(evidence, terms)), right)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The model `(1 + m,)`, and the shift and slope of each pair, of `OWN` and of `ACROSS`; the
    confidence of each example by the other folds."""

    model: Numbers
    pairs: dict[str, tuple[float, float]]
    confidences: Numbers


def fitted(found: Sequence[Example]) -> Fitted:
    """A pair counts as much as any other, however many examples it has, once it has enough."""
    rows = np.array([e.features for e in found])
    right = np.array([float(e.right) for e in found])
    sizes = Counter(e.pair for e in found)
    weights = np.array([1 / max(ENOUGH, sizes[e.pair]) for e in found])
    folds = _folds(found)
    odds = np.zeros(len(found))
    for fold in range(N_FOLDS):
        rest = folds != fold
        model = fit(rows[rest], right[rest], weights[rest])
        odds[~rest] = model[0] + rows[~rest] @ model[1:]
    pairs = {
        name: recalibrate(odds[of], right[of], HELD) for name, of in _groups(found) if of.any()
    }
    maps = np.array([_map(pairs, e.pair) for e in found])
    confidences = 1 / (1 + np.exp(-(maps[:, 0] + maps[:, 1] * odds)))
    return Fitted(fit(rows, right, weights), pairs, confidences)


def _map(pairs: dict[str, tuple[float, float]], pair: str) -> tuple[float, float]:
    asked, _, answered = pair.partition(">")
    return pairs[fit_of(asked, answered, pairs)]


def _folds(found: Sequence[Example]) -> Numbers:
    """Each pair's examples in stretches, so that questions on one article stay together."""
    counts: Counter[str] = Counter()
    folds = []
    for e in found:
        folds.append(counts[e.pair] // 50 % N_FOLDS)
        counts[e.pair] += 1
    return np.array(folds, float)


def _groups(found: Sequence[Example]) -> Iterator[tuple[str, Numbers]]:
    pairs = np.array([e.pair for e in found])
    own = np.array([e.pair[:2] == e.pair[-2:] for e in found])
    sizes = Counter(pairs.tolist())
    yield from ((x, pairs == x) for x in sorted(sizes) if sizes[x] >= ENOUGH)
    yield from ((OWN, own), (ACROSS, ~own))


def thresholds(confidences: Numbers, right: Sequence[bool]) -> list[tuple[float, float]]:
    """For each of `RISKS` the least confidence from which on no larger share is wrong; 1.0 where
    none is high enough."""
    order = np.argsort(-confidences, kind="stable")
    wrong = 1 - np.array(right, float)[order]
    risk = np.cumsum(wrong) / np.arange(1, len(order) + 1)
    found = []
    for most in RISKS:
        allowed = np.flatnonzero(risk <= most)
        found.append((most, float(confidences[order][allowed[-1]]) if len(allowed) else 1.0))
    return found


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bench", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=300, help="questions a pair (default 300)")
    parser.add_argument("--encoder", choices=(FAST, ACCURATE), default=FAST)
    args = parser.parse_args()
    found = list(_bench(args.bench, args.limit)) if args.bench else []
    for dataset, searcher in to_choose_by(args.encoder, CACHE):
        if dataset.name == SEEDS.name or not args.bench:
            asked = askings(dataset, dataset) if args.bench else _by_halves(dataset)
            found += examples(asked, searcher)
    result = fitted(found)
    print(f"intercept={result.model[0]:.2f}")
    print(f"weights=({', '.join(f'{w:.2f}' for w in result.model[1:])})")
    for name, (shift, slope) in result.pairs.items():
        print(f"    {name!r}: ({shift:.2f}, {slope:.2f}),")
    for risk, least in thresholds(result.confidences, [e.right for e in found]):
        print(f"    ({risk}, {least:.3f}),")
    return 0


def _by_halves(dataset: Dataset) -> list[Asking]:
    """What it answers, with and without the documents that do, and nothing else: half of what is
    asked has no answer, as a stated risk takes it."""
    answered = tuple(query for query in dataset.queries if query.answerable)
    return askings(replace(dataset, queries=answered), dataset, without_relevant=True)


def _bench(bench: Path, limit: int) -> Iterator[Example]:
    whole = pool(read_bench(bench))
    asked = askings(select(whole, split="fit"), whole, "each", limit, without_relevant=True)
    with cached_searcher(whole.documents, IndexConfig(), CACHE, progress=True) as searcher:
        yield from examples(tqdm(asked, unit=" questions"), searcher)


if __name__ == "__main__":
    sys.exit(main())
