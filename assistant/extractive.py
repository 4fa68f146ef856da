"""Evidence → the sentences that answer, verbatim, with no language model."""

import math
from collections.abc import Sequence

from assistant.config import AnswerConfig
from assistant.evidence import Evidence
from index.analysis import words

# Sentences are quoted until one of them holds the answer with this probability, if any does: about
# one and three quarters on the `fit` split (`python -m eval.evidence`).
ENOUGH = 0.7
# Sentences that share this part of their words tell the same thing (Jaccard).
SAME_STORY = 0.7
# Scores closer than this are equal, and the question's language decides.
EQUAL_SUPPORT = 0.1


def choose(evidence: Sequence[Evidence], language: str, config: AnswerConfig) -> list[Evidence]:
    """The sentences to quote, at most `max_sentences` from `max_documents`: the best one first,
    the others as they are read, document by document.

    `evidence` is best first. Of sentences with equal support one in `language` is preferred.
    """
    chosen: list[Evidence] = []
    for candidate in _preferring(evidence, language):
        if len(chosen) == config.max_sentences or _sure(chosen) >= ENOUGH:
            break
        documents = {e.hit.passage.doc_id for e in chosen} | {candidate.hit.passage.doc_id}
        if len(documents) <= config.max_documents and not _told(candidate, chosen):
            chosen.append(candidate)
    return _in_order(chosen)


def _preferring(evidence: Sequence[Evidence], language: str) -> list[Evidence]:
    def key(candidate: Evidence) -> tuple[float, bool]:
        return -round(candidate.score / EQUAL_SUPPORT), candidate.hit.passage.language != language

    return sorted(evidence, key=key)


def _sure(chosen: Sequence[Evidence]) -> float:
    return math.fsum(e.probability for e in chosen)


def _told(candidate: Evidence, chosen: Sequence[Evidence]) -> bool:
    new = set(words(candidate.text))
    return any(_jaccard(new, set(words(e.text))) >= SAME_STORY for e in chosen)


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0


def _in_order(chosen: Sequence[Evidence]) -> list[Evidence]:
    documents = list(dict.fromkeys(e.hit.passage.doc_id for e in chosen))

    def key(e: Evidence) -> tuple[int, int, int]:
        return documents.index(e.hit.passage.doc_id), e.hit.passage.start, e.sentence

    return [*chosen[:1], *sorted(chosen[1:], key=key)]
