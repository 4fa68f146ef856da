"""What the last build of an index was given: its paths and encoder, and the files that it left out,
with why.

Kept in `INDEX/given.json`, beside the generations: it is true of a build that changed none, too.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.reasons import REASONS, Reason, because

FILE = "given.json"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no document of the index, by the id that it would have."""

    doc_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Given:
    """`paths` are absolute, `encoder` is what was asked for, which may be `auto`; all are empty
    where nobody knows."""

    paths: tuple[Path, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    encoder: str = ""


def write(
    index_dir: Path, paths: Sequence[Path], left_out: Iterable[LeftOut], encoder: str
) -> None:
    """Keep what a build was given. Only the holder of the lock may."""
    row = {
        "encoder": encoder,
        "paths": [os.fspath(path.absolute()) for path in paths],
        "left_out": [[x.doc_id, x.reason.kind, dict(x.reason.values)] for x in left_out],
    }
    fresh = index_dir / f"{FILE}.new"
    fresh.write_text(json.dumps(row, indent=1), encoding="utf-8")
    fresh.replace(index_dir / FILE)


def read(index_dir: Path) -> Given:
    """What the last build was given; nothing where it was by an older version."""
    try:
        row = json.loads((index_dir / FILE).read_text("utf-8"))
        left_out = tuple(LeftOut(str(doc_id), _reason(*why)) for doc_id, *why in row["left_out"])
        return Given(tuple(map(Path, row["paths"])), left_out, str(row.get("encoder", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return Given()


def _reason(kind: str, values: dict[str, Any] | None = None) -> Reason:
    """As it was written; an older version wrote the whole line, and a newer one may know more."""
    if values is None or kind not in REASONS:
        return because("other", why=kind)
    return because(kind, **values)
