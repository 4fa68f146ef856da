"""What is fitted to the hits of one kind of encoder, by numbers that everybody can see.

A transformer's cosines tell more than words do, and the static encoder's less: what each says for a
sentence, for an answer and for a refusal differs. The functions that weigh are given their part.
"""

from dataclasses import dataclass

from assistant.answerable import Refusal
from assistant.confidence import ACROSS, OWN, Calibration
from assistant.features import Features
from assistant.rereading import Reads, Weights
from index.config import BUNDLED


@dataclass(frozen=True, slots=True)
class Fit:
    """`translated`: what a hit in another language than the question's gains (`levelling`);
    `evidence`: what each feature says for a sentence; `reads`: what is read closely;
    `reading`: what the reader says for a sentence; `refusal`: when the archive does not seem to
    answer; `calibration`: how sure an answer is."""

    translated: float
    evidence: Features
    reads: Reads
    reading: Weights
    refusal: Refusal
    calibration: Calibration


# Fitted to the `fit` split of the development sets and the tuning half of the seeds' questions by
# `python -m eval.evidence BENCH` and `eval.calibration BENCH`, the refusal to the latter and the
# small archives by `eval.answerable --encoder fast`.
STATIC = Fit(
    translated=0.1,
    evidence=Features(
        coverage=0.2,
        cosine=2.1,
        alike=2.0,
        telling=4.2,
        alike_telling=3.3,
        passage=8.9,
        around=-2.1,
        before=2.2,
        after=1.7,
        together=1.6,
        date=4.5,
        amount=4.8,
        fragment=-1.2,
        headline=-4.0,
        other_language=0.0,
    ),
    reads=Reads(passages=2),
    reading=Weights(score=0.74, odds=0.32, here=0.01, unread=-1.93),
    refusal=Refusal(
        intercept=1.93,
        weights=(1.31, 0.48, 0.08),
        least=0.4,
    ),
    calibration=Calibration(
        intercept=-6.27,
        weights=(0.83, 0.68, 0.77, 1.34, -0.22, -1.31, 4.29, 1.16, 0.54, 0.11, 0.03, 0.19, -1.35),
        pairs={
            "ar>ar": (0.35, 1.02),
            "ar>en": (-0.16, 0.94),
            "ar>ru": (0.12, 0.99),
            "en>ar": (0.09, 1.0),
            "en>en": (-0.19, 1.12),
            "en>ru": (-0.19, 1.05),
            "fa>fa": (-0.35, 1.12),
            "ru>ar": (0.22, 0.78),
            "ru>en": (-0.27, 1.02),
            "ru>ru": (0.09, 0.98),
            OWN: (0.01, 1.05),
            ACROSS: (-0.01, 0.94),
        },
        risks=(
            *((0.0, 1.0), (0.05, 0.969), (0.1, 0.729), (0.15, 0.522), (0.2, 0.366)),
            *((0.25, 0.235), (0.3, 0.152), (0.35, 0.098), (0.4, 0.061), (0.45, 0.034)),
            *((0.5, 0.015), (0.6, 0.0), (1.0, 0.0)),
        ),
    ),
)

# Fitted to the small archives of news and the tuning half of the seeds' questions by the same with
# `--encoder accurate`, without BENCH; with other transformers it is untried.
TRANSFORMER = Fit(
    translated=0.5,
    evidence=Features(
        coverage=1.1,
        cosine=10.6,
        alike=-11.5,
        telling=4.1,
        alike_telling=14.7,
        passage=0.1,
        around=1.2,
        before=5.3,
        after=-1.9,
        together=-2.6,
        date=3.3,
        amount=2.3,
        fragment=0.7,
        headline=-2.9,
        other_language=-0.5,
    ),
    reads=Reads(passages=4, more=2),
    reading=Weights(score=0.66, odds=0.33, here=0.02, unread=-3.32),
    refusal=Refusal(
        intercept=-0.16,
        weights=(1.59, 0.27, 0.12),
        least=0.375,
    ),
    calibration=Calibration(
        intercept=-6.33,
        weights=(0.38, 0.59, 0.77, 0.37, 0.87, -0.63, 5.59, -0.29, 2.53, 0.1, -0.11, 0.0, 0.0),
        pairs={
            "ar>ar": (-0.15, 0.83),
            "ar>fa": (0.09, 0.82),
            "en>ar": (-0.02, 1.21),
            "fa>ar": (-0.19, 1.01),
            "fa>fa": (0.08, 0.96),
            "ru>ar": (-0.06, 1.01),
            OWN: (-0.05, 0.83),
            ACROSS: (-0.08, 0.95),
        },
        risks=(
            *((0.0, 1.0), (0.05, 0.913), (0.1, 0.906), (0.15, 0.774), (0.2, 0.701)),
            *((0.25, 0.556), (0.3, 0.498), (0.35, 0.401), (0.4, 0.302), (0.45, 0.201)),
            *((0.5, 0.134), (0.6, 0.0), (1.0, 0.0)),
        ),
    ),
)


def fit_for(encoder: str) -> Fit:
    """That of an index, by the name it knows its encoder by."""
    return STATIC if encoder == BUNDLED else TRANSFORMER
