"""What other programs take: read back by their own libraries, nothing is lost in four scripts."""

import datetime
import json

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from assistant.bibtex import bibtex
from assistant.exchange import csl_json
from assistant.references import Reference
from assistant.ris import ris
from tests.citations import SOURCES, quotation

# What the official schema (citation-style-language/schema, csl-data.json) says of the fields that
# are used here; it forbids all others.
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        }
    },
    "additionalProperties": False,
}
_NAME = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("family", "given", "literal")},
    "additionalProperties": False,
}
_TEXTS = ("id", "title", "container-title", "language", "URL", "note")
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "type": {"enum": ["article-newspaper", "webpage", "document"]},
            **{name: {"type": "string"} for name in _TEXTS},
            "author": {"type": "array", "items": _NAME},
            **dict.fromkeys(("issued", "accessed"), _DATE),
            "custom": {"type": "object"},
        },
    },
}


def decoder() -> LatexNodes2Text:
    """pylatexenc's, taught three macros of LaTeX as the plain characters they are."""
    macros = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    known = get_default_latex_context_db()
    specs = [MacroTextSpec(name, char) for name, char in macros.items()]
    known.add_context_category("plain characters", macros=specs, prepend=True)
    return LatexNodes2Text(latex_context=known, keep_braced_groups=False)


def names(reference: Reference) -> list[str]:
    return [f"{a.family}, {a.given}" if a.given else a.family for a in reference.authors]


def day(given: datetime.date | None, form: str) -> str | None:
    return given.strftime(form) if given else None


def test_csl_json_keeps_to_the_schema_and_says_everything() -> None:
    items = json.loads(json.dumps(csl_json(SOURCES)))
    jsonschema.validate(items, SCHEMA)
    for item, source in zip(items, SOURCES, strict=True):
        reference = source.reference
        assert item["title"] == reference.title
        assert item.get("container-title") == reference.outlet
        assert item.get("URL") == reference.url
        assert item["custom"]["anchors"] == [str(source.anchor)]
        issued = item["issued"]["date-parts"] if reference.day else None
        day = reference.day
        assert issued == (day and [[day.year, day.month, day.day]])
    assert items[2]["note"] == "28 ربيع الأول 1444 هـ"
    assert items[2]["author"] == [{"literal": "محمد علي"}, {"literal": "أحمد سالم"}]


def test_bibtex_read_back_by_a_library_has_lost_nothing() -> None:
    library = bibtexparser.parse_string(
        bibtex(SOURCES), append_middleware=[LatexDecodingMiddleware(decoder=decoder())]
    )
    assert not library.failed_blocks
    for entry, source in zip(library.entries, SOURCES, strict=True):
        reference, fields = source.reference, {f.key: f.value for f in entry.fields}
        assert entry.key == reference.key
        assert fields["title"] == reference.title
        assert fields.get("journal") == reference.outlet
        assert fields.get("date") == day(reference.day, "%Y-%m-%d")
        assert fields["annotation"] == str(source.anchor)
        assert fields.get("author", "") == " and ".join(names(reference))


def test_an_address_in_bibtex_is_verbatim() -> None:
    assert f'url = "{SOURCES[0].reference.url}"' in bibtex(SOURCES[:1])


def test_ris_read_back_by_a_library_has_lost_nothing() -> None:
    entries = rispy.loads(ris(SOURCES))
    for entry, source in zip(entries, SOURCES, strict=True):
        reference = source.reference
        assert entry["id"] == reference.key
        assert entry["title"] == reference.title
        assert entry.get("secondary_title") == reference.outlet
        assert entry.get("authors", []) == names(reference)
        assert entry.get("date") == day(reference.day, "%Y/%m/%d")
        assert entry.get("urls") == (reference.url and [reference.url])
        assert entry["notes"][-1] == f"{source.quote} {source.anchor}"


@pytest.mark.parametrize("write", [bibtex, ris, csl_json])
def test_an_article_quoted_twice_is_one_entry_with_both_anchors(write: object) -> None:
    first, second = quotation("Форум открыт."), quotation("Гости прибыли.")
    text = str(write([first, second]))  # type: ignore[operator]
    assert text.count(first.reference.title) == 1
    assert str(first.anchor) in text
    assert str(second.anchor) in text
