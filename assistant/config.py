"""How an answer is chosen and when none is given."""

from dataclasses import dataclass

# Longer than any question; what is longer is a document pasted by mistake.
MAX_QUESTION_CHARS = 2_000

# On the tuning half of the seeds' questions this refuses 81 % of those that the archive does not
# answer and 9 % of the others (`python -m eval.calibration`).
MIN_CONFIDENCE = 0.675

# Of the passages that do not answer, so many are shown.
N_NEAREST = 3


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """`n_hits` passages are read; at most `max_sentences` from `max_documents` are quoted; below
    `min_confidence` (0 to 1) the answer is a refusal."""

    n_hits: int = 8
    max_sentences: int = 3
    max_documents: int = 2
    min_confidence: float = MIN_CONFIDENCE
