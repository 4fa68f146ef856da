"""Do the marked words answer: exact match and F1 as SQuAD counts them (Rajpurkar et al. 2016).

Its own rules are made for English: they know ASCII's punctuation, *a*, *an*, *the*. The adapted
ones fold both sides first, so that spelling, any script's digits and punctuation do not matter, and
take the Arabic article off, with what is written onto it (والمنتدى is منتدى).
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable

from index.analysis import words

Tokens = list[str]

_ENGLISH = frozenset({"a", "an", "the"})
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_ARABIC = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\w{2})")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def strict(text: str) -> Tokens:
    """The tokens of a text by SQuAD's own rules."""
    return _ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()


def adapted(text: str) -> Tokens:
    """The tokens of a text in any of our languages."""
    return [_ARABIC.sub("", word) for word in words(text) if word not in _ENGLISH]


def exact(marked: str, answers: Iterable[str], rules: Callable[[str], Tokens]) -> float:
    """1.0 when the words are one of the acceptable answers, else 0.0."""
    return float(any(rules(marked) == rules(answer) for answer in answers))


def f1(marked: str, answers: Iterable[str], rules: Callable[[str], Tokens]) -> float:
    """The harmonic mean of precision and recall over tokens, with the answer that suits best."""
    return max((_f1(rules(marked), rules(answer)) for answer in answers), default=0.0)


def _f1(marked: Tokens, answer: Tokens) -> float:
    if not marked or not answer:
        return float(marked == answer)
    common = (Counter(marked) & Counter(answer)).total()
    return 2 * common / (len(marked) + len(answer))
