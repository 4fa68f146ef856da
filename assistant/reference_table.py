"""The table in docs/references.md: python -m assistant.reference_table seeds/documents"""

import datetime
import sys
from pathlib import Path

from assistant.bibtex import bibtex
from assistant.markdown import linked
from assistant.quoting import markdown
from assistant.references import Source, source
from assistant.styles import formatted
from index.loading import find_files, load

# So that the table is the same on any day.
_READ = datetime.date(2026, 11, 26)
_STYLES = {"apa": "APA 7", "chicago": "Chicago 18, note and bibliography", "gost": "ГОСТ Р 7.0.5"}
_HEAD = """# The references of the seed documents

Made by `python -m assistant.reference_table seeds/documents`, and held to it by a test. Checked by
hand against each style's own rules:

- **No author is named**, so none is made up. APA puts the title in the author's place (9.12),
  Chicago the newspaper's name in the bibliography, but not in the note (18th edition, 14.89), ГОСТ
  begins with the title.
- **No headline** (two of the documents): the first words stand for it, in brackets, as APA (9.22)
  and ГОСТ set what the citing author supplies; Chicago sets it without quotation marks, but its CSL
  style puts them all the same.
- **No date**: *n.d.* in APA and Chicago, nothing in ГОСТ.
- **No outlet and no address**: Chicago's style has only a note, no entry in the bibliography; the
  note stands for it.
- **ГОСТ** wants the day of a newspaper's issue, with the month as ГОСТ Р 7.0.12 shortens it. The
  style in the CSL collection prints the year alone and no address, so Sanad has a style of its own
  (`assistant/csl`).
- Where citeproc-py leaves the specification of CSL (a title printed twice, a label without its
  value, quotation marks within quotation marks), `assistant/processor.py` puts it right.
"""


def reference_table(folder: Path) -> str:
    """The whole page."""
    sources = [
        source(document, section.start, section.start + 40, _READ)
        for document in (load(doc_id, path) for doc_id, path in find_files([folder]))
        for section in document.sections
    ]
    tables = [_table(sources, style, name) for style, name in _STYLES.items()]
    return "\n".join([_HEAD, *tables, f"## BibTeX\n\n```bibtex\n{bibtex(sources)}```\n"])


def _table(sources: list[Source], style: str, name: str) -> str:
    rows = formatted([one.reference for one in sources], style)
    lines = (f"| {linked(row.reference.key)} | {markdown(row.entry)} |" for row in rows)
    return "\n".join([f"## {name}\n", "| | |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    print(reference_table(Path(sys.argv[1])), end="")
