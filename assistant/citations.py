"""Sentences of passages → numbered citations that point at the exact place."""

from assistant.evidence import Evidence
from assistant.types import Citation
from index.types import Passage


def cite(number: int, evidence: Evidence) -> Citation:
    """The citation of a sentence: `document.text[start:end] == quote`."""
    return cite_sentences(number, evidence.hit.passage, evidence.sentence, evidence.sentence)


def cite_sentences(number: int, passage: Passage, first: int, last: int) -> Citation:
    """The citation of sentences `first` to `last`: `document.text[start:end] == quote`."""
    start, end = passage.sentences[first][0], passage.sentences[last][1]
    return Citation(
        number=number,
        doc_id=passage.doc_id,
        passage_id=passage.passage_id,
        title=passage.title,
        date=passage.date,
        language=passage.language,
        outlet=passage.outlet,
        url=passage.url,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
    )
