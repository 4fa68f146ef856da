"""Hits in the question's language and in others, on one level."""

from dataclasses import replace

import pytest

from assistant.levelling import level
from index.types import Hit
from tests.test_evidence import hit


def found(written: str, name: str, **shares: float) -> Hit:
    one = hit("Text.", doc_id=name)
    passage = replace(one.passage, language=written)
    return replace(one, passage=passage, score=sum(shares.values()), shares=shares)


def order(hits: list[Hit]) -> list[str]:
    return [each.passage.doc_id for each in hits]


def test_a_passage_in_another_language_gains_what_translation_loses() -> None:
    near = found("en", "near", bm25=1.0, language=0.2)
    translated = found("ar", "translated", bm25=0.95)
    levelled = level([near, translated], "en", 0.1)
    assert order(levelled) == ["translated", "near"]
    assert [each.rank for each in levelled] == [1, 2]
    assert [each.score for each in levelled] == pytest.approx([0.95 + 0.1, 1.0])
    assert all(sum(each.shares.values()) == each.score for each in levelled)


def test_what_is_plainly_better_stays_first() -> None:
    hits = [found("en", "right", bm25=2.0, language=0.2), found("ar", "other", bm25=1.0)]
    assert order(level(hits, "en", 0.1)) == ["right", "other"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hits_in_one_language_stay_as_they_were(language: str) -> None:
    hits = [found("en", "a", bm25=1.0), found("en", "b", bm25=0.9)]
    assert level(hits, language, 0.1) == hits
    assert level([], language, 0.1) == []


def test_hits_that_a_reranker_ordered_stay_as_they_were() -> None:
    hits = [found("en", "a", reranker=0.9), found("ar", "b", reranker=0.8)]
    assert level(hits, "en", 0.1) == hits
