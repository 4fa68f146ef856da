"""Answers as they were given → something to be written up: turns, and the sources they rest on.

What is read is what `sanad ask --json` prints, one object or one a line, or a conversation:

    {"title": "…", "turns": [{"question": "…", "answer": {…}}, …]}

Of an answer `question`, `language`, `refused`, `sentences` (`text`, `citations`) and `citations`
(`number`, `anchor`, `quote` and what is known of the article) count; anything else is ignored.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.anchors import Anchor, Found, anchor_of, anchors_in, find_all, parse_anchor
from assistant.errors import AnchorError
from assistant.places import moved, source_at
from assistant.references import Reference, Source, first_words, visible
from index.archive import Documents
from index.errors import InputError

# A conversation of a thousand turns is some megabytes.
MAX_CHARS = 32 << 20


@dataclass(frozen=True)
class Said:
    """A sentence of an answer and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cited:
    """A citation of an answer, as JSON has it."""

    number: int
    quote: str
    anchor: str = ""
    doc_id: str = ""
    start: int = 0
    title: str | None = None
    date: datetime.date | None = None
    language: str = "und"
    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Answered:
    """An answer, as JSON has it."""

    question: str
    language: str = "en"
    refused: bool = False
    sentences: tuple[Said, ...] = ()
    citations: tuple[Cited, ...] = ()

    @property
    def cited(self) -> tuple[Cited, ...]:
        """What it rests on; a refusal shows what it does not rest on."""
        return () if self.refused else self.citations


@dataclass(frozen=True)
class _Turn:
    question: str
    answer: Answered | None = None


@dataclass(frozen=True)
class _Kept:
    turns: tuple[_Turn | Answered, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and of what it rests on the places in `WriteUp.sources`."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A question and what was answered; no lines for a refusal."""

    question: str
    language: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WriteUp:
    """Questions and answers, and every source in the order in which they use them.

    `notices` are lines about sources that are not where they were; `language` is that of the first
    answer.
    """

    title: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    language: str = "en"
    notices: tuple[str, ...] = field(default=())


_READ = TypeAdapter(_Kept | Answered)


def read_answers(text: str) -> tuple[str, list[Answered]]:
    """The title and the answers of a conversation. Raises InputError."""
    if len(text) > MAX_CHARS:
        raise InputError(f"the conversation has {len(text):,} characters; export it in parts")
    return _gathered(map(_checked, _values(text)))


def answers_of(conversation: Any) -> tuple[str, list[Answered]]:
    """The same of a conversation as an object. Raises InputError."""
    return _gathered([_checked(conversation)])


def _gathered(found: Iterable[_Kept | Answered]) -> tuple[str, list[Answered]]:
    kept = list(found)
    answers = [answer for one in kept for answer in _answers(one)]
    if not answers:
        raise InputError("there is no answer in it; give what `sanad ask --json` prints")
    return next((one.title for one in kept if isinstance(one, _Kept)), ""), answers


def write_up(
    answers: Sequence[Answered],
    documents: Documents,
    accessed: datetime.date | None = None,
    title: str = "",
) -> WriteUp:
    """The answers with their sources, found anew in the archive, where they are known best.

    A source that the archive no longer has is as the answer gave it, and a notice says so.
    """
    sources: list[Source] = []
    notices: list[str] = []
    sections = []
    # What one look finds for all; an anchor that cannot be one is left out, and so not found.
    known = [_place(cited) for answer in answers for cited in answer.cited]
    found = find_all((one for place in known for one in anchors_in(str(place))), documents)
    for answer in answers:
        places = {}
        for cited in answer.cited:
            places[cited.number] = len(sources)
            source, told = _source(cited, found, accessed)
            sources.append(source)
            notices.extend(filter(None, [told]))
        sections.append(_section(answer, places))
    shown = visible(title) or sections[0].question
    return WriteUp(shown, tuple(sections), tuple(sources), answers[0].language, tuple(notices))


def _section(answer: Answered, places: Mapping[int, int]) -> Section:
    """`places` are those of its citations in `WriteUp.sources`, by number."""
    lines = tuple(
        Line(said.text, tuple(places[n] for n in said.citations if n in places))
        for said in answer.sentences
    )
    return Section(visible(answer.question), answer.language, () if answer.refused else lines)


def _source(
    cited: Cited, found: Mapping[Anchor, Found | None], accessed: datetime.date | None
) -> tuple[Source, str | None]:
    place = _place(cited)
    try:
        source = source_at(place, found.get(place), accessed)
    except AnchorError as error:
        return _as_given(cited, place, accessed), str(error)
    return source, moved(place, found.get(place))


def _place(cited: Cited) -> Anchor:
    """Its anchor; where it has none, as citations once had not, what it says of its place."""
    if cited.anchor:
        return parse_anchor(cited.anchor)
    return anchor_of(cited.doc_id, "0" * 12, cited.start, cited.quote)


def _as_given(cited: Cited, place: Anchor, accessed: datetime.date | None) -> Source:
    year = cited.date.year if cited.date else "nd"
    reference = Reference(
        key=f"{cited.language}{year}-{place.name}",
        title=visible(cited.title or first_words(cited.quote)),
        authors=(),
        outlet=cited.outlet,
        day=cited.date,
        stated=None,
        language=cited.language,
        url=cited.url,
        accessed=accessed if cited.url else None,
    )
    return Source(reference, visible(cited.quote), place)


def _values(text: str) -> Iterable[Any]:
    """The JSON in a text: one value, or one a line."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise InputError(f"that is no JSON ({' '.join(str(error).split())[:80]})") from None


def _checked(value: Any) -> _Kept | Answered:
    try:
        return _READ.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if not str(part).startswith("_"))
        raise InputError(
            f"that is no conversation and no answer of `sanad ask --json`: {where or 'it'}: "
            f"{' '.join(first['msg'].split())[:80]}"
        ) from None


def _answers(kept: _Kept | Answered) -> Iterable[Answered]:
    if isinstance(kept, Answered):
        return [kept]
    turns = (turn if isinstance(turn, Answered) else turn.answer for turn in kept.turns)
    return [answer for answer in turns if answer]
