"""A write-up as one HTML file that asks nothing of the outside."""

from collections.abc import Mapping, Sequence

from assistant.export import Note, heading, noted, reference_list, refusal
from assistant.quoting import fragment_url
from assistant.styles import Formatted
from assistant.writeup import Section, WriteUp
from ui.bidi import direction
from ui.citing import entry_html
from ui.escaping import escape
from ui.sheet import sheet

_Lines = Sequence[tuple[str, list[Note]]]


def html_export(made: WriteUp, style: str = "apa", language: str | None = None) -> str:
    """Questions as headings, answers with linked notes, notes, the list of references."""
    listed = reference_list(made, style, language)
    by_key = {one.reference.key: one for one in listed}
    sections = noted(made)
    said = "".join(_section(section, lines, made.title) for section, lines in sections)
    notes = [note for _, lines in sections for _, notes in lines for note in notes]
    below = "".join(_note(note, by_key) for note in notes)
    entries = "".join(f'<li dir="auto">{entry_html(one.entry)}</li>' for one in listed)
    body = f"<h1>{escape(made.title)}</h1>{said}"
    if notes:
        body += f'<ol class="notes">{below}</ol>'
    if listed:
        body += f"<h2>{escape(heading(made.language))}</h2><ul>{entries}</ul>"
    return sheet(made.title, body, made.language)


def _section(section: Section, lines: _Lines, title: str) -> str:
    head = "" if section.question == title else f"<h2>{escape(section.question)}</h2>"
    said = lines or [(refusal(section.language), [])]
    return head + "".join(_sentence(text, notes, section.language) for text, notes in said)


def _sentence(text: str, notes: Sequence[Note], language: str) -> str:
    quotes = [note.source.reference.language for note in notes if not note.quote]
    marks = "".join(
        f'<sup><a id="mark-{n.number}" href="#note-{n.number}">{n.number}</a></sup>' for n in notes
    )
    spoken = escape(quotes[0] if quotes else language)
    return f'<p lang="{spoken}" dir="{direction(text)}">{escape(text)}{marks}</p>'


def _note(note: Note, by_key: Mapping[str, Formatted]) -> str:
    url = fragment_url(note.source)
    place = escape(str(note.source.anchor))
    link = f'<a href="{escape(url)}">{place}</a>' if url else place
    quote = f" {escape(note.quote)}" if note.quote else ""
    entry = entry_html(by_key[note.source.reference.key].note)
    return (
        f'<li id="note-{note.number}" dir="auto">{entry}{quote} <span class="place">{link}</span> '
        f'<a href="#mark-{note.number}">↑</a></li>'
    )
