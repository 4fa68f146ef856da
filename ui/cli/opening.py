"""`sanad open`: the passage that an anchor names, in its document, and what became of it."""

import argparse
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli.options import add_index, add_json, examples
from ui.cli.text import clean, one_line, print_json
from ui.settings import load_settings

if TYPE_CHECKING:
    from assistant.anchors import Found

# Characters shown before and after the quotation, within its paragraphs.
_AROUND = 400

_EXAMPLES = """examples:
  sanad open sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678
  sanad open sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678 --browser
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "open",
        help="open a cited passage in its document",
        description="Find the passage that an anchor names, say whether its document has changed "
        "since, and print it. Exit code 1 when the document no longer says it.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("anchor", metavar="ANCHOR", help="sanad:…, as it stands beside each source")
    parser.add_argument("--browser", action="store_true", help="open the document at the passage")
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Find one anchor and show what stands there."""
    from assistant.anchors import find, parse_anchor  # noqa: PLC0415 - wrong use is told at once
    from assistant.errors import AnchorError  # noqa: PLC0415
    from index.archive import open_documents  # noqa: PLC0415

    wanted = parse_anchor(args.anchor)
    index = load_settings(index=args.index).index
    with open_documents(index) as documents:
        found = find(wanted, documents)
    if found is None:
        raise AnchorError(f"neither the document of '{wanted}' nor its words are in '{index}'")
    if args.json:
        print_json(_json(found))
    else:
        print(_text(found, (wanted.start, wanted.end)))
    if args.browser:
        webbrowser.open(_page(found, _said(found, (wanted.start, wanted.end))))
    return 1 if found.place == "changed" else 0


def _json(found: "Found") -> dict[str, Any]:
    section = found.document.section_at(found.start)
    return {
        "place": found.place,
        "doc_id": found.document.doc_id,
        "start": found.start,
        "end": found.end,
        "text": found.document.text[found.start : found.end],
        "title": section and section.title,
        "url": section and section.url,
    }


def _text(found: "Found", was: tuple[int, int]) -> str:
    text = found.document.text
    start, end = found.start, found.end
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    around = [f"  … {one_line(before)}", f"> {one_line(text[start:end])}", f"  {one_line(after)} …"]
    lines = [line for line in around if line.strip(" …>")]
    return "\n".join([*_heading(found), clean(_said(found, was)), "", *lines])


def _heading(found: "Found") -> list[str]:
    section = found.document.section_at(found.start)
    if section is None:
        return []
    facts = (section.outlet, section.date and section.date.isoformat(), section.url)
    lines = (section.title, " · ".join(fact for fact in facts if fact))
    return [one_line(line) for line in lines if line]


def _said(found: "Found", was: tuple[int, int]) -> str:
    """What became of the place, in one line that begins with where it is."""
    doc_id = found.document.doc_id
    here = f"{doc_id}:{found.start}-{found.end}"
    return {
        "unchanged": f"{here} (unchanged)",
        "moved": f"{here} (the document has changed; these words stood at {was[0]}-{was[1]})",
        "elsewhere": f"{here} (the same words, in another document than the one cited)",
        "changed": f"{here} (the document has changed and no longer says it; this is there now)",
    }[found.place]


def _page(found: "Found", said: str) -> str:
    """The address of a file that shows the document at the passage."""
    from ui.sheet import passage_sheet  # noqa: PLC0415

    file = Path(tempfile.mkdtemp(prefix="sanad-")) / "document.html"
    file.write_text(passage_sheet(found.document, found.start, found.end, said), encoding="utf-8")
    return f"{file.as_uri()}#quote"
