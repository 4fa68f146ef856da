"""Cosines on one scale, whatever the encoder.

The constants of fusion and evidence were chosen with the static encoder, by which texts that have
nothing to do with each other have a cosine of about 0. By E5 it is .75, and what is the same thing
said twice has .9. So cosines are read from what unrelated passages of the index have, as BERTScore
is rescaled (Zhang et al. 2020); by the bundled encoders from what they have anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.config import ACCURATE, BUNDLED

Vectors = NDArray[np.float32]

# Of the bundled ones: the transformer's is the mean over passages of different documents of a small
# archive, without the centres of their languages.
_KNOWN = {BUNDLED: 0.0, ACCURATE: 0.35}
# An archive on one subject has passages that are all alike, more than a question is like any of
# them (the seeds by E5: .86, and .79 a question with its passage). Then no more than this is taken
# off, about what E5 has between texts on anything.
_MOST = 0.75
# What cosines count beside words where it is not 1: the weights of fusion were chosen with the
# static encoder, and a better one may say more (`eval/LOG.md`).
_WEIGHTS = {ACCURATE: 3.0}
# A claim is compared with sentences that may tell the same on a scale that begins lower: chosen by
# drafts of which nothing is wrong (`eval/LOG.md`).
_OF_CLAIMS = {ACCURATE: 0.1}
# Passages that are compared with each other, spread evenly.
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Scale:
    """How the cosines of an index are read: from what `unrelated` texts have, which becomes 0, to
    1, those of a claim and a sentence from `claims`; and what `weight` they have beside words."""

    unrelated: float = 0.0
    weight: float = 1.0
    claims: float = 0.0

    def __call__(self, cosines: Vectors) -> Vectors:
        """The cosines on the common scale."""
        return (cosines - self.unrelated) / (1 - self.unrelated) if self.unrelated else cosines

    def of_claims(self, cosines: Vectors) -> Vectors:
        """Cosines on the common scale, on that of claims."""
        if self.claims == self.unrelated:
            return cosines
        plain = cosines * (1 - self.unrelated) + self.unrelated
        return (plain - self.claims) / (1 - self.claims)


def scale_of(encoder: str, unrelated: float) -> Scale:
    """That of an index, by the name of its encoder and what was `measured`."""
    claims = _OF_CLAIMS.get(encoder, unrelated)
    return Scale(unrelated, _WEIGHTS.get(encoder, 1.0), claims)


def measured(encoder: str, vectors: Vectors, doc_ids: Sequence[str]) -> float:
    """What the cosines of an index are read from, 0 to 0.75: the mean of passages of different
    documents, of any two where there is but one. `vectors` are unit rows, `doc_ids` say of which
    document each is. What is known of a bundled encoder, to which the other constants are fitted.
    """
    if encoder in _KNOWN or len(vectors) < 2:
        return _KNOWN.get(encoder, 0.0)
    chosen = np.linspace(0, len(vectors) - 1, min(len(vectors), _SAMPLE)).astype(np.int64)
    documents = np.array(doc_ids)[chosen]
    rows = np.asarray(vectors[chosen], np.float64)
    cosines = rows @ rows.T
    apart = documents[:, None] != documents
    if not apart.any():
        apart = ~np.eye(len(rows), dtype=bool)
    return float(np.clip(cosines[apart].mean(), 0.0, _MOST))
