"""What a sentence says that its source, in the same language, does not: a claim may share its names
and titles with the source and be invented all the same."""

from collections.abc import Sequence

import numpy as np

from assistant.features import wanted
from assistant.likeness import UNLIKE, held, likeness, met
from index.analysis import term, words
from index.types import Passage, QueryTerm

# Less of a claim than this, by weight, and it says more than its source, ...
_MET = 0.7
# ... if so many of its words resemble none of the source's, ...
_N_STRANGE = 2
# ... unless a sentence of the source is as near to it in meaning as this.
_NEAR = 0.55


def says_more(asked: Sequence[QueryTerm], passages: Sequence[Passage], cosine: float) -> bool:
    """Whether passages hold too little of a claim in their language, whose words are `asked`, for
    it to be theirs in other words; `cosine` is the largest of one of their sentences with it."""
    sought = wanted("", asked)
    if not sought.terms or cosine >= _NEAR:
        return False
    found = [word for passage in passages for word in dict.fromkeys(words(passage.text))]
    there = {term(word, passages[0].language) for word in found}
    exact = np.array([held(item, there) for item in sought.terms])
    likest = likeness([item.word for item in sought.terms], found).max(axis=1, initial=-1.0)
    share = float(sought.weights @ met(exact, likest))
    strange = np.count_nonzero((exact == 0) & (likest < UNLIKE))
    return share < _MET and int(strange) >= _N_STRANGE
