"""How well an encoder finds the translation of a sentence among a thousand.

Retrieval by questions is measured by `sanad eval run DIR --retriever dense`, with passages and
sentences scored as the product scores them.
"""

from itertools import permutations
from pathlib import Path

from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import TranslationEvaluator


def translation_accuracy(model: SentenceTransformer, folder: Path) -> dict[str, float]:
    """Accuracy@1 by language pair (`en>ar`, …) over aligned lines of the `XX.txt` in `folder`."""
    lines = {file.stem: file.read_text("utf-8").splitlines() for file in folder.glob("??.txt")}
    accuracy: dict[str, float] = {}
    for a, b in permutations(sorted(lines), 2):
        evaluator = TranslationEvaluator(lines[a], lines[b], write_csv=False)
        accuracy[f"{a}>{b}"] = round(evaluator(model)["src2trg_accuracy"], 3)
    return accuracy
