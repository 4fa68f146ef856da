"""How fast encoders are on this machine: `python -m index.training.speed FILE.txt`.

Sentences a second over the same texts, in rounds that take turns so that a busy minute strikes all
alike, and the time from the start of a process to its first vector. The English teacher runs in
torch as it comes, and exported to int8 for onnxruntime.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from index import torch
from index.config import BUNDLED
from index.encoder import load_encoder
from index.errors import InputError, SanadError
from index.training.export import export
from index.training.teacher import teacher_folder

_EXAMPLES = """examples:
  python -m index.training.speed sentences.txt
  python -m index.training.speed sentences.txt -n 1000 --onnx my-onnx --json
"""
_FIRST = (
    "import sys; from index.encoder import load_encoder; load_encoder(sys.argv[1]).queries(['x'])"
)


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians over the rounds."""

    encoder: str
    sentences_per_s: float
    first_vector_s: float


def measure(encoders: Mapping[str, str], texts: Sequence[str], rounds: int = 3) -> list[Speed]:
    """The speed of each encoder, given by what to call it and what to load."""
    taken: dict[str, list[float]] = {label: [] for label in encoders}
    first: dict[str, list[float]] = {label: [] for label in encoders}
    for _ in range(rounds):
        for label, name in encoders.items():
            taken[label].append(_seconds(name, texts))
            first[label].append(_seconds_to_first(name))
    return [
        Speed(label, round(len(texts) / median(taken[label]), 1), round(median(first[label]), 2))
        for label in encoders
    ]


def _seconds(name: str, texts: Sequence[str]) -> float:
    """Of one pass over the texts by an encoder that remembers none of their words."""
    load_encoder.cache_clear()
    encoder = load_encoder(name)
    encoder.passages([texts[0]])  # what happens once only
    started = time.perf_counter()
    encoder.passages(texts)
    return time.perf_counter() - started


def _seconds_to_first(name: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST, name], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def read_texts(file: Path, n: int) -> list[str]:
    """The first `n` lines that hold something. Raises InputError when there is none."""
    lines = (line.strip() for line in file.read_text("utf-8").splitlines())
    texts = [line for line in lines if line][:n]
    if not texts:
        raise InputError(f"'{file}' holds no text; a sentence a line was wanted")
    return texts


def table(speeds: Sequence[Speed]) -> str:
    """Markdown, a line an encoder."""
    head = "| encoder | sentences/s | first vector, s |\n|---|---|---|"
    return "\n".join(
        [
            head,
            *(f"| {s.encoder} | {s.sentences_per_s:,.0f} | {s.first_vector_s} |" for s in speeds),
        ]
    )


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training.speed",
        description="Compare the speed of the static and of an ONNX encoder with all-MiniLM-L6-v2 "
        "in torch.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="UTF-8 text, a sentence a line")
    parser.add_argument("-n", type=int, default=200, help="sentences (200)")
    parser.add_argument("--rounds", type=int, default=3, help="(3)")
    parser.add_argument("--onnx", help="an exported folder (the teacher, exported for this)")
    parser.add_argument(
        "--teacher", type=Path, help="a sentence-transformers folder (all-MiniLM-L6-v2)"
    )
    parser.add_argument("--json", action="store_true", help="print what scripts read")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """See the module's docstring."""
    args = build_parser().parse_args(argv)
    try:
        texts = read_texts(args.file, args.n)
        teacher = args.teacher or teacher_folder()
        with tempfile.TemporaryDirectory() as scratch:
            onnx = args.onnx or _exported(teacher, Path(scratch))
            encoders = {"static, bundled": BUNDLED, "ONNX": onnx, "torch": str(teacher)}
            speeds = measure(encoders, texts, args.rounds)
    except (SanadError, OSError, UnicodeDecodeError) as error:
        print(f"index.training.speed: {error}", file=sys.stderr)
        return 1
    print(json.dumps([asdict(s) for s in speeds], indent=1) if args.json else table(speeds))
    return 0


def _exported(teacher: Path, out: Path) -> str:
    export(torch.load(str(teacher), teacher), str(teacher), out)
    return str(out)


if __name__ == "__main__":
    sys.exit(main())
