"""A write-up in every form in which people take it away."""

from assistant.writeup import WriteUp


def exported(made: WriteUp, form: str, style: str = "apa", language: str | None = None) -> bytes:
    """The file of a write-up; `form` is `docx`, `md` or `html`. Raises StyleError."""
    if form == "docx":
        from assistant.docx_export import docx_export  # noqa: PLC0415 - python-docx takes a while

        return docx_export(made, style, language)
    if form == "html":
        from ui.export_page import html_export  # noqa: PLC0415

        return html_export(made, style, language).encode()
    from assistant.export import markdown_export  # noqa: PLC0415

    return markdown_export(made, style, language).encode()
