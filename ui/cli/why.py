"""Why a hit was found, as text for a terminal and as JSON for scripts."""

from typing import Any

from index.explain import Explanation, Met, Part
from index.types import Hit
from ui.cli.text import clean, one_line

_HOW = {
    "same": "",
    "form": " (another form)",
    "acronym": " (full name)",
    "translation": " (translated)",
    "sound": " (by sound)",
}


def explanation_json(hit: Hit, why: Explanation) -> dict[str, Any]:
    """The object `explanation` of a hit."""
    return {
        "terms": [{"word": m.word, "found": m.found, "how": m.how} for m in why.met],
        "missing": list(why.missing),
        "sentence": None if why.sentence is None else _sentence_json(hit, why.sentence),
        "parts": [
            {
                "retriever": part.retriever,
                "rank": part.rank,
                "score": round(part.score, 6),
                "adds": round(part.adds, 6),
            }
            for part in why.parts
        ],
    }


def _sentence_json(hit: Hit, i: int) -> dict[str, Any]:
    """The sentence and where it stands in the document."""
    start, end = hit.passage.sentences[i]
    at = hit.passage.start
    return {"text": hit.passage.text[start:end], "start": at + start, "end": at + end}


def explanation_text(hit: Hit, why: Explanation) -> str:
    """A few lines: words, best sentence, retrievers."""
    lines = ["words: " + ("; ".join(map(_met, why.met)) or "none of them is in it")]
    if why.met and why.missing:
        lines.append("not in it: " + ", ".join(why.missing))
    if why.sentence is not None:
        lines.append(f"best sentence: “{hit.passage.sentence(why.sentence)}”")
    lines.extend(map(_part, why.parts))
    return "\n".join(f"   {one_line(line)}" for line in lines)


def _met(met: Met) -> str:
    met_word = met.word if met.how == "same" else f"{met.word} → {met.found}"
    return clean(met_word) + _HOW[met.how]


def _part(part: Part) -> str:
    rank = "" if part.rank is None else f"rank {part.rank}, "
    return f"{part.retriever}: {rank}score {part.score:.3f}, adds {part.adds:.3f}"
