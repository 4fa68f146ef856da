"""References as RIS, for EndNote, Zotero, Mendeley and whatever else reads it."""

from collections.abc import Sequence
from typing import Any

import rispy

from assistant.exchange import stated
from assistant.references import Author, Source


def ris(sources: Sequence[Source]) -> str:
    """An entry for each article, in order; notes (N1) hold what is quoted from it, each with its
    anchor, and the date as the article gives it, when that is not Gregorian."""
    entries: dict[str, dict[str, Any]] = {}
    for source in sources:
        entry = entries.setdefault(source.reference.key, _entry(source))
        entry["notes"].append(f"{source.quote} {source.anchor}")
    text: str = rispy.dumps(list(entries.values()))
    return text.replace("\n1.\n", "\n").removeprefix("1.\n")


def _entry(source: Source) -> dict[str, Any]:
    reference = source.reference
    day, accessed, words = reference.day, reference.accessed, stated(reference)
    fields = {
        "type_of_reference": "NEWS" if reference.outlet else "ELEC" if reference.url else "GEN",
        "id": reference.key,
        "title": reference.title,
        "authors": list(map(_name, reference.authors)),
        "secondary_title": reference.outlet,
        "date": f"{day:%Y/%m/%d}" if day else None,
        "year": f"{day:%Y}" if day else None,
        "access_date": f"{accessed:%Y/%m/%d}" if accessed else None,
        "urls": [reference.url] if reference.url else None,
        "language": reference.language,
        "notes": [words] if words else [],
    }
    return {name: value for name, value in fields.items() if value or name == "notes"}


def _name(author: Author) -> str:
    return f"{author.family}, {author.given}" if author.given else author.family
