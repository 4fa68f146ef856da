"""Fit whether an archive seems to answer: `python -m eval.answerable [--index DIR]`.

Asks the tuning half of the seeds' questions without ever refusing, fits the logistic model of
`assistant.answerable` to whether the archive answers, and prints it with what each refusal
threshold would do. The figures go into `assistant/answerable.py` and `assistant/config.py` by hand,
where a reader can see them. The reporting half is not touched.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answerable import features
from assistant.assistant import Assistant
from assistant.config import AnswerConfig
from assistant.evidence import gather
from assistant.overlap import overlap
from assistant.rereading import reread
from eval.answers import answered
from eval.datasets import Dataset, Query, select
from eval.logistic import fit
from eval.seeds import seeds_dataset
from index.search import Searcher
from index.types import Document


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its features, and whether a quotation held the answer."""

    query: Query
    features: tuple[float, ...]
    found: bool


def collect(dataset: Dataset, searcher: Searcher) -> list[Example]:
    """Ask every question of `dataset`, refusing none."""
    assistant = Assistant(searcher, AnswerConfig(max_risk=1.0))
    examples = []
    for query in dataset.queries:
        answer = assistant.ask(query.text)
        asked = searcher.query_terms(answer.query)
        evidence = reread(answer.query, gather(answer.query, answer.hits, asked))
        if evidence:
            found = answered(answer, query, dataset.qrels)
            examples.append(Example(query, features(evidence, overlap(evidence, asked)), found))
    return examples


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.answerable", description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("data/index"))
    parser.add_argument("--questions", type=Path, default=Path("seeds/questions.jsonl"))
    args = parser.parse_args()
    with Searcher.open(args.index) as searcher:
        documents = [d for i in searcher.hashes() if (d := searcher.document(i))]
        examples = collect(_tuning(documents, args.questions), searcher)
    rows = np.array([e.features for e in examples])
    model = fit(rows, np.array([float(e.query.answerable) for e in examples]))
    print(f"INTERCEPT = {model[0]:.2f}")
    print(f"WEIGHTS = ({', '.join(f'{w:.2f}' for w in model[1:])},)")
    _print_thresholds(examples, 1 / (1 + np.exp(-(model[0] + rows @ model[1:]))))
    return 0


def _tuning(documents: Sequence[Document], questions: Path) -> Dataset:
    return select(seeds_dataset(documents, questions), split="tuning")


def _print_thresholds(examples: Sequence[Example], sure: NDArray[np.float64]) -> None:
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
