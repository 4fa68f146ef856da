"""How well an encoder finds the translation of a sentence among a thousand.

`python -m index.training.evaluate BENCH/flores200`. Retrieval by questions is measured by
`sanad eval run DIR --retriever dense`, with passages and sentences scored as the product does.
"""

import argparse
import sys
from itertools import permutations
from pathlib import Path

from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import TranslationEvaluator

from index.encoder import BUNDLED_FOLDER


def translation_accuracy(model: SentenceTransformer, folder: Path) -> dict[str, float]:
    """Accuracy@1 by language pair (`en>ar`, …) over aligned lines of the `XX.txt` in `folder`."""
    lines = {file.stem: file.read_text("utf-8").splitlines() for file in folder.glob("??.txt")}
    accuracy: dict[str, float] = {}
    for a, b in permutations(sorted(lines), 2):
        evaluator = TranslationEvaluator(lines[a], lines[b], write_csv=False)
        accuracy[f"{a}>{b}"] = round(evaluator(model)["src2trg_accuracy"], 3)
    return accuracy


def matrix(accuracy: dict[str, float]) -> str:
    """The figures as a Markdown table: from the language of the row to that of the column."""
    languages = sorted({pair.split(">")[0] for pair in accuracy})
    lines = ["| | " + " | ".join(f">{b}" for b in languages) + " |", "|---" * (len(languages) + 1)]
    lines[1] += "|"
    for a in languages:
        cells = [f"{accuracy[f'{a}>{b}']:.3f}" if a != b else "" for b in languages]
        lines.append(f"| **{a}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training.evaluate",
        description="Accuracy@1 of finding the translation of a line among all the others.",
    )
    parser.add_argument("folder", type=Path, help="aligned XX.txt, such as BENCH/flores200")
    parser.add_argument(
        "--encoder", type=Path, default=BUNDLED_FOLDER, help="a model folder (the bundled one)"
    )
    args = parser.parse_args()
    if not list(args.folder.glob("??.txt")):
        print(f"index.training.evaluate: '{args.folder}' holds no XX.txt", file=sys.stderr)
        return 1
    print(matrix(translation_accuracy(SentenceTransformer(str(args.encoder)), args.folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
