"""Evidence → numbered citations that point at the exact place."""

from assistant.evidence import Evidence
from assistant.types import Citation


def cite(number: int, evidence: Evidence) -> Citation:
    """The citation of a sentence: `document.text[start:end] == quote`."""
    passage = evidence.hit.passage
    start, end = passage.sentences[evidence.sentence]
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
