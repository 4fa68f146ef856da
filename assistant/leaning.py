"""Does a message lean on what was said before it: by its opening, a pronoun, or saying little."""

import re
import unicodedata
from collections.abc import Mapping

from assistant.pronouns import (
    ARABIC_ATTACHABLE,
    ARABIC_COPULA,
    ARABIC_NOT_ATTACHED,
    ARABIC_WITH_WAW,
    ASKING,
    BINDABLE,
    OPENINGS,
    PERSIAN_NOT_ATTACHED,
    REFERRING,
    WEAKLY_REFERRING,
    WHAT_OF_WHO,
    WHO,
)
from index.analysis import words
from index.queries import content_words, language_of
from index.text import fold

# With more words of its own than this, a message that begins with "and" stands alone all the same,
# and "this" in it points at something it names itself.
_FEW = 3
# The word that asks stands among the first: «в каком году», «از چه سالی», "and since when".
_ASKS_WITHIN = 4
_NAMING = "sanad"
TOKEN = re.compile(r"[^\W_]+(?:['’\u200c-][^\W_]+)*")
_ATTACHED = re.compile(r"(?!(?:و|ف)?(?:ال|بال|لل)).{2,}(?:ها|هما|هم|هن|ه)$")


def asks(message: str) -> bool:
    """Whether one of the first words of `message` is one that asks."""
    asking = ASKING[language_of(message)]
    return any(word in asking for word in words(message)[:_ASKS_WITHIN])


def asks_who(question: str) -> bool:
    """Whether `question`, or what was joined to its topic, asks for a person: by the first of its
    words that ask."""
    tail = question.rpartition(": ")[2]
    asked = tail if asks(tail) else question
    language, said = language_of(asked), words(asked)
    first = next((i for i, word in enumerate(said) if word in ASKING[language]), len(said))
    word, following = (*said[first : first + 2], "", "")[:2]
    if word == WHAT_OF_WHO:
        return following in WHO[language]
    return word in WHO[language] and following not in ASKING[language]


def leans(message: str) -> tuple[bool, str]:
    """Whether `message` leans on what was said before it, and the same without its opening."""
    bare = _without_opening(message.strip())
    opened = bare != message.strip() or _with_waw(bare)
    return _follows_up(bare, opened), bare


def own_words(message: str) -> list[str]:
    """The words of a message that name something: neither asking nor pointing."""
    # With a word that names something at its end, a message of none gives none.
    found = content_words(f"{message} {_NAMING}")[:-1]
    language = language_of(message)
    skipped = ASKING[language] | REFERRING[language] | WEAKLY_REFERRING[language]
    return [word for word in found if word not in skipped]


def _follows_up(bare: str, opened: bool) -> bool:
    own = own_words(bare)
    few = len(own) <= _FEW
    if _refers_back(bare, few):
        return True
    if few and (opened or _attached(bare) or _refers(bare, WEAKLY_REFERRING)):
        return True
    return len(own) <= 1 and not _names(bare)


def _refers_back(message: str, few: bool) -> bool:
    """Whether a pronoun stands for something said before, rather than for a name that a long
    message has before it."""
    language = language_of(message)
    said = ARABIC_COPULA.sub(r"\1 ", fold(message)) if language == "ar" else message
    named = False
    for i, token in enumerate(TOKEN.findall(said)):
        found = set(words(token))
        bound = named and not few and bool(found & BINDABLE[language])
        if found & REFERRING[language] and not bound:
            return True
        named = named or (i > 0 and token[:1].isupper())
    return False


def _refers(message: str, pronouns: Mapping[str, frozenset[str]]) -> bool:
    return not pronouns[language_of(message)].isdisjoint(words(message))


def _attached(message: str) -> bool:
    """Whether a pronoun is written onto a word: رئيسها in Arabic, نام‌شان and رئیسش in Persian."""
    tokens = TOKEN.findall(_bare_letters(message))
    of_language = {"ar": _attached_in_arabic, "fa": _attached_in_persian}.get(language_of(message))
    return of_language is not None and any(map(of_language, tokens))


def _bare_letters(text: str) -> str:
    """`text` without diacritics, but with ta marbuta, which folding makes a he."""
    marked = unicodedata.normalize("NFC", text)
    return "".join(char for char in marked if unicodedata.category(char) != "Mn")


def _attached_in_arabic(token: str) -> bool:
    return bool(_ATTACHED.fullmatch(token)) and fold(token) not in ARABIC_NOT_ATTACHED


def _attached_in_persian(token: str) -> bool:
    word, joiner, ending = token.rpartition("\u200c")
    if joiner and word and ending in {"اش", "شان", "ش"}:
        return True
    return len(token) > 3 and token.endswith("ش") and fold(token) not in PERSIAN_NOT_ATTACHED


def _names(message: str) -> bool:
    """Whether a word within the message is written as a name; only Latin and Cyrillic show it."""
    return any(token[:1].isupper() for token in TOKEN.findall(message)[1:])


def _with_waw(message: str) -> bool:
    """Whether a message that asks nothing begins with و written onto a name: وجوزيف."""
    if language_of(message) != "ar" or asks(message):
        return False
    first = "".join(words(message)[:1])
    return len(first) > 3 and first[0] == "و" and first not in ARABIC_WITH_WAW


def _without_opening(text: str) -> str:
    """The message without "and", "what about" and the like."""
    for _ in range(2):  # "and what about …"
        text = text[_opening(text) :].lstrip(" ,،—–-:")
    first = words(text)[:1] if language_of(text) == "ar" else []
    if first and first[0][:1] == "و" and first[0][1:] in ARABIC_ATTACHABLE:
        # The letter may be written as one of its presentation forms.
        text = text[next(match.start() for match in TOKEN.finditer(text)) + 1 :]
    return text


def _opening(text: str) -> int:
    """Where the opening of a text ends, by the language of the text or of its first word («А
    Ford?»); 0 without one."""
    folded, places = fold(text), [match.end() for match in TOKEN.finditer(text)]
    languages = {language_of(text), language_of(text[: places[0]])} if places else set()
    for opening in (opening for language in sorted(languages) for opening in OPENINGS[language]):
        if re.match(rf"{opening}(?!\w)", folded):
            return places[len(words(opening)) - 1]
    return 0
