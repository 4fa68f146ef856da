"""A place in a document → what a reference says of it: who, what, where, when."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.anchors import Anchor, anchor
from index.text import fold
from index.types import CalendarDate, Document, Section

# Of an article without a headline, so many of its first words stand for it, in brackets.
_FIRST_WORDS = 8
# What no name of a person has in it.
_COLLECTIVE = re.compile(
    r"\b(?:agency|associated|bureau|desk|editors?|editorial|news|newsroom|press|reporters?|staff|"
    r"team|times|агентство|редакция|служба|отдел|пресс|новости)\b",
    re.I,
)
_PARTICLES = frozenset(
    {"al", "bin", "ben", "ibn", "de", "del", "der", "di", "du", "el", "la", "le", "van", "von"}
    | {"да", "де", "фон", "аль", "ибн", "бен"}
)
_BETWEEN = re.compile(r"\s*[;،؛]\s*|\s*,\s*(?:and\s+)?|\s+(?:and|и|&|و)\s+")
# Directions and joiners that a page carried: they show nothing, and out of their page they break
# the order of what they are pasted into. The half-space of Persian is spelling and stays.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)


@dataclass(frozen=True, slots=True)
class Author:
    """A person (`family`, `given`), or whatever a by-line says in one piece (`given` is "")."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What there is to say of an article; None where it does not say it.

    `key` is an ASCII name, the same for every citation of the article. An article without a
    headline has its first words as `title`, in brackets. `day` is Gregorian; `stated` is it as the
    article gives it, when that is in another calendar. `accessed` is when it was read at `url`.
    """

    key: str
    title: str
    authors: tuple[Author, ...]
    outlet: str | None
    day: datetime.date | None
    stated: CalendarDate | None
    language: str
    url: str | None
    accessed: datetime.date | None


@dataclass(frozen=True, slots=True)
class Source:
    """A quotation, where it stands, and the reference of its article."""

    reference: Reference
    quote: str
    anchor: Anchor


def source(document: Document, start: int, end: int, accessed: datetime.date | None) -> Source:
    """What stands at `document.text[start:end]`, on one line, with its reference."""
    section = document.section_at(start) or Section(0, len(document.text))
    quote = visible(document.text[start:end])
    return Source(reference(document, section, accessed), quote, anchor(document, start, end))


def reference(
    document: Document, section: Section, accessed: datetime.date | None = None
) -> Reference:
    """The reference of an article; `accessed` counts only where it has an address."""
    outlet = visible(section.outlet) if section.outlet else None
    return Reference(
        key=_key(document, section),
        title=title_of(document, section),
        authors=authors(section.byline, outlet) if section.byline else (),
        outlet=outlet,
        day=section.date,
        stated=section.stated,
        language=section.language,
        url=section.url,
        accessed=accessed if section.url else None,
    )


def title_of(document: Document, section: Section) -> str:
    """The headline of an article, on one line; of one without, its first words in brackets."""
    article = document.text[section.start : section.end]
    return visible(section.title or first_words(article))


def visible(text: str) -> str:
    """`text` on one line, without characters that only direct how others are shown."""
    return " ".join(text.translate(_INVISIBLE).split())


def authors(byline: str, outlet: str | None = None) -> tuple[Author, ...]:
    """Those whom a by-line names, but for the outlet itself.

    Names of Latin and Cyrillic letters are parted into given and family name, the last word and the
    particles before it being the family's. Others stay whole: where a name of Arabic letters is to
    be parted is no matter of rule.
    """
    names = (visible(name) for name in _BETWEEN.split(byline))
    return tuple(_author(name) for name in names if name and fold(name) != fold(outlet or ""))


def _author(name: str) -> Author:
    words = name.split()
    if not 2 <= len(words) <= 5 or _COLLECTIVE.search(name) or not all(map(_is_name, words)):
        return Author(name)
    n = len(words) - 1
    while n > 1 and words[n - 1].lower() in _PARTICLES:
        n -= 1
    return Author(" ".join(words[n:]), " ".join(words[:n]))


def _is_name(word: str) -> bool:
    """Whether a word is one of a person's name, in letters that tell where the family's begins."""
    scripts = unicodedata.name(word[0]).startswith(("LATIN", "CYRILLIC"))
    return (
        scripts and ((word[0].isupper() and not word.isupper()) or word.lower() in _PARTICLES)
    ) or (len(word.rstrip(".")) == 1 and scripts)


def first_words(text: str) -> str:
    """What stands for the title of an article without one."""
    words = text.split(maxsplit=_FIRST_WORDS)
    more = "…" if len(words) > _FIRST_WORDS else ""
    return f"[{' '.join(words[:_FIRST_WORDS])}{more}]"


def _key(document: Document, section: Section) -> str:
    """The outlet's Latin letters or the language, the year, and what tells articles apart."""
    place = hashlib.sha256(f"{document.sha256}:{section.start}".encode()).hexdigest()[:6]
    name = "".join(_latin(section.outlet or ""))[:16] or section.language
    return f"{name}{section.date.year if section.date else 'nd'}-{place}"


def _latin(text: str) -> Iterator[str]:
    return (char for char in fold(text) if char.isascii() and char.isalnum())
