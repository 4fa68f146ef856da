"""Which way text runs, for programs that must be told: the letters' directions by Unicode."""

import unicodedata
from itertools import groupby


def strong(text: str) -> list[str]:
    """The bidi classes of the letters of `text` that have a direction."""
    return [kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}]


def is_rtl(text: str) -> bool:
    """Whether most letters of `text` run right to left."""
    found = strong(text)
    return 2 * found.count("L") < len(found)


def paragraph_is_rtl(text: str) -> bool:
    """Whether a paragraph is laid out right to left.

    That of its first letter, as browsers do, unless it is not of the paragraph's main script: an
    Arabic sentence may begin with a Latin name. The other way round Latin must outnumber Arabic two
    to one: Arabic and Persian lines are full of Latin names and dates, not so English ones of
    Arabic.
    """
    found = strong(text)
    n_left = found.count("L")
    n_right = len(found) - n_left
    return n_right > n_left if found[:1] == ["L"] else bool(found) and n_left <= 2 * n_right


def runs(text: str, rtl: bool) -> list[tuple[str, bool]]:
    """`text` in pieces of one direction, each with whether it runs right to left; `rtl` is that of
    the paragraph. What has no direction takes that of its neighbours where they agree, else the
    paragraph's (UAX #9, N1 and N2); figures go with Latin letters before them (W7)."""
    ways = _resolved(_letters(text), rtl)
    grouped = groupby(zip(text, ways, strict=True), key=lambda pair: pair[1])
    return [("".join(char for char, _ in pairs), way) for way, pairs in grouped]


def _letters(text: str) -> list[bool | None]:
    """Of each character whether it runs right to left; None where it has no direction."""
    found: list[bool | None] = []
    last: bool | None = None
    for kind in map(unicodedata.bidirectional, text):
        if kind in {"R", "AL", "L"}:
            last = kind != "L"
            found.append(last)
        else:
            found.append(False if kind == "EN" and last is False else None)
    return found


def _resolved(ways: list[bool | None], rtl: bool) -> list[bool]:
    found: list[bool] = []
    before = rtl
    for way, following in zip(ways, _following(ways, rtl), strict=True):
        found.append(way if way is not None else before if before == following else rtl)
        before = before if way is None else way
    return found


def _following(ways: list[bool | None], rtl: bool) -> list[bool]:
    """For each place the direction of the next letter, the paragraph's behind the last one."""
    found: list[bool] = []
    following = rtl
    for way in reversed(ways):
        following = following if way is None else way
        found.append(following)
    return found[::-1]
