"""What went wrong and why a file was left out, in the language of a page.

The terminal tells an error in its own words, which are English and exact. A page in another
language tells what kind of error it is in one line, and the exact words, small, for whoever keeps
the archive.
"""

from index.errors import SanadError
from index.reasons import REASONS, Reason
from ui.render import problem_html
from ui.words import spoken, texts


def told(error: SanadError, language: str) -> str:
    """An error as the HTML of a page."""
    line = line_of(error, language)
    return problem_html(line, "" if line == str(error) else str(error))


def line_of(error: SanadError, language: str) -> str:
    """The same as one line: that of its class, or of the nearest above it that has one."""
    lines = texts(spoken(language)).get("errors", {})
    classes = (known.__name__ for known in type(error).__mro__)
    return next((lines[name] for name in classes if name in lines), str(error))


def reason_in(reason: Reason, language: str) -> str:
    """Why a file was left out."""
    return reason.told(texts(spoken(language)).get("reasons", REASONS))
