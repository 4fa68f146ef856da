"""The tokens of many words, by sentencepiece: seven times as quick as the tokenizer they are from.

Our tokenizer folds a text, cuts it at whatever is no letter and no digit, and gives each word the
pieces of the highest probability (Unigram, Kudo 2018). So does this, with our own folding, which is
the tokenizer's, and sentencepiece's search for those pieces. A test holds it to the tokenizer.
"""

import hashlib
import json
import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from index.text import fold_all

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# The first step of our tokenizer after folding; see `index.training.tokenizer`.
CUT = {
    "type": "Split",
    "pattern": {"Regex": r"[^\p{L}\p{N}]+"},
    "behavior": "Removed",
    "invert": False,
}
_STEPS = [
    CUT,
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
]
# The sum of the part of a tokenizer's state that folds as `index.text` does.
_FOLDING = "e50e6ade82d5814bb3243cdf5e5d8193282fce97a75a60c5b831d5f96911bb1f"

_WORD = re.compile(r"[^\W_]+")
# Where sentencepiece may say something else. What stands three times in a row has the same pieces
# in more than one order, all equally probable, and which wins hangs on how sums are rounded. And of
# a character that no piece holds, two libraries may not agree whether it is a letter.
_UNSURE = r"(.{{1,3}})\1\1|[^\0-\x7f{letters}]"


class Unigram:
    """What a tokenizer of ours makes of pieces without white space, without the tokenizer."""

    def __init__(self, model: dict[str, Any]) -> None:
        """`model` is that part of the tokenizer's state."""
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415 - only builds need it

        self._processor = SentencePieceProcessor(model_proto=_proto(model))
        letters = {letter for piece, _ in model["vocab"] for letter in piece}
        self._unsure = re.compile(_UNSURE.format(letters=re.escape("".join(sorted(letters)))))

    def of(self, pieces: Sequence[str]) -> list[bytes | None]:
        """The tokens of each piece as the bytes of 32-bit numbers; None where only the tokenizer
        can tell them."""
        folded = fold_all(pieces)
        words = [[piece] if piece.isalnum() else _WORD.findall(piece) for piece in folded]
        every = list(chain.from_iterable(words))
        found = iter(self._processor.encode(every, out_type=int, num_threads=1))
        tokens: list[bytes | None] = [
            array("i", chain.from_iterable(islice(found, len(of)))).tobytes() for of in words
        ]
        for number in self._unsure_of(folded):
            tokens[number] = None
        return tokens

    def _unsure_of(self, folded: Sequence[str]) -> Iterator[int]:
        """Which pieces the tokenizer has to tell; looked for in all at once."""
        joined = "\n".join(folded)
        at = number = 0
        for found in self._unsure.finditer(joined):
            number += joined.count("\n", at, found.start())
            at = found.start()
            yield number


def unigram_of(tokenizer: "Tokenizer") -> Unigram | None:
    """The same as a tokenizer, if it is of our kind."""
    state = json.loads(tokenizer.to_str())
    return Unigram(state["model"]) if _is_ours(state) else None


def _is_ours(state: dict[str, Any]) -> bool:
    """Whether a tokenizer, by its state, folds, cuts and chooses pieces as `Unigram` does."""
    model, steps = state["model"], state["pre_tokenizer"] or {}
    folding = json.dumps(state["normalizer"], sort_keys=True).encode()
    return bool(
        (model.get("type"), model.get("byte_fallback")) == ("Unigram", False)
        and steps.get("pretokenizers") == _STEPS
        and hashlib.sha256(folding).hexdigest() == _FOLDING
    )


def _proto(model: dict[str, Any]) -> bytes:
    """The pieces in sentencepiece's own format."""
    from sentencepiece import sentencepiece_model_pb2  # noqa: PLC0415

    made = cast("Any", sentencepiece_model_pb2).ModelProto()
    for number, (piece, score) in enumerate(model["vocab"]):
        kind = "UNKNOWN" if number == model["unk_id"] else "NORMAL"
        made.pieces.add(piece=piece, score=score, type=kind)
    made.trainer_spec.model_type = 1  # Unigram
    made.trainer_spec.unk_piece = model["vocab"][model["unk_id"]][0]
    made.trainer_spec.unk_id = model["unk_id"]
    made.trainer_spec.bos_id = made.trainer_spec.eos_id = made.trainer_spec.pad_id = -1
    made.normalizer_spec.name = "identity"
    made.normalizer_spec.remove_extra_whitespaces = False
    return bytes(made.SerializeToString())
