"""`python -m index.training`: sentence pairs → the bundled encoder."""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from index.errors import SanadError
from index.training.evaluate import translation_accuracy
from index.training.pairs import (
    development_texts,
    join_through_english,
    passage_pairs,
    question_pairs,
    read_pairs,
)
from index.training.static import SMALL, Material, Recipe, train

_EXAMPLES = """example (half an hour on two cores):
  python -m index.training --pairs PAIRS --bench BENCH --out my-encoder
  sanad index seeds/documents --encoder my-encoder
"""


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training",
        description="Train a static multilingual encoder from files of sentence pairs "
        "(en-XX.tsv.gz: source, English, other), print its figures and save it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pairs", type=Path, required=True, help="folder of en-XX.tsv.gz")
    parser.add_argument(
        "--bench",
        type=Path,
        help="development sets: never trained on but for the questions of their train split",
    )
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    parser.add_argument(
        "--no-teacher",
        action="store_true",
        help="start from random vectors, not from the English teacher's (worse)",
    )
    parser.add_argument("--small", action="store_true", help="a run of seconds, to try the code")
    return parser


def main() -> int:
    """See the module's docstring."""
    args = build_parser().parse_args()
    recipe = replace(SMALL if args.small else Recipe(), teacher=not args.no_teacher)
    try:
        figures = run(args.pairs, args.bench, args.out, recipe)
    except (SanadError, OSError) as error:
        print(f"index.training: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"recipe": asdict(recipe), "figures": figures}, indent=1))
    return 0


def run(pairs_folder: Path, bench: Path | None, out: Path, recipe: Recipe) -> dict[str, float]:
    """Train, save to `out`, and give the translation accuracies (empty without `bench`)."""
    forbidden = development_texts(bench) if bench else frozenset()
    pairs = read_pairs(pairs_folder, forbidden)
    if not pairs:
        raise FileNotFoundError(f"'{pairs_folder}' holds no en-XX.tsv.gz")
    material = Material(
        pairs,
        join_through_english(pairs),
        question_pairs(bench) if bench else {},
        passage_pairs(bench) if bench else {},
    )
    model = train(material, recipe, out)
    return translation_accuracy(model, bench / "flores200") if bench else {}


if __name__ == "__main__":
    sys.exit(main())
