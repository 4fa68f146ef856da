"""What a model wants put before a query and before a passage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# sentence-transformers 6.2 adds an empty `document` to every model, and `encode_document` then
# takes that although there is a `passage`.
_DOCUMENT_KEYS = ("document", "passage", "corpus")
# The E5 models ask for these on their cards but, for the most part, not in their configuration
# (Wang et al. 2024, https://huggingface.co/intfloat/multilingual-e5-small).
_E5 = re.compile(r"(?:multilingual-)?e5-(?:small|base|large)(?:-v2)?")


@dataclass(frozen=True, slots=True)
class Prompts:
    """Put before the texts as they are, the space at the end included."""

    query: str = ""
    document: str = ""


def prompts_of(name: str, configured: Mapping[str, str | None]) -> Prompts:
    """The prompts of the model that goes by `name`: those configured, or what its card asks for."""
    document = (configured.get(key) for key in _DOCUMENT_KEYS)
    found = Prompts(configured.get("query") or "", next(filter(None, document), ""))
    if found == Prompts() and _E5.fullmatch(Path(name).name):
        return Prompts("query: ", "passage: ")
    return found
