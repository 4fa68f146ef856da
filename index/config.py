"""What an index is built with, and the fingerprint by which a stale one is known."""

import hashlib
import json
from dataclasses import asdict, dataclass

# Raised whenever the same documents and settings would give another index: the layout of a
# generation, the folding, the terms, the cutting into passages, what these are embedded with.
FORMAT = 7

# The bundled encoders: a static one, which an index knows by the older name, and a transformer.
BUNDLED = "bundled"
FAST, ACCURATE = "fast", "accurate"
# The transformer while the files have no more than so many bytes, which it embeds in less than a
# minute on two cores; else the static one.
AUTO = "auto"
ACCURATE_UP_TO = 500_000


def told(encoder: str) -> str:
    """An encoder by the name that a user is told."""
    return FAST if encoder == BUNDLED else encoder


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """`encoder` is `auto`, `bundled`, `fast`, `accurate`, a sentence-transformers folder or a hub
    name; an index says which one it has, so never `auto`.

    A passage is whole sentences, about `min_words` to `max_words` words.
    """

    encoder: str = BUNDLED
    min_words: int = 80
    max_words: int = 200

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when the index would."""
        canonical = json.dumps({**asdict(self), "format": FORMAT}, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]
