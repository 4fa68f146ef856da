"""Who wrote an article, as a line of its head says it: «By Anna Smith», «بقلم: …», «Автор: …»."""

import re
from collections.abc import Sequence

_HEAD_LINES = 8
_MAX_CHARS = 120
_MAX_WORDS = 12

# With a colon whatever follows is a name; without one, only what looks like one does: «By the
# numbers» is a headline.
_LABELLED = re.compile(
    r"\W*(?:by|author|authors|written by|reported by|byline|"
    r"بقلم|كتب|كتبت|الكاتب|الكاتبة|إعداد|تحرير|المؤلف|"
    r"авторы?|текст|подготовила?|"
    r"نویسنده|نویسندگان|نوشته|به قلم|گزارش از|خبرنگار)\s*[::]\s*(?P<name>[^\W\d_].*)",
    re.I,
)
_BARE = re.compile(
    r"(?:By|BY)\s+(?P<en>[A-Z][\w.'’-]+(?:\s+(?:and|de|van|von|al|bin|[A-Z][\w.'’-]*,?|&))+)"
    r"|(?:بقلم|به قلم)\s+(?P<ar>[^\W\d_]+(?:\s+[^\W\d_]+){1,4})"
)
_EDGES = " \t.,،;:|/()[]—–-•·*_«»\"'"


def byline_of(lines: Sequence[str]) -> str | None:
    """The by-line in the first lines of an article, without its label, or None."""
    return next((name for line in lines[:_HEAD_LINES] if (name := _byline(line))), None)


def is_byline(line: str) -> bool:
    """Whether a line does nothing but say who wrote the article."""
    return _byline(line) is not None


def _byline(line: str) -> str | None:
    if len(line) > _MAX_CHARS:
        return None
    line = line.strip()
    if bare := _BARE.fullmatch(line):
        return (bare["en"] or bare["ar"]).strip(_EDGES)
    found = _LABELLED.fullmatch(line)
    name = found["name"] if found else ""
    if len(name.split()) > _MAX_WORDS or re.search(r"\d|[.!?؟…]$", name):
        return None
    return name.strip(_EDGES) or None
