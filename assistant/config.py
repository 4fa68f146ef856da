"""How an answer is chosen and when none is given."""

from dataclasses import dataclass

# Longer than any question; what is longer is a document pasted by mistake.
MAX_QUESTION_CHARS = 2_000

# Words that are at least so likely to be the answer are marked: of those on `fit` four fifths hold
# an acceptable one.
CLEAR = 0.4

# Of the passages that do not answer, so many are shown.
N_NEAREST = 3


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """`n_hits` passages are read; at most `max_sentences` from `max_documents` are quoted, from
    more where each gives another value for what is asked.

    With `max_risk` (0 to 1) so much is refused that at most that share of the answers is wrong, as
    far as the calibration knows; with 1 nothing is. With None only what the archive does not seem
    to answer is refused."""

    n_hits: int = 8
    max_sentences: int = 3
    max_documents: int = 2
    max_risk: float | None = None
