"""The turns so far and a message → a question that stands alone, by rules a reader can follow.

A message follows up when it begins with "and" or the like, refers by a pronoun, or names next to
nothing. One that asks something of its own («а где?», "who heads it?") is joined to what the turn
before named; one that only changes a detail ("and in 2022?") is put into the question before.
Anything else is a new topic and stays as it is.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.pronouns import (
    ARABIC_ATTACHABLE,
    ARABIC_NOT_ATTACHED,
    ASKING,
    OPENINGS,
    PERSIAN_NOT_ATTACHED,
    REFERRING,
    WEAKLY_REFERRING,
)
from assistant.types import Answer
from index.analysis import term, words
from index.errors import NothingToFind
from index.queries import content_words, language_of, parse
from index.text import fold

# Turns that are remembered; only the last is read by the rules, the others by a language model.
MAX_TURNS = 4
MAX_TOPIC_WORDS = 24
MAX_ANSWER_CHARS = 600
# With more words of its own than this, a message that begins with "and" stands alone all the same,
# and "this" in it points at something it names itself.
_FEW = 3
# The word that asks stands among the first: «в каком году», «از چه سالی», "and since when".
_ASKS_WITHIN = 4
_NAMING = "sanad"
_TOKEN = re.compile(r"[^\W_]+(?:['’\u200c-][^\W_]+)*")
_ATTACHED = re.compile(r"(?!(?:و|ف)?(?:ال|بال|لل)).{2,}(?:ها|هما|هم|هن|ه)$")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was searched, the beginning of its answer, and the passages that this cites,
    by their ids, in its order."""

    query: str
    answer: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first. A plain value: whoever asks keeps it."""

    turns: tuple[Turn, ...] = ()

    def after(self, answer: Answer) -> "Conversation":
        """The conversation with that answer as its last turn."""
        cited = tuple(dict.fromkeys(citation.passage_id for citation in answer.citations))
        turn = Turn(answer.query, answer.text[:MAX_ANSWER_CHARS], cited)
        return Conversation((*self.turns, turn)[-MAX_TURNS:])


NOTHING_SAID = Conversation()


def standalone(conversation: Conversation, message: str) -> str:
    """`message` as it is when it stands alone, or with what it leaves out."""
    if not conversation.turns:
        return message
    bare, opened = _without_opening(message)
    if not _follows_up(bare, opened):
        return message
    before = conversation.turns[-1].query
    if asks(bare):
        return _joined(_topic(before, bare), bare)
    return _changed(before, bare)


def asks(message: str) -> bool:
    """Whether one of the first words of `message` is one that asks."""
    asking = ASKING[language_of(message)]
    return any(word in asking for word in words(message)[:_ASKS_WITHIN])


def _follows_up(bare: str, opened: bool) -> bool:
    own = _own_words(bare)
    few = len(own) <= _FEW
    if _refers(bare, REFERRING):
        return True
    if few and (opened or _attached(bare) or _refers(bare, WEAKLY_REFERRING)):
        return True
    return len(own) <= 1 and not _names(bare)


def _own_words(message: str) -> list[str]:
    """The words of a message that name something: neither asking nor pointing."""
    # With a word that names something at its end, a message of none gives none.
    found = content_words(f"{message} {_NAMING}")[:-1]
    language = language_of(message)
    skipped = ASKING[language] | REFERRING[language] | WEAKLY_REFERRING[language]
    return [word for word in found if word not in skipped]


def _refers(message: str, pronouns: Mapping[str, frozenset[str]]) -> bool:
    return not pronouns[language_of(message)].isdisjoint(words(message))


def _attached(message: str) -> bool:
    """Whether a pronoun is written onto a word: رئيسها in Arabic, نام‌شان and رئیسش in Persian."""
    tokens = _TOKEN.findall(_bare_letters(message))
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
    return any(token[:1].isupper() for token in _TOKEN.findall(message)[1:])


def _without_opening(message: str) -> tuple[str, bool]:
    """The message without "and", "what about" and the like, and whether it began so."""
    text = message.strip()
    for _ in range(2):  # "and what about …"
        folded = fold(text)
        for opening in OPENINGS[language_of(text)]:
            if re.match(rf"{opening}(?!\w)", folded):
                n = len(words(opening))
                places = [match.end() for match in _TOKEN.finditer(text)]
                text = text[places[n - 1] :].lstrip(" ,،—–-:")
                break
    first = words(text)[:1] if language_of(text) == "ar" else []
    if first and first[0][:1] == "و" and first[0][1:] in ARABIC_ATTACHABLE:
        # The letter may be written as one of its presentation forms.
        text = text[next(match.start() for match in _TOKEN.finditer(text)) + 1 :]
    return text, text != message.strip()


def _without_exclusions(before: str) -> str:
    """The question before without the words it ruled out: they are no topic."""
    try:
        return parse(before).text
    except NothingToFind:
        return ""


def _topic(before: str, bare: str) -> str:
    """The words of the question before that name something and are not in the message; its figures
    only where the message has none of its own."""
    before, language = _without_exclusions(before), language_of(before)
    known = {term(word, language) for word in words(bare)}
    named = {word for word in _own_words(before) if term(word, language) not in known}
    if _figures(bare):
        named = {word for word in named if not word[0].isdigit()}
    kept = [token for token in _TOKEN.findall(before) if named & set(words(token))]
    return " ".join(dict.fromkeys(kept[:MAX_TOPIC_WORDS]))


def _joined(topic: str, bare: str) -> str:
    return f"{topic}: {bare}" if topic else bare


def _changed(before: str, bare: str) -> str:
    """The question before with the figure of the message in place of its own, or with the message
    after it."""
    old, new = _figures(before), _figures(bare)
    if len(old) == len(new) == 1:
        changed = re.sub(rf"(?<!\d){old[0]}(?!\d)", new[0], before)
        named = set(_own_words(bare)) - {fold(new[0])}
        return changed if named <= set(words(before)) else f"{changed} {bare}"
    return f"{before.rstrip(' ?؟')}: {bare}"


def _figures(text: str) -> list[str]:
    """The runs of digits, as they are written."""
    return re.findall(r"\d+", text)
