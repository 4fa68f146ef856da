"""`sanad eval verify`: does it find what was altered, and leave alone what was not."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ui.cli import eval_run
from ui.cli.options import add_json, examples, path, whole
from ui.cli.text import clean, print_json

_DRAFTS = Path("eval/drafts/drafts.jsonl")
_SEEDS = Path("seeds/questions.jsonl")
_EXAMPLES = """examples:
  sanad eval verify --half reported
  sanad eval verify --speed 10000 --quotations 200
"""


def add_parser(parts: Any) -> None:
    """Add `verify` to the parts of `sanad eval`."""
    parser = parts.add_parser(
        "verify",
        help="how well alterations in drafts are found, and how fast",
        description="Verify small drafts, each altered in a known way or in none, and count by "
        "kind those in which something is called wrong.",
        **examples(_EXAMPLES),
    )
    parser.add_argument(
        "drafts",
        nargs="?",
        type=path,
        default=_DRAFTS,
        metavar="DRAFTS.jsonl",
        help=f"default {_DRAFTS}, with the seeds; the documents are in 'documents' beside it",
    )
    parser.add_argument("--half", choices=("developing", "reported"), help="one half of them")
    parser.add_argument(
        "--speed",
        type=whole(10, 1_000_000),
        metavar="N",
        help="instead, the time for one draft over a synthetic archive of N passages",
    )
    parser.add_argument("--quotations", type=whole(1, 10_000), default=200, metavar="N")
    add_json(parser)
    parser.set_defaults(run=_run, action=_run)


def _run(args: argparse.Namespace) -> int:
    return _speed(args) if args.speed else _figures(args)


def _figures(args: argparse.Namespace) -> int:
    from assistant.drafts import with_references  # noqa: PLC0415 - wrong use is told at once
    from assistant.markdown_draft import read_markdown  # noqa: PLC0415
    from assistant.verify import verify  # noqa: PLC0415
    from eval import verifying  # noqa: PLC0415

    drafts = [d for d in verifying.read_drafts(args.drafts) if args.half in {None, d.half}]
    documents = eval_run.seed_documents(args.drafts)
    if args.drafts == _DRAFTS:
        documents += eval_run.seed_documents(_SEEDS)
    with eval_run.open_searcher(documents, None) as searcher:
        scores = verifying.score(
            drafts, lambda text: verify(with_references(read_markdown(text)), searcher)
        )
    if args.json:
        print_json(verifying.to_json(scores))
    else:
        print("\n".join(map(clean, verifying.to_text(scores).split("\n"))))
    return 0


def _speed(args: argparse.Namespace) -> int:
    from eval import synthetic, verifying_speed  # noqa: PLC0415 - wrong use is told at once

    documents = list(synthetic.documents(args.speed))
    text = verifying_speed.draft(documents, args.quotations)
    with eval_run.open_searcher(documents, None) as searcher:
        timing = verifying_speed.measure(text, searcher)
    if args.json:
        print_json(asdict(timing) | {"n_passages": args.speed})
        return 0
    told = ", ".join(f"{n} {outcome}" for outcome, n in timing.outcomes.items())
    print(f"{timing.n} quotations over {args.speed:,} passages: {timing.wall_s:.1f} s on the clock")
    print(f"{timing.cpu_s:.1f} s of processor; {told}")
    return 0
