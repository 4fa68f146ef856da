"""A text word by word in another language, from the translation tables: for getting the gist of a
quotation, never for quoting."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.analysis import word_spans
from index.translation import Translator

# Of the translations of a word so many are told, each at least so likely, and at least so likely
# beside the likeliest: the tables were learned from technical text, too, and the likeliest one may
# be of the other trade.
_N_TOLD = 2
_LIKELY = 0.12
_BESIDE_FIRST = 0.5
# The tables hold folded words, in which Persian has the Arabic letters.
_PERSIAN = str.maketrans({"ي": "ی", "ك": "ک"})


@dataclass(frozen=True, slots=True)
class Gloss:
    """`text[start:end]` is a word; `words` are what it may mean, the likeliest first, folded; none
    where the tables do not know it."""

    start: int
    end: int
    words: tuple[str, ...]


def can_gloss(source: str, target: str, tables: Translator) -> bool:
    """Whether the tables have that direction."""
    return (source, target) in tables.tables


def gloss(text: str, source: str, target: str, tables: Translator) -> list[Gloss]:
    """Every word of `text`, in language `source`, with what it may mean in `target`."""
    return [
        Gloss(start, end, _told(tables.translate(word, source, target), target))
        for word, start, end in word_spans(text)
    ]


def _told(translations: Mapping[str, float], target: str) -> tuple[str, ...]:
    least = max(_LIKELY, _BESIDE_FIRST * max(translations.values(), default=1.0))
    told = [word for word, likely in translations.items() if likely >= least][:_N_TOLD]
    return tuple(word.translate(_PERSIAN) if target == "fa" else word for word in told)
