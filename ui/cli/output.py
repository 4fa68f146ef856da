"""Answers and hits as text for a terminal and as JSON for scripts."""

import textwrap
from typing import Any

from assistant.types import Answer, Citation, Sentence
from index.explain import Explanation
from index.types import Hit, Passage
from ui.cli.text import clean, one_line
from ui.cli.why import explanation_json, explanation_text
from ui.words import Words, words

_WIDTH = 96
# Around the words that answer while a line is broken; private characters, one column each.
_OPEN, _CLOSE = "\ue000", "\ue001"
_BOLD = str.maketrans({_OPEN: "\x1b[1m", _CLOSE: "\x1b[22m"})
_PLAIN = str.maketrans({_OPEN: "", _CLOSE: ""})


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object that `sanad ask --json` prints; scripts rely on its fields."""
    return {
        "question": answer.question,
        "query": answer.query,
        "language": answer.language,
        "refused": answer.refused,
        "confidence": answer.confidence,
        "calibration": answer.calibration,
        "text": answer.text,
        "sentences": [
            {
                "text": s.text,
                "citations": list(s.citations),
                "support": s.support,
                "words": [list(span) for span in s.words],
            }
            for s in answer.sentences
        ],
        "citations": [_citation_json(citation) for citation in answer.citations],
        "hits": [hit_json(hit) for hit in answer.hits],
        "generator": answer.generator,
        "notes": [{"kind": n.kind, "detail": n.detail, "n": n.n} for n in answer.notes],
        "timings_ms": dict(answer.timings_ms),
    }


def _citation_json(c: Citation) -> dict[str, Any]:
    return {
        "number": c.number,
        "doc_id": c.doc_id,
        "passage_id": c.passage_id,
        "title": c.title,
        "date": c.date.isoformat() if c.date else None,
        "language": c.language,
        "outlet": c.outlet,
        "url": c.url,
        "quote": c.quote,
        "start": c.start,
        "end": c.end,
        "anchor": c.anchor,
    }


def hit_json(hit: Hit, why: Explanation | None = None) -> dict[str, Any]:
    """A hit as `sanad search --json` and `sanad ask --json` print it, with its explanation if there
    is one."""
    shown = {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "scores": {name: round(score, 6) for name, score in hit.scores.items()},
        "doc_id": hit.passage.doc_id,
        "passage_id": hit.passage.passage_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
    }
    return shown if why is None else shown | {"explanation": explanation_json(hit, why)}


def passage_json(passage: Passage) -> dict[str, Any]:
    """A passage as programs are given it: its text, its place, what is known of it."""
    return {
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "language": passage.language,
        "title": passage.title,
        "date": passage.date.isoformat() if passage.date else None,
        "outlet": passage.outlet,
        "url": passage.url,
    }


def answer_text(answer: Answer, bold: bool = False) -> str:
    """The answer with its numbered sources, or the refusal with the nearest passages; the words
    that answer in `bold`, if the terminal shows it."""
    if answer.refused:
        label = words(answer.language)
        if not answer.hits:
            return label.refusal
        nearest = map(_nearest_text, answer.hits[:3])
        return "\n\n".join([label.refusal, label.nearest, *nearest])
    label = words(answer.language)
    said = "\n".join(_filled(_said(sentence, answer, label)) for sentence in answer.sentences)
    sure = label.confidence(answer.confidence)
    told = [sure, *_searched(answer, label), *map(label.note, answer.notes)]
    notes = "".join("\n\n" + _wrap(note) for note in told)
    said = said.translate(_BOLD if bold else _PLAIN)
    return said + notes + "\n\n" + "\n\n".join(map(_citation_text, answer.citations))


def _searched(answer: Answer, label: Words) -> list[str]:
    """What was searched, where that is not what was asked."""
    return [] if answer.query == answer.question else [f"{label.searched}: {answer.query}"]


def _said(sentence: Sentence, answer: Answer, label: Words) -> str:
    """A sentence with its markers, and in parentheses what is wrong with them."""
    caveat = label.caveat(sentence, answer.citations)
    markers = "".join(f"[{n}]" for n in sentence.citations)
    rest = " ".join(filter(None, (markers, caveat and f"({caveat})")))
    return f"{_marked(sentence)} {one_line(rest)}"


def _marked(sentence: Sentence) -> str:
    """The sentence as one harmless line, `_OPEN` and `_CLOSE` around the words that answer: `clean`
    lets neither through, so no text can hold them."""
    text, pieces, at = sentence.text, [], 0
    for start, end in sentence.words:
        pieces += [clean(text[at:start]), _OPEN, clean(text[start:end]), _CLOSE]
        at = end
    return " ".join("".join([*pieces, clean(text[at:])]).split())


def _nearest_text(hit: Hit) -> str:
    """A passage that does not answer: what it is of, how it begins, where it stands."""
    passage = hit.passage
    place = f"{clean(passage.doc_id)}:{passage.start}-{passage.end}"
    return f"{clean(_facts(passage))}\n{_wrap(_beginning(passage), '    ')}\n    {place}"


def _facts(about: Citation | Passage) -> str:
    """Title, outlet and date, as far as they are known."""
    known = (about.title, about.outlet, about.date and about.date.isoformat())
    return " · ".join(fact for fact in known if fact) or "(no title)"


def _beginning(passage: Passage) -> str:
    return textwrap.shorten(one_line(passage.text), 300, placeholder=" …")


def _citation_text(c: Citation) -> str:
    head = f"[{c.number}] {_facts(c)}"
    place = f"{clean(c.doc_id)}:{c.start}-{c.end}  {c.anchor}".rstrip()
    return f"{clean(head)}\n    “{one_line(c.quote)}”\n    {place}"


def hit_text(hit: Hit, why: Explanation | None = None) -> str:
    """A hit in a few lines: rank, scores, place, the beginning of its text, why it was found."""
    scores = "  ".join(f"{name} {score:.3f}" for name, score in hit.scores.items())
    passage = hit.passage
    place = f"{clean(passage.doc_id)}:{passage.start}-{passage.end}  ({passage.language})"
    shown = _wrap(_beginning(passage), "   ")
    explained = f"\n{explanation_text(hit, why)}" if why else ""
    return f"{hit.rank}. {hit.score:.3f}  ({scores})  {place}\n{shown}{explained}"


def _wrap(text: str, indent: str = "") -> str:
    return _filled(one_line(text), indent)


def _filled(line: str, indent: str = "") -> str:
    return textwrap.fill(
        line,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
