"""Folded text → terms, by script and language.

Arabic gets light stemming (Larkey, Ballesteros & Connell 2007, "light10"), Persian loses its
plural, its comparative and the final ya, Russian and English get Snowball, every other language
folding alone; numbers stay themselves. A word is analysed by its script first: an English name in
an Arabic passage is still an English word. `python -m eval.analyses` compares the ways.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from index.text import fold, fold_all, fold_with_offsets

# Numbers with their separators (1.6, 10,000), else letters with an inner apostrophe (Karasin's).
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")

# light10's affixes in folded spelling (ta marbuta is ه, alef maksura ي).
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

# Persian endings, longest first; where a half-space ties them on they are words of their own.
_PERSIAN_ENDINGS = ("هايشان", "هايي", "هايش", "هايم", "ترين", "هاي", "ها", "تر", "ي")


def words(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order, unstemmed."""
    return _WORD.findall(fold(text))


def word_set(text: str) -> frozenset[str]:
    """`words`, each once and in no order."""
    return frozenset(words(text))


def words_of_each(texts: Sequence[str]) -> list[list[str]]:
    """`words` of each of many short texts, in less time."""
    return [[each] if each.isalpha() else _WORD.findall(each) for each in fold_all(texts)]


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """What `words` gives, each with the `(start, end)` in `text` that it came from."""
    folded = fold_with_offsets(text)
    return [(m.group(), *folded.span(*m.span())) for m in _WORD.finditer(folded.text)]


def terms(text: str, language: str) -> list[str]:
    """The terms of `text`, in order, as a passage in `language` (ISO 639-1) is indexed."""
    return [term(word, language) for word in words(text)]


def terms_of(words: Iterable[str], language: str) -> list[str]:
    """The term of each of many distinct folded words, none of which is remembered."""
    return [term.__wrapped__(word, language) for word in words]


def spellings(found: Mapping[str, int], terms: Iterable[str]) -> dict[str, str]:
    """The commonest word behind each term, given how often each word was found and the term of
    each, where it is not the term itself; of equally common ones the first in the alphabet."""
    commonest: dict[str, tuple[int, str]] = {}
    for (word, n), known in zip(found.items(), terms, strict=True):
        most, spelt = commonest.get(known, (0, ""))
        if n > most or (n == most and word < spelt):
            commonest[known] = n, word
    return dict(sorted((t, word) for t, (_, word) in commonest.items() if word != t))


@lru_cache(maxsize=1 << 18)
def term(word: str, language: str) -> str:
    """The term of one folded word."""
    script = _script(word)
    if script == "arabic":
        return _ARABIC_SCRIPT.get(language, str)(word)
    if script == "cyrillic":
        return snowball("russian")(word)
    if script == "latin":
        return snowball("english")(word)
    return word


def _script(word: str) -> str:
    first = word[0]
    if "\u0600" <= first <= "\u06ff":
        return "arabic"
    if "\u0400" <= first <= "\u04ff":
        return "cyrillic"
    return "latin" if first.isascii() and first.isalpha() else "other"


@cache
def snowball(language: str) -> Callable[[str], str]:
    import Stemmer  # noqa: PLC0415 - only text in that script needs it

    stem: Callable[[str], str] = Stemmer.Stemmer(language).stemWord
    return stem


def light_stem(word: str) -> str:
    """light10 of a folded Arabic word: conjunction and article off, then suffixes, each only
    while enough of the word is left."""
    if word.startswith("و") and len(word) > 3:
        word = word[1:]
    for article in _ARTICLES if word.startswith(_ARTICLES) else ():
        if word.startswith(article) and len(word) - len(article) >= 2:
            word = word[len(article) :]
            break
    for suffix in _SUFFIXES if word.endswith(_SUFFIXES) else ():
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word


def persian_stem(word: str) -> str:
    """A folded Persian word without its ending, where three letters are left: كتابهاي, كتابي and
    كتاب are one."""
    for ending in _PERSIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


_ARABIC_SCRIPT: dict[str, Callable[[str], str]] = {"ar": light_stem, "fa": persian_stem}
