"""Text → HTML text: the one way in."""

import html

from ui.bidi import plain


def escape(text: str) -> str:
    """`text` as HTML text, fit for an attribute in double quotes, too."""
    return html.escape(plain(text), quote=True)
