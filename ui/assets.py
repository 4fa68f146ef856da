"""The files of `static/`, which the pages are made of."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def static(name: str) -> str:
    """The text of a file of `static/`."""
    return (STATIC / name).read_text(encoding="utf-8")
