"""Fit how sure an answer is: `python -m eval.calibration [--index DIR]`.

Asks the tuning half of the seeds' questions without ever refusing, fits the two logistic models of
`assistant.confidence` to whether a quotation held the answer, and prints them with what each
refusal threshold would do. The figures go into `assistant/confidence.py` by hand, where a reader
can see them. The reporting half is not touched.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.assistant import Assistant
from assistant.confidence import features
from assistant.config import AnswerConfig
from assistant.evidence import gather
from eval.answers import answered
from eval.datasets import Dataset, Query, seeds_dataset, select
from index.search import Searcher
from index.types import Document

# L2 on the weights, not on the intercept: some dozens of examples cannot carry more.
PENALTY = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """One question: whether its best sentence is in its language, that sentence's features, and
    whether a quotation held the answer."""

    query: Query
    own: bool
    features: tuple[float, ...]
    found: bool


def collect(dataset: Dataset, searcher: Searcher) -> list[Example]:
    """Ask every question of `dataset`, refusing none."""
    config = AnswerConfig(min_confidence=0.0)
    assistant = Assistant(searcher, config)
    examples = []
    for query in dataset.queries:
        answer = assistant.ask(query.text)
        evidence = gather(query.text, answer.hits, searcher.query_terms(query.text))
        if evidence:
            own = evidence[0].hit.passage.language == answer.language
            found = answered(answer, query, dataset.qrels)
            examples.append(Example(query, own, features(evidence), found))
    return examples


def fit(rows: NDArray[np.float64], labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression of `labels` `(n,)` on `rows` `(n, m)`: intercept, then `m` weights."""
    design = np.hstack([np.ones((len(rows), 1)), rows])

    def loss(w: NDArray[np.float64]) -> float:
        z = design @ w
        likelihood = np.logaddexp(0, z) - labels * z
        return float(likelihood.mean() + PENALTY / len(rows) * (w[1:] ** 2).sum())

    return np.asarray(minimize(loss, np.zeros(design.shape[1])).x)


def probabilities(
    examples: Sequence[Example], models: dict[bool, NDArray[np.float64]]
) -> list[float]:
    """The fitted probability of each example."""
    z = [models[e.own] @ np.array([1.0, *e.features]) for e in examples]
    return [float(1 / (1 + np.exp(-value))) for value in z]


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibration", description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("data/index"))
    parser.add_argument("--questions", type=Path, default=Path("seeds/questions.jsonl"))
    args = parser.parse_args()
    with Searcher.open(args.index) as searcher:
        documents = [d for i in searcher.doc_ids() if (d := searcher.document(i))]
        examples = collect(_tuning(documents, args.questions), searcher)
    models = {own: _fit([e for e in examples if e.own == own]) for own in (True, False)}
    for own, model in models.items():
        weights = ", ".join(f"{w:.2f}" for w in model[1:])
        print(f"{'own' if own else 'other':<6} Calibration({model[0]:.2f}, ({weights}))")
    _print_thresholds(examples, probabilities(examples, models))
    return 0


def _tuning(documents: Sequence[Document], questions: Path) -> Dataset:
    return select(seeds_dataset(documents, questions), split="tuning")


def _fit(examples: Sequence[Example]) -> NDArray[np.float64]:
    rows = np.array([e.features for e in examples])
    return fit(rows, np.array([float(e.found) for e in examples]))


def _print_thresholds(examples: Sequence[Example], sure: Sequence[float]) -> None:
    print("threshold  refused of answerable  of unanswerable  found of answerable")
    for threshold in np.arange(0.05, 0.65, 0.025):
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
