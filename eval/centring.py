"""Count what the vectors of a language share: `python -m eval.centring BENCH`.

Embeds questions, and the passages of the documents that they are asked of, of the `train` split of
the development sets in BENCH (BEIR folders) and of the reports written to teach with
(`eval.written`), as many of each language, with the transformer that the project carries, and
writes their means into `centres.safetensors` in `--out` (see `index.centres`). Some minutes on two
cores.
"""

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval.beir import read_bench
from eval.datasets import Dataset, select
from eval.written import read_written
from index.centres import FILE, Centres, Vectors
from index.encoder import ACCURATE_FOLDER
from index.onnx import OnnxEncoder
from index.passages import split_passages
from index.queries import language_of
from index.types import Document

# As many texts of a language as are embedded, spread evenly over all of them.
N_TEXTS = 400


def questions(sets: Iterable[Dataset]) -> dict[str, list[str]]:
    """Those of the sets, by language."""
    return _by_language(query.text for dataset in sets for query in dataset.queries)


def passages(sets: Iterable[Dataset]) -> dict[str, list[str]]:
    """Those of all documents that a question of the sets is asked of, by language."""
    return _by_language(
        passage.text
        for dataset in sets
        for document in _asked_of(dataset)
        for passage in split_passages(document)
    )


def _asked_of(dataset: Dataset) -> list[Document]:
    relevant = {doc_id for row in dataset.qrels.values() for doc_id in row}
    return [document for document in dataset.documents if document.doc_id in relevant]


def _by_language(texts: Iterable[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        found[language_of(text)].append(text)
    return dict(found)


def means(
    texts: Mapping[str, Sequence[str]], embed: Callable[[Sequence[str]], Vectors], n: int
) -> dict[str, Vectors]:
    """The mean vector of `n` texts of each language."""
    return {
        language: embed(_spread(own, n)).mean(axis=0)
        for language, own in tqdm(sorted(texts.items()), unit=" languages")
    }


def _spread(texts: Sequence[str], n: int) -> list[str]:
    places = np.linspace(0, len(texts) - 1, min(n, len(texts))).astype(int)
    return [texts[i] for i in places]


def without_centres(folder: Path, scratch: Path) -> OnnxEncoder:
    """The encoder of a folder as if it had none, in `scratch`."""
    shutil.copytree(folder, scratch, ignore=shutil.ignore_patterns(FILE), dirs_exist_ok=True)
    return OnnxEncoder(str(scratch), scratch, "")


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.centring",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bench", type=Path)
    parser.add_argument("--out", type=Path, default=ACCURATE_FOLDER, help="(the bundled encoder)")
    args = parser.parse_args()
    read = read_bench(args.bench)
    sets = [read_written(), *(select(dataset, split="train") for dataset in read)]
    with tempfile.TemporaryDirectory() as scratch:
        encoder = without_centres(ACCURATE_FOLDER, Path(scratch))
        asked = means(questions(sets), encoder.queries, N_TEXTS)
        found = means(passages(sets), encoder.passages, N_TEXTS)
    Centres(asked, found).save(args.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
