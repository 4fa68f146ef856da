"""Does the check of a model's sentences tell right from wrong? Translated passages say.

A sentence must count as supported by the passage that translates its own (`aligned`), and must not
by that of another entry, be it the next one (`near`, mostly of the same article) or any
(`shuffled`). Fit the model of `assistant.support` with `python -m eval.support DIR`.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.support import SUPPORTED, Checker, features
from eval.beir import read_beir
from eval.datasets import Dataset, document_language
from eval.logistic import fit
from eval.report import aligned
from eval.retrieval import CACHE, cached_searcher
from index.analysis import words
from index.config import IndexConfig
from index.errors import DatasetError
from index.passages import split_passages
from index.search import Searcher
from index.types import Document, Passage

Kind = Literal["aligned", "near", "shuffled"]
KINDS: tuple[Kind, ...] = ("aligned", "near", "shuffled")

# Shorter ones are headings and scraps.
_MIN_WORDS = 5
_SEED = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in language `source`, and the passages of one entry in `target`."""

    claim: str
    source: str
    target: str
    kind: Kind
    passages: tuple[Passage, ...]


def pairs(dataset: Dataset, split: str | None, n_sentences: int = 2) -> list[Pair]:
    """The first `n_sentences` of each entry that is relevant to a question of `split`, each with
    its translations and with two other entries, in every language.

    Raises DatasetError when no question has relevant entries in two languages.
    """
    entries = list(_entries(dataset, split))
    if len(entries) < 2:
        raise DatasetError(
            f"'{dataset.name}' has no question with relevant passages in several languages; "
            "name a set of translated passages"
        )
    cut = [{x: tuple(split_passages(d)) for x, d in e.items()} for e in entries]
    rng = random.Random(_SEED)
    found: list[Pair] = []
    for i, entry in enumerate(cut):
        others = {"near": (i + 1) % len(cut), "shuffled": rng.choice(_far(i, len(cut)))}
        for source, passages in entry.items():
            for claim in list(_sentences(passages))[:n_sentences]:
                found += _with_each(claim, source, cut, {"aligned": i, **others})
    return found


def _far(i: int, n: int) -> list[int]:
    return [j for j in range(n) if j not in {i, (i + 1) % n}] or [(i + 1) % n]


def _with_each(
    claim: str,
    source: str,
    cut: Sequence[Mapping[str, tuple[Passage, ...]]],
    places: Mapping[str, int],
) -> Iterator[Pair]:
    for kind in KINDS:
        for target, passages in cut[places[kind]].items():
            if passages:
                yield Pair(claim, source, target, kind, passages)


def _entries(dataset: Dataset, split: str | None) -> Iterator[dict[str, Document]]:
    """The relevant entries of each question by language, each set once, in their order."""
    documents = {document.doc_id: document for document in dataset.documents}
    seen: set[str] = set()
    for query in dataset.queries:
        relevant = [documents[i] for i, r in dataset.qrels.get(query.query_id, {}).items() if r > 0]
        entry = {document_language(document): document for document in relevant}
        wanted = split is None or query.split == split
        if wanted and len(entry) > 1 and not seen & {d.doc_id for d in relevant}:
            seen |= {d.doc_id for d in relevant}
            yield entry


def _sentences(passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        for i in range(len(passage.sentences)):
            if len(words(passage.sentence(i))) >= _MIN_WORDS:
                yield passage.sentence(i)


def supported_shares(found: Sequence[Pair], searcher: Searcher) -> dict[str, dict[str, Any]]:
    """By direction (`ar>en`): how many claims, and the share of each kind that counts as
    supported."""
    checker = Checker(searcher)
    counted: dict[str, dict[Kind, list[bool]]] = {}
    for pair in found:
        best = max(s.probability for s in checker.check(pair.claim, pair.passages))
        direction = counted.setdefault(f"{pair.source}>{pair.target}", {k: [] for k in KINDS})
        direction[pair.kind].append(best >= SUPPORTED)
    return {
        name: {"n_claims": len(of["aligned"])} | {kind: _mean(of[kind]) for kind in KINDS}
        for name, of in sorted(counted.items())
    }


def _mean(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def to_text(shares: Mapping[str, Mapping[str, Any]]) -> str:
    """A table with a row for each direction."""
    rows = [
        [name, str(of["n_claims"]), *("–" if of[k] is None else f"{of[k]:.3f}" for k in KINDS)]
        for name, of in shares.items()
    ]
    return aligned([["supported", "claims", *KINDS], *rows])


def main() -> int:
    """Print the constants of `assistant.support`, fitted to split `fit` across languages."""
    parser = argparse.ArgumentParser(prog="python -m eval.support", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=CACHE)
    args = parser.parse_args()
    dataset = read_beir(args.folder)
    across = [pair for pair in pairs(dataset, "fit") if pair.source != pair.target]
    with cached_searcher(dataset.documents, IndexConfig(), args.cache) as searcher:
        rows = np.array([_features(pair, searcher) for pair in across])
    labels = np.array([float(pair.kind == "aligned") for pair in across])
    # Six times each right one, of which there are half as many: nine in ten of them shall count as
    # supported in the hardest pair of languages, too.
    weight = np.where(labels == 1, 6, 1)
    model = fit(np.repeat(rows, weight, axis=0), np.repeat(labels, weight))
    print("INTERCEPT, COVERAGE, COSINE = " + ", ".join(f"{value:.2f}" for value in model))
    return 0


def _features(pair: Pair, searcher: Searcher) -> tuple[float, float]:
    asked = searcher.query_terms(pair.claim)
    found = [features(pair.claim, passage, searcher, asked) for passage in pair.passages]
    return max(x for x, _ in found), max(y for _, y in found)


if __name__ == "__main__":
    sys.exit(main())
