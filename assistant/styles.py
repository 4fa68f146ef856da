"""References in a citation style: the CSL collection's, a file, or our own for ГОСТ Р 7.0.5."""

import difflib
import re
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.calendars import in_words
from assistant.errors import StyleError
from assistant.exchange import csl_item
from assistant.processor import BOLD, END, ITALIC, Item, Style, render, style_file, style_names
from assistant.references import Reference

# Short names of those most asked for; every other style goes by its name in the collection.
NAMED = {
    "apa": "apa",
    "chicago": "chicago-notes-bibliography",
    "mla": "modern-language-association",
    "gost": "gost-r-7-0-5",
    "harvard": "harvard-cite-them-right",
}
_OWN = Path(__file__).parent / "csl"
_LOCALES = {"ar": "ar", "fa": "fa-IR", "ru": "ru-RU"}
# Styles of Britain that leave their language open: ‘single’ quotation marks, 26 November 2026.
_BRITISH = ("harvard", "bsi", "mhra")
_MARKS = f"[{ITALIC}{BOLD}{END}]*"
_MAX_BYTES = 4 << 20
# Neither citeproc nor the filters of warnings that are set around it bear two threads at once.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a reference in one type face."""

    text: str
    italic: bool = False
    bold: bool = False


Rich = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """A reference as a style writes it: in a `note`, and in the list of references."""

    reference: Reference
    note: Rich
    entry: Rich


def plain(text: Rich) -> str:
    """The text alone."""
    return "".join(run.text for run in text)


def formatted(
    references: Sequence[Reference], style: str, language: str | None = None
) -> list[Formatted]:
    """Those references in the order of the style's list, each once.

    `style` is one of `NAMED`, a name of the CSL collection, or the path of a `.csl` file; month
    names and the like are in `language`, or in that which the style itself is of. A style that has
    no notes has its list entry in their place. Raises StyleError.
    """
    with _ONE_AT_A_TIME:
        return _formatted(references, style, language)


def _formatted(
    references: Sequence[Reference], style: str, language: str | None
) -> list[Formatted]:
    unique = list({reference.key: reference for reference in references}.values())
    chosen = _loaded(style, language)
    stated = {r.key: in_words(r.stated, chosen.language) for r in unique if r.stated}
    by_key = {reference.key: reference for reference in unique}
    items = [Item(csl_item(reference), stated.get(reference.key)) for reference in unique]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # citeproc tells what it does not know of a style
            rendered = render(chosen, items)
    except Exception as error:  # ten thousand styles meet a processor that does not know all of CSL
        why = " ".join(str(error).split())[:100]
        told = f"style '{style}' cannot be used here ({type(error).__name__}: {why})"
        raise StyleError(told) from error
    return [
        Formatted(by_key[key], _runs(_tidy(note, chosen)), _runs(_tidy(entry, chosen)))
        for key, note, entry in rendered
    ]


@lru_cache(maxsize=8)
def _loaded(name: str, language: str | None) -> Style:
    path = _path(name)
    try:
        content = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else b""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            english = "en-GB" if path.stem.startswith(_BRITISH) else "en-US"
            return Style(content, _LOCALES.get(language, english) if language else None, english)
    except OSError as error:
        raise StyleError(f"style '{name}' cannot be read ({error.strerror})") from error
    except (SyntaxError, ValueError) as error:
        why = " ".join(str(error).split())[:100]
        raise StyleError(f"'{name}' is not a CSL style that stands by itself: {why}") from error


def _path(name: str) -> Path:
    if name.lower().endswith(".csl"):
        return Path(name)
    known = NAMED.get(name.lower(), name)
    own = _OWN / f"{known}.csl"
    if re.fullmatch(r"[\w-]+", known) and own.is_file():
        return own
    if found := style_file(known):
        return found
    near = difflib.get_close_matches(known, [*NAMED, *style_names()], 3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise StyleError(
        f"there is no style '{name[:80]}'; give one of {', '.join(NAMED)}, a name of the CSL "
        f"collection, or a .csl file{hint}"
    )


def _tidy(text: str, style: Style) -> str:
    """Without the punctuation that meets where parts of a reference do."""
    text = re.sub(" +", " ", text)
    text = re.sub(rf"([?!؟…])({_MARKS}[»”’\"']?{_MARKS})\.", r"\1\2", text)
    text = re.sub(rf"([.,])({_MARKS})\1(?!\1)", r"\1\2", text)
    if style.sets_quoted_punctuation:
        closing = "".join(map(re.escape, style.closing_marks))
        text = re.sub(rf"([{closing}]+{_MARKS})([.,])", r"\2\1", text)
    return text.strip()


def _runs(marked: str) -> Rich:
    runs: list[Run] = []
    faces: list[str] = []
    for piece in re.split(f"([{ITALIC}{BOLD}{END}])", marked):
        if piece == END:
            faces.pop()
        elif piece in (ITALIC, BOLD):
            faces.append(piece)
        elif piece:
            runs.append(Run(piece, ITALIC in faces, BOLD in faces))
    return tuple(runs)
