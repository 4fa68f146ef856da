"""Fit whether an archive seems to answer: `python -m eval.answerable --encoder accurate`.

Asks the tuning half of the seeds' questions, and those on the small archives, without ever
refusing, fits the logistic model of `assistant.answerable` to whether the archive answers, and
prints it with what each refusal threshold would do on either. The figures go into
`assistant/fits.py` by hand, where a reader can see them. The reporting half is not touched.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.answerable import features
from assistant.assistant import Assistant
from assistant.config import AnswerConfig
from assistant.evidence import gather
from assistant.fits import fit_for
from assistant.overlap import overlap
from assistant.rereading import reread
from eval.answers import answered
from eval.archives import SEEDS, to_choose_by
from eval.datasets import Dataset, Query
from eval.logistic import fit
from eval.retrieval import CACHE
from index.config import ACCURATE, FAST
from index.search import Searcher

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question: the set it is of, its features, and whether a quotation held the answer."""

    group: str
    query: Query
    features: tuple[float, ...]
    found: bool


def collect(dataset: Dataset, searcher: Searcher) -> Iterator[Example]:
    """Ask every question of `dataset`, refusing none."""
    assistant = Assistant(searcher, AnswerConfig(max_risk=1.0))
    used = fit_for(searcher.manifest.encoder)
    group = "seeds" if dataset.name == SEEDS.name else "archives"
    for query in tqdm(dataset.queries, dataset.name, unit=" questions"):
        answer = assistant.ask(query.text)
        asked = searcher.query_terms(answer.query)
        gathered = gather(answer.query, answer.hits, asked, used.evidence)
        evidence = reread(answer.query, gathered, used.reading, used.reads)
        if evidence:
            found = answered(answer, query, dataset.qrels)
            known = features(evidence, overlap(evidence, asked))
            yield Example(group, query, known, found)


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.answerable",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--encoder", choices=(FAST, ACCURATE), default=ACCURATE)
    args = parser.parse_args()
    opened = to_choose_by(args.encoder, CACHE)
    examples = [one for each in opened for one in collect(*each)]
    rows = np.array([e.features for e in examples])
    model = fit(rows, np.array([float(e.query.answerable) for e in examples]))
    print(f"intercept={model[0]:.2f}")
    print(f"weights=({', '.join(f'{w:.2f}' for w in model[1:])})")
    sure = 1 / (1 + np.exp(-(model[0] + rows @ model[1:])))
    for group in sorted({e.group for e in examples}):
        own = np.array([e.group == group for e in examples])
        print(group)
        _print_thresholds([e for e in examples if e.group == group], sure[own])
    return 0


def _print_thresholds(examples: list[Example], sure: Numbers) -> None:
    print("threshold  refused of answerable  of unanswerable  found of answerable")
    for threshold in np.arange(0.3, 0.8, 0.025):
        answerable = [(p, e) for p, e in zip(sure, examples, strict=True) if e.query.answerable]
        others = [p for p, e in zip(sure, examples, strict=True) if not e.query.answerable]
        print(
            f"{threshold:9.3f}"
            f"{np.mean([p < threshold for p, _ in answerable]):23.3f}"
            f"{np.mean([p < threshold for p in others]):17.3f}"
            f"{np.mean([p >= threshold and e.found for p, e in answerable]):21.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
