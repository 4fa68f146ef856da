"""Are follow-up questions understood? Whether each finds the right passage first, after the others.

A file of dialogues has one a line: fields id, language, kind (`follow-up` or `new-topic`) and
turns, each with a question, documents and answers as the questions on the seeds have them, and with
`standalone` where it leans on the turns before: the same written out. The turns after the first are
measured.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.conversation import Conversation
from assistant.types import Answer
from eval.answers import holds
from eval.datasets import check_known, language_code, refuse_twice
from eval.jsonl import read_jsonl, text_of, texts_of
from eval.report import aligned
from eval.seeds import half
from index.errors import DatasetError
from index.languages import UNKNOWN
from index.types import Document, Hit

SYSTEMS = ("resolved", "message alone", "both questions", "written out")


@dataclass(frozen=True, slots=True)
class Said:
    """A turn: a question, the same so that it stands alone, and by what the passage that answers it
    is known."""

    question: str
    standalone: str
    documents: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions that are asked one after the other."""

    dialogue_id: str
    language: str
    kind: str
    split: str
    turns: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a later turn: what was searched, and the rank of the right passage for each of
    `SYSTEMS`, None where it was not found."""

    dialogue: Dialogue
    message: str
    query: str
    ranks: Mapping[str, int | None]


def read_dialogues(file: Path, documents: Iterable[Document]) -> list[Dialogue]:
    """The dialogues of `file`. Raises DatasetError, which names file and line."""
    known = {document.doc_id for document in documents}
    found = [_dialogue(row, where, known) for where, row in read_jsonl(file)]
    refuse_twice((dialogue.dialogue_id for dialogue in found), f"'{file}'")
    return found


def _dialogue(row: Mapping[str, Any], where: str, known: set[str]) -> Dialogue:
    dialogue_id = text_of(row, "id", where)
    turns = row.get("turns")
    if not isinstance(turns, list) or not all(isinstance(t, dict) for t in turns) or len(turns) < 2:
        raise DatasetError(f"{where} has no two turns; give it a list of objects as 'turns'")
    said = tuple(_said(turn, where) for turn in turns)
    for doc_id in (doc_id for turn in said for doc_id in turn.documents):
        check_known(doc_id, known, "document", "the seed documents", where)
    return Dialogue(
        dialogue_id,
        language_code(text_of(row, "language", where, UNKNOWN)),
        text_of(row, "kind", where, "follow-up"),
        half(dialogue_id),
        said,
    )


def _said(turn: Mapping[str, Any], where: str) -> Said:
    question = text_of(turn, "question", where)
    standalone = text_of(turn, "standalone", where, question)
    return Said(
        question, standalone, texts_of(turn, "documents", where), texts_of(turn, "answers", where)
    )


def hold(
    dialogues: Iterable[Dialogue],
    ask: Callable[[str, Conversation], Answer],
    search: Callable[[str], Sequence[Hit]],
) -> list[Outcome]:
    """Hold every dialogue from its beginning; `search` gives the hits of a query on its own."""
    outcomes = []
    for dialogue in dialogues:
        conversation = Conversation()
        for i, turn in enumerate(dialogue.turns):
            answer = ask(turn.question, conversation)
            conversation = conversation.after(answer)
            if i:
                both = f"{dialogue.turns[i - 1].question} {turn.question}"
                alone = (turn.question, both, turn.standalone)
                found = (answer.hits, *map(search, alone))
                ranks = {s: rank(hits, turn) for s, hits in zip(SYSTEMS, found, strict=True)}
                outcomes.append(Outcome(dialogue, turn.question, answer.query, ranks))
    return outcomes


def rank(hits: Sequence[Hit], turn: Said) -> int | None:
    """The rank of the first passage that is from a document that answers and holds an answer."""
    right = (
        hit.rank
        for hit in hits
        if hit.passage.doc_id in turn.documents and holds([hit.passage.text], turn.answers)
    )
    return next(right, None)


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares (0 to 1) of the turns whose right passage is first, or among the first three, overall
    and by group; and each turn with its ranks."""
    return {
        "n_turns": len(outcomes),
        "overall": _shares(outcomes),
        "by_language": _by(outcomes, lambda o: o.dialogue.language),
        "by_kind": _by(outcomes, lambda o: o.dialogue.kind),
        "turns": [
            {"id": o.dialogue.dialogue_id, "message": o.message, "query": o.query, "ranks": o.ranks}
            for o in outcomes
        ],
    }


def _by(outcomes: Sequence[Outcome], of: Callable[[Outcome], str]) -> dict[str, dict[str, Any]]:
    groups = sorted({of(outcome) for outcome in outcomes})
    return {group: _shares([o for o in outcomes if of(o) == group]) for group in groups}


def _shares(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "n_turns": len(outcomes),
        "first": {s: _within(outcomes, s, 1) for s in SYSTEMS},
        "first three": {s: _within(outcomes, s, 3) for s in SYSTEMS},
    }


def _within(outcomes: Sequence[Outcome], system: str, k: int) -> float:
    return sum((o.ranks[system] or k + 1) <= k for o in outcomes) / max(1, len(outcomes))


def to_text(outcomes: Sequence[Outcome]) -> str:
    """Two tables of the shares, then a line for each turn whose right passage was not first."""
    found = to_json(outcomes)
    groups = {"overall": found["overall"], **found["by_language"], **found["by_kind"]}
    tables = [_table(place, groups) for place in ("first", "first three")]
    missed = [
        f"{o.dialogue.dialogue_id}  {o.message}  → {o.query}"
        for o in outcomes
        if o.ranks["resolved"] != 1
    ]
    return "\n\n".join([*tables, "\n".join(missed)])


def _table(place: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [name, str(of["n_turns"]), *(f"{of[place][s]:.3f}" for s in SYSTEMS)]
        for name, of in groups.items()
    ]
    return aligned([[f"right passage {place}", "turns", *SYSTEMS], *rows])
