"""Answers as the browser keeps them, and back.

A browser keeps data, never HTML: what is read from its storage is checked to be an Answer and
drawn anew by `ui.render`, so that whatever got into the storage can say a lie but run no script
(the page's policy must allow inline scripts, because Gradio has some).
"""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from assistant.config import N_NEAREST
from assistant.types import Answer

_ANSWERS = TypeAdapter(Answer)


def dump(answer: Answer) -> dict[str, Any]:
    """What JSON needs to hold of an answer for it to be shown again: of the hits only those."""
    cited = {citation.passage_id for citation in answer.citations}
    shown = [hit for hit in answer.hits if hit.passage.passage_id in cited]
    hits = answer.hits[:N_NEAREST] if answer.refused else shown
    kept: dict[str, Any] = _ANSWERS.dump_python(replace(answer, hits=tuple(hits)), mode="json")
    return kept


def load(data: Any) -> Answer:
    """The answer that was dumped. Raises ValueError for what is none."""
    return _ANSWERS.validate_python(data)
