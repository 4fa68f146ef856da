"""What the vectors of a transformer have in common by the language of their texts, taken off them.

By E5 two texts of one language are nearer to each other than their meanings are, so that a question
finds whatever is in its own language before the answer in another. Without what all questions, or
all passages, of a language share, more is left of what each of them says ("centering", Libovický,
Rosa & Fraser 2020). `python -m eval.centring` counts what they share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.queries import language_of

# In the folder of an encoder that has them: mean vectors in 16 bits, "queries.ar" and so on.
FILE = "centres.safetensors"
# How much of them is taken off: on the small archives .5 to .9 do alike (`eval/LOG.md`).
SHARE = 0.75

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Centres:
    """The mean vector of questions, and of passages, by language; none where nothing is known."""

    queries: Mapping[str, Vectors] = field(default_factory=dict)
    passages: Mapping[str, Vectors] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write them into the folder of an encoder."""
        sides = {"queries": self.queries, "passages": self.passages}
        named = {f"{side}.{x}": mean for side, of in sides.items() for x, mean in of.items()}
        save_file({name: mean.astype(np.float16) for name, mean in named.items()}, folder / FILE)

    @classmethod
    def load(cls, folder: Path) -> "Centres":
        """Those of an encoder's folder."""
        if not (folder / FILE).is_file():
            return cls()
        named = {k: v.astype(np.float32) for k, v in load_file(folder / FILE).items()}
        return cls(_of(named, "queries"), _of(named, "passages"))


def _of(named: Mapping[str, Vectors], side: str) -> dict[str, Vectors]:
    return {name.partition(".")[2]: v for name, v in named.items() if name.startswith(f"{side}.")}


def taken_off(vectors: Vectors, texts: Sequence[str], centres: Mapping[str, Vectors]) -> Vectors:
    """Unit rows `(n, dim)` without what the language of each text gives them, unit rows again; as
    they were in a language without a centre. The language is one of four, by script and letters."""
    if not centres:
        return vectors
    nothing = np.zeros(vectors.shape[1:], np.float32)
    shared = [SHARE * centres.get(language_of(text), nothing) for text in texts]
    left = vectors - np.array(shared, np.float32).reshape(vectors.shape)
    found: Vectors = left / np.linalg.norm(left, axis=1, keepdims=True)
    return found
