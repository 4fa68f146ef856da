"""References for other programs: CSL-JSON, which Zotero, pandoc and citation styles take."""

import datetime
from collections.abc import Sequence
from typing import Any

from assistant.calendars import in_words
from assistant.references import Author, Reference, Source


def csl_item(reference: Reference) -> dict[str, Any]:
    """A reference as an item of CSL-JSON (https://citationstyles.org, schema 1.0)."""
    fields: dict[str, Any] = {
        "id": reference.key,
        "type": _type(reference),
        "title": reference.title,
        "author": list(map(_name, reference.authors)),
        "container-title": reference.outlet,
        "issued": _date(reference.day),
        "accessed": _date(reference.accessed),
        "language": reference.language,
        "URL": reference.url,
    }
    return {name: value for name, value in fields.items() if value}


def csl_json(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """One item for each article, with the anchors of what is quoted from it under `custom` and the
    date as the article gives it under `note`."""
    items: dict[str, dict[str, Any]] = {}
    for source in sources:
        reference = source.reference
        item = items.setdefault(reference.key, csl_item(reference) | _note(reference))
        item.setdefault("custom", {"anchors": []})["anchors"].append(str(source.anchor))
    return list(items.values())


def stated(reference: Reference) -> str | None:
    """The date as the article gives it, in the words of its language, when it is not Gregorian."""
    return in_words(reference.stated, reference.language) if reference.stated else None


def _note(reference: Reference) -> dict[str, str]:
    words = stated(reference)
    return {"note": words} if words else {}


def _type(reference: Reference) -> str:
    if reference.outlet:
        return "article-newspaper"
    return "webpage" if reference.url else "document"


def _name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}


def _date(day: datetime.date | None) -> dict[str, Any] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None
