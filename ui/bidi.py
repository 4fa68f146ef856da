"""Which way a block of text runs, and the characters that would hide it."""

from assistant.directions import paragraph_is_rtl, strong

# U+202D and U+202E show text in another order than it is stored in, so they are shown, not obeyed.
# The other bidi controls are used by honest Arabic and Persian text; each block isolates them.
_OVERRIDES = {0x202D: "[U+202D]", 0x202E: "[U+202E]"}


def plain(text: str) -> str:
    """`text` with its bidi overrides made visible."""
    return text.translate(_OVERRIDES)


def direction(text: str) -> str:
    """The `dir` of a block: `auto`, unless `auto`, which looks at the first letter alone, would be
    wrong (see `paragraph_is_rtl`)."""
    first, rtl = strong(text)[:1], paragraph_is_rtl(text)
    if not first or rtl == (first != ["L"]):
        return "auto"
    return "rtl" if rtl else "ltr"
