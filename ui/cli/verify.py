"""`sanad verify`: every quotation and citation of a write-up, looked up in the index."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from index.errors import SanadError
from ui.cli.options import add_index, add_json, examples, path
from ui.cli.text import clean, one_line, print_json
from ui.settings import load_settings

if TYPE_CHECKING:
    from assistant.verify import Finding
    from assistant.wordings import Change

_EXAMPLES = """examples:
  sanad verify article.md
  sanad verify article.docx --wrong
  sanad verify page.html --json > findings.json

exit codes: 0 nothing is wrong, 1 something is wrong (--strict: or is to be looked at), 2 it could
not be told
"""
_SHOWN = 60
_INDENT = " " * 4


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "verify",
        help="look up every quotation and citation of a write-up",
        description="Look up every quotation and citation of a draft (.md, .docx, .html, .txt) in "
        "the index: exact, altered (with the difference), from another document than cited, not "
        "found; sentences that their source does not carry, numbers and dates that it lacks. A "
        "quotation in another script than its source is not checked word for word: it is shown "
        "beside the nearest sentence, for you to look at, or counts as not found.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("draft", type=path, metavar="DRAFT")
    parser.add_argument(
        "--wrong", action="store_true", help="print only what is wrong or to be looked at"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 for what is to be looked at, too"
    )
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Verify; 2 where nothing could be verified, so that no failure is taken for a finding."""
    try:
        return _verify(args)
    except (SanadError, OSError) as error:
        print(f"sanad: {clean(error)}", file=sys.stderr)
        return 2


def _verify(args: argparse.Namespace) -> int:
    settings = load_settings(index=args.index)
    from assistant.drafts import read_draft  # noqa: PLC0415 - wrong use is told at once
    from assistant.verify import counts, verify  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415

    blocks = read_draft(args.draft)
    with Searcher.open(settings.index) as searcher:
        found = verify(blocks, searcher)
    wrong = [finding for finding in found if finding.is_wrong]
    unsure = [finding for finding in found if finding.is_open]
    shown = [f for f in found if f.is_wrong or f.is_open] if args.wrong else found
    if args.json:
        summary = {"draft": str(args.draft), "counts": counts(found), "wrong": len(wrong)}
        summary["to_look_at"] = len(unsure)
        print_json(summary | {"findings": [finding_json(finding) for finding in shown]})
    else:
        print("\n".join([*_table(shown), *([""] if shown else []), _summary(found)]))
    return 1 if wrong or (args.strict and unsure) else 0


def finding_json(finding: "Finding") -> dict[str, Any]:
    """The object that `--json` has for each finding; scripts rely on its fields."""
    shown = asdict(finding) | {"wrong": finding.is_wrong, "to_look_at": finding.is_open}
    shown["place"] = {finding.place.unit: finding.place.number}
    shown["date"] = finding.date.isoformat() if finding.date else None
    return shown


def _table(findings: "Sequence[Finding]") -> Iterator[str]:
    """A line each: place, outcome, document, date, words; below what is altered, how."""
    names = [textwrap.shorten(clean(f.doc_id or "–"), 40, placeholder="…") for f in findings]
    rows = [
        (_mark(f), str(f.place), f.outcome, name, str(f.date or "–"))
        for f, name in zip(findings, names, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for finding, row in zip(findings, rows, strict=True):
        columns = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        words = textwrap.shorten(one_line(finding.text), _SHOWN, placeholder=" …")
        yield f"{columns}  {_quoted(words) if finding.what == 'quotation' else words}"
        yield from (_INDENT + remark for remark in _remarks(finding))


def _mark(finding: "Finding") -> str:
    return "!" if finding.is_wrong else "?" if finding.is_open else " "


def _quoted(text: str) -> str:
    return f"“{text}”"


def _remarks(finding: "Finding") -> Iterator[str]:
    """What is wrong with it, a line each."""
    cited = clean(", ".join(finding.cited))
    yield from map(_change, finding.changes)
    if not finding.as_cited:
        yield f"cited is: {cited}"
    if finding.outcome == "unknown":
        yield f"no document of the index is named by: {cited}"
    elif finding.outcome == "unsupported":
        yield f"not carried by what it cites: {cited}"
    elif finding.outcome == "reversed":
        yield f"the source says: {_quoted(one_line(finding.source or ''))}"
    if finding.foreign:
        yield f"not checked word for word: it is in another language than {cited}, where this is"
        yield f"nearest: {_quoted(one_line(finding.source or ''))}"
    if finding.missing:
        yield f"not in the source: {clean(', '.join(finding.missing))}"


def _change(change: "Change") -> str:
    draft, source = _quoted(one_line(change.draft)), _quoted(one_line(change.source))
    return {
        "replaced": f"{draft} ← the source has {source}",
        "added": f"{draft} ← the source has not",
        "moved": f"{draft} ← stands elsewhere in the source",
        "left out": f"left out without a sign: {source}",
        "apart": f"too far apart for one ellipsis; between them: {source}",
    }[change.kind]


def _summary(findings: "Sequence[Finding]") -> str:
    from assistant.verify import counts  # noqa: PLC0415 - wrong use is told at once

    if not findings:
        return "nothing to verify: no quotation, and no citation of a document of the index"
    listed = ", ".join(f"{n} {outcome}" for outcome, n in counts(findings).items())
    n_wrong = sum(f.is_wrong for f in findings)
    n_open = sum(f.is_open for f in findings)
    verdict = f"{n_wrong} wrong" if n_wrong else "Nothing wrong"
    unsure = f", {n_open} to look at (not checked word for word)" if n_open else ""
    return f"{len(findings)} looked up: {listed}. {verdict}{unsure}."
