"""Which way a block of text runs, and the characters that would hide it."""

import unicodedata

# U+202D and U+202E show text in another order than it is stored in, so they are shown, not obeyed.
# The other bidi controls are used by honest Arabic and Persian text; each block isolates them.
_OVERRIDES = {0x202D: "[U+202D]", 0x202E: "[U+202E]"}


def plain(text: str) -> str:
    """`text` with its bidi overrides made visible."""
    return text.translate(_OVERRIDES)


def is_rtl(text: str) -> bool:
    """Whether most letters of `text` run right to left."""
    strong = _strong(text)
    return 2 * strong.count("L") < len(strong)


def direction(text: str) -> str:
    """The `dir` of a block: `auto`, unless its first letter is not of its main script.

    `auto` looks at the first strong letter alone, so an Arabic sentence that begins with a Latin
    name would be laid out left to right. The other way round Latin must outnumber Arabic two to
    one: Arabic and Persian lines are full of Latin names and dates, not so English ones of Arabic.
    """
    strong = _strong(text)
    n_left = strong.count("L")
    n_right = len(strong) - n_left
    if strong and strong[0] == "L":
        return "rtl" if n_right > n_left else "auto"
    return "ltr" if n_left > 2 * n_right else "auto"


def _strong(text: str) -> list[str]:
    """The bidi classes of the letters of `text` that have a direction."""
    return [kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}]
