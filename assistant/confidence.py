"""The probability that the quoted sentences hold the answer, and what a stated risk asks of it."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evidence import Evidence, Reading
from assistant.overlap import Overlap
from assistant.questions import figures
from assistant.rereading import told
from index.queries import language_of

# Pairs of languages without data share what all pairs in one language, or across two, give.
OWN, ACROSS = "one language", "across languages"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of `features`: the intercept, then a weight each. By the languages of
    question and passage, `pairs`, its log-odds become `a + b * log-odds`. Answering whatever has at
    least the second of `risks`, the first of them is the share of wrong answers where half of the
    questions have none; risks rise."""

    intercept: float
    weights: tuple[float, ...]
    pairs: Mapping[str, tuple[float, float]]
    risks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Confidence:
    """A probability, 0 to 1, and the fit that it is calibrated by: a pair of languages (`en>ar`),
    or `OWN` or `ACROSS`, which pool pairs."""

    probability: float
    fit: str


def features(
    question: str,
    evidence: Sequence[Evidence],
    quoted: Sequence[Evidence],
    overlap: Overlap,
) -> tuple[float, ...]:
    """Of the passage of the best sentence: how many of the question's words it holds, as ln(1 + n);
    their share by what they tell; what its two most telling missing words make up; whether it is in
    another language; the first hit's share by words; the share of the question's figures that it
    lacks, the day of its publication counted; how likely the quoted sentences are to hold the
    answer, if one of the hits does; by how much the first hit outdoes the next; its cosine; and how
    the first quoted sentence was read: see `_read`."""
    best = evidence[0].hit.passage
    first, *others = sorted({e.hit.rank: e.hit for e in evidence}.values(), key=lambda h: h.rank)
    return (
        math.log1p(float(overlap.there.sum())),
        float(overlap.there @ overlap.weights),
        float(np.sort(overlap.missing)[-2:].sum()),
        float(language_of(question) != best.language),
        first.shares.get("bm25", 0.0),
        _lacking(question, evidence[0]),
        math.fsum(e.probability for e in quoted),
        first.score - others[0].score if others else 1.0,
        first.scores.get("dense", 0.0),
        *_read(quoted[0].reading),
    )


def confidence(
    question: str,
    evidence: Sequence[Evidence],
    quoted: Sequence[Evidence],
    overlap: Overlap,
    model: Calibration,
) -> Confidence:
    """That the sentences `quoted` of `evidence` hold the answer; 0.0 without any."""
    if not evidence or not quoted:
        return Confidence(0.0, ACROSS)
    found = features(question, evidence, quoted, overlap)
    odds = model.intercept + math.fsum(w * x for w, x in zip(model.weights, found, strict=True))
    fit = fit_of(language_of(question), evidence[0].hit.passage.language, model.pairs)
    shift, slope = model.pairs[fit]
    return Confidence(1 / (1 + math.exp(-(shift + slope * odds))), fit)


def fit_of(asked: str, answered: str, pairs: Container[str]) -> str:
    """Which fit of `pairs` serves a question in one language and passages in another."""
    pair = f"{asked}>{answered}"
    if pair in pairs:
        return pair
    return OWN if asked == answered else ACROSS


def threshold(max_risk: float, model: Calibration) -> float:
    """The confidence below which must be refused so that at most the share `max_risk` of the
    answers is wrong; between the risks that were measured, by a straight line."""
    risks, least = zip(*model.risks, strict=True)
    return float(np.interp(max_risk, risks, least))


def _read(reading: Reading | None) -> tuple[float, float, float, float]:
    """What the reader told of it, with the probability of the likeliest words before the last."""
    log_odds, here, unread = told(reading)
    return log_odds, here, reading.probability if reading else 0.0, unread


def _lacking(question: str, best: Evidence) -> float:
    passage = best.hit.passage
    known = figures(passage.text) | figures(passage.title or "")
    if passage.date:
        known |= {str(passage.date.year), str(passage.date.day)}
    given = figures(question)
    return len(given - known) / len(given) if given else 0.0
