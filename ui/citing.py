"""Sources in every form in which people and programs take them."""

from collections.abc import Callable, Sequence

from assistant.markdown import WEB_ADDRESS
from assistant.quoting import fragment_url, markdown_footnotes, quoted, with_reference
from assistant.references import Source
from assistant.styles import Formatted, Rich, formatted
from ui.bidi import direction
from ui.cli.text import to_json
from ui.escaping import escape

_Form = Callable[[Sequence[Source], str, str | None], str]


def cited(
    sources: Sequence[Source], form: str, style: str = "apa", language: str | None = None
) -> str:
    """The sources as one of `FORMS`; `style` and `language` as `assistant.styles.formatted` takes
    them, where the form has a style. Raises StyleError."""
    return FORMS[form](sources, style, language)


def entry_html(text: Rich) -> str:
    """A reference as HTML, its addresses as links."""
    return "".join(_faced(linked(run.text), run.italic, run.bold) for run in text)


def _text(sources: Sequence[Source], style: str, language: str | None) -> str:
    by_key = _formatted(sources, style, language)
    return "\n\n".join(with_reference(s, by_key[s.reference.key]) for s in sources)


def _html(sources: Sequence[Source], style: str, language: str | None) -> str:
    by_key = _formatted(sources, style, language)
    return "\n".join(_quotation_html(s, by_key[s.reference.key]) for s in sources)


def _quotation_html(source: Source, reference: Formatted) -> str:
    url = fragment_url(source)
    language = source.reference.language
    words = escape(quoted(source.quote, language))
    if url:
        words = f'<a href="{escape(url)}">{words}</a>'
    return (
        f'<blockquote{_attribute("cite", url and source.reference.url)} lang="{escape(language)}" '
        f'dir="{direction(source.quote)}"><p>{words}</p></blockquote>\n'
        f'<p dir="auto">{entry_html(reference.entry)} <small>{escape(str(source.anchor))}</small>'
        "</p>"
    )


def linked(text: str) -> str:
    """`text` as HTML with web addresses as links."""
    pieces = WEB_ADDRESS.split(text)
    return "".join(
        f'<a href="{escape(piece)}">{escape(piece)}</a>' if i % 2 else escape(piece)
        for i, piece in enumerate(pieces)
    )


def _attribute(name: str, value: str | None) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _bibtex(sources: Sequence[Source], style: str, language: str | None) -> str:  # noqa: ARG001
    from assistant.bibtex import bibtex  # noqa: PLC0415

    return bibtex(sources).rstrip()


def _ris(sources: Sequence[Source], style: str, language: str | None) -> str:  # noqa: ARG001
    from assistant.ris import ris  # noqa: PLC0415

    return ris(sources).rstrip("\n")


def _csl_json(sources: Sequence[Source], style: str, language: str | None) -> str:  # noqa: ARG001
    from assistant.exchange import csl_json  # noqa: PLC0415

    return to_json(csl_json(sources))


def _formatted(sources: Sequence[Source], style: str, language: str | None) -> dict[str, Formatted]:
    found = formatted([source.reference for source in sources], style, language)
    return {one.reference.key: one for one in found}


def _faced(text: str, italic: bool, bold: bool) -> str:
    text = f"<i>{text}</i>" if italic else text
    return f"<b>{text}</b>" if bold else text


FORMS: dict[str, _Form] = {
    "text": _text,
    "markdown": markdown_footnotes,
    "html": _html,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
}
