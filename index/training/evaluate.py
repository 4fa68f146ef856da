"""How well an encoder finds the translation of a sentence among a thousand.

`python -m index.training.evaluate BENCH/flores200`. Retrieval by questions is measured by
`sanad eval run DIR --retriever dense`, with passages and sentences scored as the product does.
"""

import argparse
import sys
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.config import BUNDLED
from index.encoder import load_encoder
from index.errors import SanadError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Texts → unit rows.
Encode = Callable[[list[str]], NDArray[np.float32]]


def translation_accuracy(model: "SentenceTransformer", folder: Path) -> dict[str, float]:
    """The same of a model that was just trained."""
    return accuracy_of(lambda texts: model.encode(texts, normalize_embeddings=True), folder)


def accuracy_of(encode: Encode, folder: Path) -> dict[str, float]:
    """Accuracy@1 by language pair (`en>ar`, …) over aligned lines of the `XX.txt` in `folder`."""
    files = sorted(folder.glob("??.txt"))
    rows = {file.stem: encode(file.read_text("utf-8").splitlines()) for file in files}
    return {
        f"{a}>{b}": round(float((nearest(rows[a], rows[b]) == range(len(rows[a]))).mean()), 3)
        for a, b in permutations(rows, 2)
    }


def nearest(asked: NDArray[np.float32], held: NDArray[np.float32]) -> NDArray[np.intp]:
    """For each row of `asked` the place of the row of `held` with the largest cosine."""
    return np.asarray(np.argmax(asked @ held.T, axis=1))


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
        "--encoder", default=BUNDLED, help="as `sanad index` takes it; each text is a query"
    )
    args = parser.parse_args()
    if not list(args.folder.glob("??.txt")):
        print(f"index.training.evaluate: '{args.folder}' holds no XX.txt", file=sys.stderr)
        return 1
    try:
        print(matrix(accuracy_of(load_encoder(args.encoder).queries, args.folder)))
    except SanadError as error:
        print(f"index.training.evaluate: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
