"""A text word by word in another language, from the translation tables: for getting the gist of a
quotation, never for quoting."""

from dataclasses import dataclass

from index.analysis import word_spans
from index.translation import Translator

# Of the translations of a word so many are told, each at least so likely, and at least so likely
# beside the likeliest: the tables were learned from technical text, too, and the likeliest one may
# be of the other trade.
_N_TOLD = 2
_LIKELY = 0.12
_BESIDE_FIRST = 0.5
# How much words tell: one of nearly every sentence (*the*, «و») was met in training beside whatever
# else is in every sentence. Its gloss is the word that means it in both directions, or none. What
# this takes away stood in the translated sentence no more often than by chance; see eval/LOG.md.
_IN_EVERY_SENTENCE = 0.25
_BOTH_WAYS = 0.1
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
        Gloss(start, end, _told(word, source, target, tables))
        for word, start, end in word_spans(text)
    ]


def _told(word: str, source: str, target: str, tables: Translator) -> tuple[str, ...]:
    common = tables.tells(word, source) < _IN_EVERY_SENTENCE
    told = (_mutual if common else _likeliest)(word, source, target, tables)
    return tuple(each.translate(_PERSIAN) if target == "fa" else each for each in told)


def _likeliest(word: str, source: str, target: str, tables: Translator) -> list[str]:
    translations = tables.translate(word, source, target)
    least = max(_LIKELY, _BESIDE_FIRST * max(translations.values(), default=1.0))
    return [each for each, likely in translations.items() if likely >= least][:_N_TOLD]


def _mutual(word: str, source: str, target: str, tables: Translator) -> list[str]:
    """The translation that is likeliest there and back, if it is at all likely."""
    likely = {
        each: there * tables.translate(each, target, source).get(word, 0.0)
        for each, there in tables.translate(word, source, target).items()
    }
    best = max(likely, key=likely.__getitem__, default="")
    return [best] if best and likely[best] >= _BOTH_WAYS else []
