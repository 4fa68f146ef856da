"""Does a number count what a question counts? 57 states answers "how many countries", 15 years does
not."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from assistant.likeness import held
from assistant.questions import counted
from assistant.values import is_measure, new_values
from index.analysis import term
from index.types import QueryTerm

# From here on (`likeness.met`) a word after a number names what is counted.
NAMED = 0.3


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a sentence: how surely (0 to 1) it counts what is asked for, and whether it is a
    share or has a measure."""

    counts: float
    measured: bool


def thing_counted(question: str, terms: Sequence[QueryTerm]) -> int | None:
    """Which of the question's words is what it counts; None where it counts nothing, or asks for so
    many years, miles, dollars, per cent: one measure is told in another."""
    places = {item.word: i for i, item in enumerate(terms)}
    thing = next((x for x in counted(question) if x in places or is_measure(x)), None)
    return None if thing is None or is_measure(thing) else places[thing]


def amounts(
    texts: Sequence[str], besides: Container[str], named: Callable[[str], float]
) -> list[list[Amount]]:
    """The amounts of each of some texts that have no figure among `besides`; `named` tells how far
    (0 to 1) a folded word names what is counted."""
    found = [new_values(text, "amount", besides) for text in texts]
    return [
        [Amount(max(map(named, value.after), default=0.0), value.measured) for value in own]
        for own in found
    ]


def naming(thing: QueryTerm, language: str, near: Mapping[str, float]) -> Callable[[str], float]:
    """How far (0 to 1) a folded word of a text in `language` names a thing: as itself, or as a word
    that is `near` in meaning by so much."""
    exact = {each: held(thing, (each,)) for each in thing.terms}

    def named(word: str) -> float:
        return max(exact.get(term(word, language), 0.0), near.get(word, 0.0))

    return named
