"""References as BibTeX, in UTF-8, for LaTeX with biblatex or BibTeX and for reference managers."""

from collections.abc import Sequence

from pybtex.database import BibliographyData, Entry
from pybtex.database.output.bibtex import Writer

from assistant.exchange import stated
from assistant.references import Author, Reference, Source

# babel's names, which biblatex takes for `langid`.
_LANGUAGES = {"ar": "arabic", "fa": "persian", "ru": "russian", "en": "english"}
# What TeX would obey; a lone brace would even end the field.
_ESCAPED = str.maketrans(
    {char: f"\\{char}" for char in "$&%#_"}
    | {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def bibtex(sources: Sequence[Source]) -> str:
    """An entry for each article, in order; `note` holds the date as the article gives it, when that
    is not Gregorian, and `annotation` the anchors of what is quoted from it."""
    anchors: dict[str, list[str]] = {}
    references: dict[str, Reference] = {}
    for source in sources:
        references[source.reference.key] = source.reference
        anchors.setdefault(source.reference.key, []).append(str(source.anchor))
    entries = {key: _entry(r, " ".join(anchors[key])) for key, r in references.items()}
    text: str = _Writer(encoding="UTF-8").to_string(BibliographyData(entries))
    return text


def _entry(reference: Reference, anchors: str) -> Entry:
    day, accessed = reference.day, reference.accessed
    fields = {
        "author": " and ".join(map(_name, reference.authors)),
        # Braces keep BibTeX from changing the case of a title.
        "title": f"{{{_escaped(reference.title)}}}",
        "journal": _escaped(reference.outlet or ""),
        "date": day.isoformat() if day else "",
        "year": str(day.year) if day else "",
        "month": str(day.month) if day else "",
        "note": _escaped(stated(reference) or ""),
        "url": (reference.url or "").replace("{", "%7B").replace("}", "%7D"),
        "urldate": accessed.isoformat() if accessed else "",
        "langid": _LANGUAGES.get(reference.language, ""),
        "annotation": anchors,
    }
    kind = "article" if reference.outlet else "online" if reference.url else "misc"
    return Entry(kind, [(name, value) for name, value in fields.items() if value])


def _name(author: Author) -> str:
    if not author.given:
        return f"{{{_escaped(author.family)}}}"
    return f"{_escaped(author.family)}, {_escaped(author.given)}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


class _Writer(Writer):  # type: ignore[misc]
    """pybtex's, with values as they are: what is escaped depends on the field, and an address is
    taken verbatim by biblatex and hyperref."""

    def _encode(self, text: str) -> str:
        return text
