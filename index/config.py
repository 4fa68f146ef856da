"""What an index is built with, and the fingerprint by which a stale one is known."""

import hashlib
import json
from dataclasses import asdict, dataclass

# Raised whenever the same documents and settings would give another index: the layout of a
# generation, the folding, the terms, the cutting into passages.
FORMAT = 6

BUNDLED = "bundled"
# The bundled encoders: a static one, which is the default, and a transformer.
FAST, ACCURATE = "fast", "accurate"


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """`encoder` is `bundled`, `fast`, `accurate`, a sentence-transformers folder or a hub name.

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
