"""Evidence → the sentences that answer, verbatim, with no language model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.config import AnswerConfig
from assistant.evidence import Evidence
from index.analysis import word_set

# A sentence is quoted after another if it, rather than any other, holds the answer with at least
# this probability: about one and a half in the question's language on the `fit` split
# (`eval/LOG.md`).
WORTH = 0.035
# Sentences that share this part of their words tell the same thing (Jaccard).
SAME_STORY = 0.7
# Scores closer than this are equal, and the question's language decides.
EQUAL_SUPPORT = 0.1


# A story that many papers copied is shown with so many of them beside the first.
MAX_REPEATS = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence to quote, and where other documents tell it in the same words, likeliest first."""

    evidence: Evidence
    repeats: tuple[Evidence, ...] = ()


def choose(
    evidence: Sequence[Evidence],
    language: str,
    config: AnswerConfig,
    first: Sequence[Evidence] = (),
) -> list[Choice]:
    """The sentences to quote, the likeliest first: at most `max_sentences` from `max_documents`,
    those that only repeat one aside.

    `evidence` is best first. Of sentences with equal support one in `language` is preferred. Those
    of `first`, one a document, are quoted before all others, however likely, alike and many.
    """
    chosen = list(first[: config.max_sentences])
    max_documents = max(config.max_documents, len(first))
    for candidate in _preferring(evidence, language):
        if len(chosen) == config.max_sentences:
            break
        documents = {e.hit.passage.doc_id for e in [*chosen, candidate]}
        if len(documents) > max_documents or any(_same(candidate, e) for e in chosen):
            continue
        if chosen and _probability(candidate, evidence) < WORTH:
            break
        chosen.append(candidate)
    others = [e for e in evidence if not any(e is one for one in chosen)]
    return [Choice(e, _repeats(e, others)) for e in chosen]


def _preferring(evidence: Sequence[Evidence], language: str) -> list[Evidence]:
    def key(candidate: Evidence) -> tuple[float, bool]:
        return -round(candidate.score / EQUAL_SUPPORT), candidate.hit.passage.language != language

    return sorted(evidence, key=key)


def _probability(candidate: Evidence, evidence: Sequence[Evidence]) -> float:
    """That it holds the answer, told here or in the same words elsewhere."""
    return math.fsum(e.probability for e in evidence if e is candidate or _same(e, candidate))


def _repeats(chosen: Evidence, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """One of each other document that tells the same."""
    found: dict[str, Evidence] = {}
    for other in evidence:
        doc_id = other.hit.passage.doc_id
        if doc_id != chosen.hit.passage.doc_id and doc_id not in found and _same(other, chosen):
            found[doc_id] = other
    return tuple(found.values())[:MAX_REPEATS]


def _same(a: Evidence, b: Evidence) -> bool:
    """Whether two sentences tell the same thing."""
    one, other = _words(a.text), _words(b.text)
    shared = len(one & other)
    return shared >= SAME_STORY * (len(one) + len(other) - shared)


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    """Each sentence of an answer's hits is compared with several others."""
    return word_set(text)
