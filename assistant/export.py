"""A write-up as Markdown, and what every form of it has in common."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from assistant.markdown import escaped
from assistant.prompts import REFUSALS
from assistant.quoting import markdown, markdown_note, quoted
from assistant.references import Source, visible
from assistant.styles import Formatted, formatted
from assistant.writeup import Line, Section, WriteUp

_REFERENCES = {
    "ar": "المراجع",
    "fa": "منابع",
    "ru": "Список литературы",
    "en": "References",
}
_SPOKEN = tuple(_REFERENCES)


def heading(language: str) -> str:
    """What a list of references is called."""
    return _REFERENCES.get(language, _REFERENCES["en"])


def refusal(language: str) -> str:
    """What stands in the place of an answer that the archive does not have."""
    return REFUSALS.get(language, REFUSALS["en"])


def reference_list(made: WriteUp, style: str, language: str | None = None) -> list[Formatted]:
    """The references of a write-up, each once, in the order of the style, with months and the like
    in `language`, or in that of the write-up. Raises StyleError."""
    own = made.language if made.language in _SPOKEN else None
    return formatted([source.reference for source in made.sources], style, language or own)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its number in the write-up, its source, and the quotation where the sentence that
    it belongs to is not the quotation itself (else "")."""

    number: int
    source: Source
    quote: str


def noted(made: WriteUp) -> list[tuple[Section, list[tuple[str, list[Note]]]]]:
    """Every section with its sentences and their footnotes, numbered through from 1."""
    numbers = count(1)
    return [
        (section, [(line.text, _notes(line, made, numbers)) for line in section.lines])
        for section in made.sections
    ]


def _notes(line: Line, made: WriteUp, numbers: Iterator[int]) -> list[Note]:
    sources = [made.sources[i] for i in line.sources]
    return [Note(next(numbers), source, _quote(source, line)) for source in sources]


def _quote(source: Source, line: Line) -> str:
    if source.quote in visible(line.text):
        return ""
    return quoted(source.quote, source.reference.language)


def markdown_export(made: WriteUp, style: str = "apa", language: str | None = None) -> str:
    """Questions as headings, answers with footnotes, the list of references."""
    listed = reference_list(made, style, language)
    by_key = {one.reference.key: one for one in listed}
    sections = noted(made)
    blocks = [f"# {escaped(made.title)}"]
    for section, lines in sections:
        if section.question != made.title:
            blocks.append(f"## {escaped(section.question)}")
        said = [escaped(text) + "".join(f"[^{n.number}]" for n in notes) for text, notes in lines]
        blocks.append(" ".join(said) or escaped(refusal(section.language)))
    if listed:
        blocks.append(f"## {heading(made.language)}")
        blocks.append("\n".join(f"- {markdown(one.entry)}" for one in listed))
    notes = [note for _, lines in sections for _, notes in lines for note in notes]
    return "\n\n".join([*blocks, *(_footnote(note, by_key) for note in notes)]) + "\n"


def _footnote(note: Note, by_key: Mapping[str, Formatted]) -> str:
    said = markdown_note(note.source, by_key[note.source.reference.key])
    return " ".join(filter(None, (f"[^{note.number}]: {said}", escaped(note.quote))))
