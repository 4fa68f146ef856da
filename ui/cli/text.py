"""Text for a terminal: what documents, paths and errors say, made harmless."""

import json
import os
import re
import sys
import unicodedata
from typing import Any

_JOINERS = "\u200c\u200d"  # Persian and Indic spelling needs them
_SIGNS = (
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"  # invisible by name only
)
_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"
_KEPT = _JOINERS + _SIGNS
# What a terminal obeys, or an encoding cannot hold: C1 controls, direction, lone surrogates.
_ACTIVE = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: object) -> str:
    """`text` as one harmless line: white space as blanks, harmless invisibles (a soft hyphen, say)
    dropped, control characters, overrides of direction and unprintables as �."""
    return "".join(map(_clean, str(text)))


def one_line(text: str) -> str:
    """`clean`, with every run of white space a single blank."""
    return " ".join(clean(text).split())


def shows_bold() -> bool:
    """Whether standard output is a terminal whose user wants more than plain text
    (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def printable(text: str) -> str:
    """`text` with its lines kept and each of them made harmless."""
    return "\n".join(map(clean, text.split("\n")))


def print_json(value: object) -> None:
    """Print `value` as one line of JSON that no terminal obeys and any encoding holds."""
    print(to_json(value, sys.stdout.encoding or "ascii"), flush=True)


def to_json(value: Any, encoding: str = "utf-8") -> str:
    """One line of JSON; as ASCII unless `encoding` is a Unicode one."""
    text = json.dumps(value, ensure_ascii=not encoding.lower().startswith("utf"))
    return _ACTIVE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _clean(char: str) -> str:
    if char.isprintable() or char in _KEPT:
        return char
    if char.isspace() and char not in "\x1c\x1d\x1e\x1f":
        return " "
    if unicodedata.category(char) == "Cf" and char not in _OVERRIDES:
        return ""
    return "�"


def counted(n: int, of: str) -> str:
    """`1 answer`, `2 answers`."""
    return f"{n} {of}{'s' * (n != 1)}"


def why(error: OSError | UnicodeDecodeError) -> str:
    """What was wrong with a file, without its name."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return error.strerror or str(error)
