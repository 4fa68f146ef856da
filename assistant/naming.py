"""Names of persons, bodies and places in a text, by capitals, or by the words that lead up to them
where the script has none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.analysis import words
from index.languages import script_of
from index.queries import content_words
from index.text import fold_with_offsets

# A capital letter, and an initial's dot or the rest of the word.
_CAPITAL = (
    r"(?:[A-Z\u00c0-\u00d6\u00d8-\u00de\u0400-\u042fҚҒҰӘӨҮҢҖҺ]"
    r"(?:\.|(?:[^\W\d_]|['’&-](?=[^\W\d_]))*))"
)
_BETWEEN = r"(?:of(?: the)?|de|la|du|von|van|der|den|bin|ibn|al|and|&|и)"
_RUN = re.compile(rf"(?<!\w){_CAPITAL}(?:,? {_BETWEEN} {_CAPITAL}|[ \xa0]{_CAPITAL})*")
# What stands before a place.
_IN = re.compile(
    r"\b(?:in|at|near|from|to|into|around|outside|в|во|на|из|под|около|близ|до)(?: the)? ?$", re.I
)
# What a name in Arabic script follows: a title, or a word for *by*; and a place's *in*.
_BY = r"(?:علي )?يد|من قبل|بواسطه|بقياده|بريياسه|توسط|به دست|به رهبري|به كارگرداني"
_TITLES = (
    r"(?:ال|لل)?(?:رييس|وزير|سيد|دكتور|شيخ|ملك|امير|امام|سفير|مدير|عالم|كاتب|مخرج|قايد|سلطان"
    r"|خليفه|بابا"
    r"|مفتي|باحث|مهندس|شاعر|فنان|قيصر|امبراطور|مؤسس|موسس|نايب)(?: ال\w+)*|اقاي|خانم|پادشاه|شاه"
    r"|نخست وزير"
    r"|رييس جمهور|كارگردان|نويسنده"
)
_PERSON = re.compile(rf"(?<!\w)و?(?:(?P<title>{_TITLES})|{_BY}) ")
_PLACE = re.compile(
    r"(?<!\w)و?(?:في|الي|قرب|بالقرب من|در|به|اهل|واقع در|نزديك) "
    r"(?P<title>\A)?(?:(?:مدينه|دوله|مقاطعه|ولايه|بلده|قريه|منطقه|شهر|كشور|استان|ايالت|روستاي?"
    r"|منطقه) )?"
)
_WORD = re.compile(r"[^\W\d_]+")
# A name in Arabic script is seldom longer.
_LONGEST = 3
# Words of Arabic script that end a name.
_ENDS = frozenset(
    words(
        """
        ان انه انها قال وقال اكد كما لا لم لن ثم قد اذ اذا حيث الا اي كل بعض هناك مما عن ضد نحو
        گفت كرد شد بود است شده مي نمي كه را در از به با تا هم نيز اما ولي چون
        """
    )
)

Sort = Literal["who", "where"]


@dataclass(frozen=True, slots=True)
class Name:
    """`text[start:end]`; whether it stands `inside` something (after *in*, *at*, *from*), and
    whether it only may be a name, being the first word of its sentence. `title` is the span of the
    words before it that make it one, where the script has no capitals."""

    start: int
    end: int
    inside: bool
    first: bool = False
    title: tuple[int, int] | None = None


def names(text: str, sort: Sort) -> list[Name]:
    """What may be a name of a person or a body, or of a place, in order."""
    if script_of(text) == "arabic":
        return list(_led_up_to(text, _PLACE if sort == "where" else _PERSON))
    return list(_capitals(text))


def _capitals(text: str) -> Iterator[Name]:
    for match in _RUN.finditer(text):
        start, end = match.span()
        first = not text[:start].strip(" \"'«“„(—–-")
        if first:
            start = _past_empty(text, start, end)
        if start < end:
            inside = _IN.search(text[max(0, start - 16) : start]) is not None
            yield Name(start, end, inside, first and " " not in text[start:end])


def _past_empty(text: str, start: int, end: int) -> int:
    """Where a run goes on after a word that is capital only because it begins the sentence."""
    word = text[start:end].split(" ", 1)[0]
    if content_words(f"{word} Xyzzy") == ["xyzzy"]:
        return min(end, start + len(word) + 1)
    return start


def _led_up_to(text: str, lead: re.Pattern[str]) -> Iterator[Name]:
    folded = fold_with_offsets(text)
    for match in lead.finditer(folded.text):
        end = at = match.end()
        for _ in range(_LONGEST):
            word = _WORD.match(folded.text, at)
            if word is None or word.group() in _ENDS or _empty(word.group()):
                break
            end, at = word.end(), word.end() + folded.text.startswith(" ", word.end())
            if at == end:
                break
        if end > match.end():
            title = folded.span(*match.span("title")) if match["title"] else None
            yield Name(*folded.span(match.end(), end), lead is _PLACE, title=title)


def _empty(word: str) -> bool:
    return content_words(f"{word} xyzzy") == ["xyzzy"]
