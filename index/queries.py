"""A query → what it demands, its language, and the words of it that name what is looked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.analysis import word_set, words
from index.errors import NothingToFind
from index.languages import script_of
from index.text import valid

# Letters that only Persian has among our languages in Arabic script, and a few words that only it
# writes: enough for questions that happen to use shared letters alone.
_PERSIAN_LETTERS = re.compile("[پچژگ\u06cc\u06a9]")
_ARABIC_LETTERS = re.compile("[ةىيكأإؤ]")
_PERSIAN_WORDS = word_set("است چه چیست کیست کجا کدام که در از را این آن شد بود می")
_ARABIC_WORDS = word_set("من ما ماذا متى أين كم هل كيف لماذا في على أي التي الذي")

# Words that ask or bind rather than name: they say nothing about which sentence answers.
_EMPTY_WORDS = word_set(
    """
    what which who whom whose when where why how many much do does did is are was were be been
    has have had will would can could the a an of in on at to for from by with and or as that
    this these those it its their his her he she they there about into during after before not
    according most year i

    ما ماذا من متى أين اين كم هل كيف لماذا أي أية هو هي هم في على إلى عن مع بين التي الذي الذين
    هذا هذه ذلك تلك و أو ثم كان كانت يكون تم قد بعد قبل خلال عند منذ حول
    بلغ بلغت يبلغ تبلغ عام سنة لعام لسنة بعام وفقا حسب

    چه چیست چیزی کیست کسی کی کجا کجاست کدام چند چقدر چگونه چرا آیا است هست بود شد شده می در از
    به با برای که را این آن و یا تا بر هم نیز کرد کرده کند شود دارد داشت خود
    سال شدند کردند کنند بودند طبق

    что какой какая какое какие каком какую каких какого какому каким какими чего чему чём
    кто кого кому кем чем когда где куда откуда
    почему зачем как сколько ли был была было были быть есть в во на по за из от до для с со к
    и или а но о об при это этот эта эти том того он она они его её их не
    год года году годов согласно мнению
    """
)

# What stands in quotation marks of one kind: "…", «…» or »…«, and “…”, „…“, ”…“ (as they come out
# of keyboards that mirror them).
_QUOTED = '"([^"]+)"|[«»]([^«»]+)[«»]|[“”„‟]([^“”„‟]+)[“”‟]'
_MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # what keyboards put around a hyphen
# A hyphen before a word or a quotation, after white space; not one within a word, nor a minus.
_EXCLUDED = re.compile(rf"(?<![^\s{_MARKS}])-(?:{_QUOTED}|(?=[^\W\d_])(\S+))")
_PHRASE = re.compile(_QUOTED)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: `text`, in passages that hold every one of `phrases` (folded words in a
    row), no word with the term of one of `excluded`, and none of `excluded_phrases`."""

    text: str
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_phrases: tuple[tuple[str, ...], ...] = ()

    @property
    def unquoted(self) -> "Query":
        """The same with the words of its phrases like any others."""
        if not self.phrases:
            return self
        return replace(self, text=_PHRASE.sub(_unquoted, self.text), phrases=())


def parse(query: str) -> Query:
    """The demands in what a person typed: a phrase in quotation marks must be in the passage, a
    word or a phrase after a hyphen must not. Before a word that names nothing (*the*, *و*) a hyphen
    is a dash.

    Raises NothingToFind when the query says only what must not be there.
    """
    typed = valid(query)
    demands = [words("".join(filter(None, match.groups()))) for match in _exclusions(typed)]
    rest = _EXCLUDED.sub(lambda match: " " if _excludes(match) else match.group(), typed)
    if demands and not words(rest):
        raise NothingToFind(
            "the query says only what to leave out; add words to look for, such as: forum -kazan"
        )
    phrases = [words(_unquoted(match)) for match in _PHRASE.finditer(rest)]
    return Query(
        rest,
        tuple(tuple(phrase) for phrase in phrases if phrase),
        tuple(demand[0] for demand in demands if len(demand) == 1),
        tuple(tuple(demand) for demand in demands if len(demand) > 1),
    )


def _exclusions(typed: str) -> Iterator[re.Match[str]]:
    return (match for match in _EXCLUDED.finditer(typed) if _excludes(match))


def _excludes(match: re.Match[str]) -> bool:
    """Whether what stands after a hyphen names anything."""
    return not word_set(match.group()) <= _EMPTY_WORDS


def _unquoted(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "")


def language_of(query: str) -> str:
    """`ar`, `fa`, `ru` or `en`, by script first: language models are unsure of so few words."""
    script = script_of(query)
    if script == "arabic":
        return _arabic_or_persian(query)
    return "ru" if script == "cyrillic" else "en"


def _arabic_or_persian(query: str) -> str:
    asked = word_set(query)
    persian = len(_PERSIAN_LETTERS.findall(query)) + 3 * len(asked & _PERSIAN_WORDS)
    arabic = len(_ARABIC_LETTERS.findall(query)) + 3 * len(asked & _ARABIC_WORDS)
    return "fa" if persian > arabic else "ar"


def content_words(query: str) -> list[str]:
    """The folded words of the query that name something, in order; all of them if none does."""
    asked = words(query)
    return [word for word in asked if word not in _EMPTY_WORDS] or asked
