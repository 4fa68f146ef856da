"""Where a figure is from: the code that made it."""

import subprocess
from pathlib import Path

from index.version import version

_ROOT = Path(__file__).resolve().parent.parent


def commit() -> str | None:
    """The commit that the code is at, with "+changes" when tracked files differ from it; None
    unless the code is a checkout of its own (one within another repository's `.venv` is not)."""
    if _git("rev-parse", "--show-toplevel") != str(_ROOT):
        return None
    head = _git("rev-parse", "HEAD")
    return f"{head}+changes" if head and _git("status", "--porcelain", "-uno") else head


def headed(title: str, text: str, fingerprint: str, facts: str) -> str:
    """A table of `eval/results` below what it is and what it was made with; `fingerprint` is that
    of the index and its encoder."""
    index, encoder = fingerprint.split("-")
    lines = (
        title,
        f"{facts}; python -m eval.figures BENCH",
        f"sanad {version()}, commit {commit()}, index {index}, encoder {encoder}",
    )
    return "\n".join([*lines, "", *map(str.rstrip, text.split("\n"))]) + "\n"


def _git(*args: str) -> str | None:
    """What git says, without white space around it; None where it fails or is missing."""
    try:
        done = subprocess.run(
            ["git", *args], capture_output=True, text=True, check=True, cwd=_ROOT, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
