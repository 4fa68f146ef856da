"""Text that Markdown shows as it is."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>~|$^])")
_LINE_START = re.compile(r"^(\d+(?=[.)])|(?=[#+=-]))")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# An address, less the punctuation that ends the sentence it stands in.
WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"]+?)(?=[.,;:)\]’”»]*(?:[\s<>\"]|$))")


def escaped(text: str) -> str:
    """`text` on one line, with nothing in it that Markdown or HTML would read as markup."""
    return _LINE_START.sub(r"\1\\", _escaped(" ".join(text.split())))


def linked(text: str) -> str:
    """The same of a part of a line, spaces kept, with web addresses as links."""
    pieces = WEB_ADDRESS.split(text)
    return "".join(f"<{piece}>" if i % 2 else _escaped(piece) for i, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text))
