"""Text → HTML text: the one way in."""

import html

from ui.bidi import plain


def escape(text: str) -> str:
    """`text` as HTML text, fit for an attribute in double quotes, too."""
    return html.escape(plain(text), quote=True)


def exact(text: str) -> str:
    """`text` for an attribute that a script reads back and nobody is shown, such as an id: bidi
    overrides stay what they are."""
    return html.escape(text, quote=True)
