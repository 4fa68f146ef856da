"""A day and a web address as safe HTML, wherever a source is told of."""

from datetime import date

from ui.escaping import escape
from ui.markdown import WEB


def day_html(day: date) -> str:
    """2026-11-26, in that order whichever way the text around it runs."""
    return f'<time datetime="{day}" dir="ltr">{day}</time>'


def address_html(url: str, new_tab: bool = False) -> str:
    """A link for http and https; any other address, such as `javascript:`, stays text."""
    if not WEB.fullmatch(url):
        return f'<bdi dir="ltr">{escape(url)}</bdi>'
    target = ' target="_blank"' if new_tab else ""
    return (
        f'<a class="url" dir="ltr" href="{escape(url)}"{target} '
        f'rel="noopener noreferrer nofollow">{escape(url)}</a>'
    )
