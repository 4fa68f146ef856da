"""`sanad index`: make the index mirror exactly the given paths."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli.options import add_index, add_json, examples, filled, path
from ui.cli.text import clean, counted, print_json
from ui.settings import load_settings

if TYPE_CHECKING:
    from index.build import Plan, Report

_EXAMPLES = """examples:
  sanad index seeds/documents
  sanad index reports/ interview.txt --index data/mine
  sanad index archive/ --encoder intfloat/multilingual-e5-small
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "index",
        help="build or update the index of documents",
        description="Build or update an index that mirrors exactly the documents under the paths: "
        "new and changed ones are added, those no longer there are removed. Reads .txt, .md and "
        ".html in any common encoding.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("paths", nargs="+", type=path, metavar="PATH", help="files or folders")
    parser.add_argument(
        "--encoder",
        type=filled,
        help="'fast' (static), 'accurate' (a transformer: better and slower), 'auto' (the default: "
        "'accurate' for up to half a megabyte of text, else 'fast'), a sentence-transformers "
        "folder or hub name",
    )
    parser.add_argument("--rebuild", action="store_true", help="start afresh")
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build, then say what was done."""
    settings = load_settings(index=args.index, encoder=args.encoder)
    from index.build import index_paths  # noqa: PLC0415 - wrong use is told at once
    from index.config import IndexConfig  # noqa: PLC0415

    started = time.monotonic()
    report = index_paths(
        args.paths,
        settings.index,
        IndexConfig(settings.encoder),
        rebuild=args.rebuild,
        progress=not args.json,
        announce=_quiet if args.json else _announce,
    )
    if args.json:
        print_json(_report_json(report))
        return 0
    _tell(report, settings.index, time.monotonic() - started)
    return 0


def _quiet(plan: "Plan") -> None:
    """Scripts read the end alone."""


def _report_json(report: "Report") -> dict[str, Any]:
    return {
        "added": list(report.plan.added),
        "changed": list(report.plan.changed),
        "deleted": list(report.plan.deleted),
        "n_unchanged": report.plan.n_unchanged,
        "skipped": [{"doc_id": each.doc_id, "reason": str(each.reason)} for each in report.skipped],
        "n_documents": report.n_documents,
        "n_passages": report.n_passages,
        "languages": report.languages,
        "encoder": report.encoder,
    }


def _announce(plan: "Plan") -> None:
    why = f" (rebuilding: {clean(plan.rebuild)})" if plan.rebuild else ""
    print(
        f"{len(plan.added)} new, {len(plan.changed)} changed, {len(plan.deleted)} deleted, "
        f"{plan.n_unchanged} unchanged{why}",
        flush=True,
    )


def _tell(report: "Report", index: Path, seconds: float) -> None:
    for skipped in report.skipped:
        print(f"skipped {clean(skipped.path)}: {clean(skipped.reason)}", file=sys.stderr)
    languages = ", ".join(f"{language} {n}" for language, n in sorted(report.languages.items()))
    documents = counted(report.n_documents, "document")
    passages = counted(report.n_passages, "passage")
    held = f"{documents}, {passages} ({languages}; encoder {clean(report.encoder)})"
    if report.plan.empty:
        print(f"nothing to do: {held} in '{clean(index)}'")
    else:
        print(f"indexed {held} in {seconds:.1f} s → '{clean(index)}'")
