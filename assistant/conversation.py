"""The turns so far and a message → a question that stands alone, by rules a reader can follow.

A message follows up when it begins with "and" or the like, refers by a pronoun, or names next to
nothing. One that asks something of its own («а где?», "who heads it?") is joined to what the turn
before named, and to who it was when that was asked; one that only changes a detail ("and in 2022?")
is put into the question before. Anything else is a new topic and stays as it is.
"""

import re
from dataclasses import dataclass

from assistant.leaning import TOKEN, asks, asks_who, leans, own_words
from assistant.questions import without_asking
from assistant.types import Answer
from index.analysis import term, words
from index.errors import NothingToFind
from index.queries import language_of, parse
from index.text import fold

# Turns that are remembered; only the last is read by the rules, the others by a language model.
MAX_TURNS = 4
MAX_TOPIC_WORDS = 24
MAX_ANSWER_CHARS = 600
# Longer words that answer are no name.
MAX_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was searched, the beginning of its answer, the passages that this cites, by
    their ids, in its order, and the words of it that answer, where they are clear and few."""

    query: str
    answer: str = ""
    passages: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first. A plain value: whoever asks keeps it."""

    turns: tuple[Turn, ...] = ()

    def after(self, answer: Answer) -> "Conversation":
        """The conversation with that answer as its last turn."""
        cited = tuple(dict.fromkeys(citation.passage_id for citation in answer.citations))
        turn = Turn(answer.query, answer.text[:MAX_ANSWER_CHARS], cited, _words_of(answer))
        return Conversation((*self.turns, turn)[-MAX_TURNS:])


NOTHING_SAID = Conversation()


def standalone(conversation: Conversation, message: str) -> str:
    """`message` as it is when it stands alone, or with what it leaves out."""
    if not conversation.turns:
        return message
    follows, bare = leans(message)
    if not follows:
        return message
    last = conversation.turns[-1]
    if asks(bare):
        return _joined(f"{_topic(last.query, bare)} {_person(last)}".strip(), bare)
    return _changed(last.query, bare)


def _words_of(answer: Answer) -> str:
    """The first words of an answer that are marked as answering; none where they are many."""
    marked = (s.text[start:end] for s in answer.sentences for start, end in s.words)
    told = next(marked, "")
    return told if len(told) <= MAX_NAME_CHARS else ""


def _person(turn: Turn) -> str:
    """Who it was, where the turn asked that: bare words, which demand nothing of a search."""
    told = turn.words[:MAX_NAME_CHARS]
    return " ".join(TOKEN.findall(told)) if asks_who(turn.query) and not _figures(told) else ""


def _without_exclusions(before: str) -> str:
    """The question before without the words it ruled out: they are no topic."""
    try:
        return parse(before).text
    except NothingToFind:
        return ""


def _topic(before: str, bare: str) -> str:
    """The words of the question before that name something and are not in the message: without
    those that ask, for the message asks something else; its figures only where the message has none
    of its own."""
    language = language_of(before)
    before = without_asking(_without_exclusions(before))
    known = {term(word, language) for word in words(bare)}
    named = {word for word in own_words(before) if term(word, language) not in known}
    if _figures(bare):
        named = {word for word in named if not word[0].isdigit()}
    kept = [token for token in TOKEN.findall(before) if named & set(words(token))]
    return " ".join(dict.fromkeys(kept[:MAX_TOPIC_WORDS]))


def _joined(topic: str, bare: str) -> str:
    return f"{topic}: {bare}" if topic else bare


def _changed(before: str, bare: str) -> str:
    """The question before with the figure of the message in place of its own, or with the message
    after it."""
    old, new = _figures(before), _figures(bare)
    if len(old) == len(new) == 1:
        changed = re.sub(rf"(?<!\d){old[0]}(?!\d)", new[0], before)
        named = set(own_words(bare)) - {fold(new[0])}
        return changed if named <= set(words(before)) else f"{changed} {bare}"
    return f"{before.rstrip(' ?؟')}: {bare}"


def _figures(text: str) -> list[str]:
    """The runs of digits, as they are written."""
    return re.findall(r"\d+", text)
