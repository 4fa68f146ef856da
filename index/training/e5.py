"""multilingual-e5-small, as it was packed → a sentence-transformers folder, with fewer pieces if
that is asked for.

Of XLM-R's 250,000 pieces a corpus in a few languages meets a fifth. The rows of the others are left
out, those of every single character that the corpus meets stay: no text of its languages becomes
unknown that was not.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import modules
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.training.packed import Packed
from index.training.tokenizer import UNKNOWN, WORD_START, character_map, onig

# XLM-R's, at these places.
_START, _PAD, _END, _UNKNOWN = "<s>", "<pad>", "</s>", UNKNOWN
_MARKS = (_START, _PAD, _END, _UNKNOWN)
PROMPTS = {"query": "query: ", "document": "passage: "}

# What the file calls the weights of a layer, what transformers does, and their last dimension.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}


def write(packed: Packed, kept: Sequence[int], out: Path) -> SentenceTransformer:
    """Save the model with the pieces `kept`, by their numbers, and give it back: mean pooling, unit
    vectors, 512 tokens."""
    with tempfile.TemporaryDirectory() as body:
        bert(packed, kept).save_pretrained(body)
        _wrapped(tokenizer(packed, kept), packed.sizes.positions).save_pretrained(body)
        transformer = modules.Transformer(body, max_seq_length=packed.sizes.positions)
    pooling = modules.Pooling(packed.sizes.hidden, "mean")
    model = SentenceTransformer(
        modules=[transformer, pooling, modules.Normalize()], prompts=PROMPTS, device="cpu"
    )
    model.save(str(out), create_model_card=False)
    return model


def kept_pieces(packed: Packed, counts: Mapping[int, int] | None, least: int) -> list[int]:
    """The numbers of the pieces met `least` times (all without `counts`), of the marks, and of
    every single character that was met, also at the start of a word."""
    if counts is None:
        return list(range(len(packed.pieces)))
    return [
        i
        for i, (piece, _) in enumerate(packed.pieces)
        if piece in _MARKS or counts.get(i, 0) >= (least if _is_long(piece) else 1)
    ]


def _is_long(piece: str) -> bool:
    return len(piece.removeprefix(WORD_START)) > 1


def count_pieces(packed: Packed, texts: Iterable[str]) -> Counter[int]:
    """How often each piece is met in `texts`, before each of which stands a prompt."""
    whole = tokenizer(packed, range(len(packed.pieces)))
    waiting, counts, n = iter(texts), Counter[int](), 0
    while batch := list(islice(waiting, 10_000)):
        n += len(batch)
        for encoding in whole.encode_batch_fast(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    for prompt in PROMPTS.values():
        counts.update(dict.fromkeys(whole.encode(prompt, add_special_tokens=False).ids, n))
    return counts


def tokenizer(packed: Packed, kept: Sequence[int]) -> Tokenizer:
    """XLM-R's, with the pieces `kept`.

    SentencePiece's map of characters also composes (e and an accent make é), for which the packed
    one has no entry: that is NFC's.
    """
    pieces = [packed.pieces[i] for i in kept]
    made = Tokenizer(models.Unigram(pieces, _MARKS.index(_UNKNOWN), byte_fallback=False))
    removed = "".join(chr(c) for c, becomes in packed.characters.items() if c and not becomes)
    becomes = {c: "".join(map(chr, b)) for c, b in packed.characters.items() if c and b}
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(Regex(f"[{onig(removed)}]"), ""),
            normalizers.Precompiled(character_map(becomes)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=WORD_START, prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single=f"{_START} $A {_END}",
        special_tokens=[(mark, _MARKS.index(mark)) for mark in (_START, _END)],
    )
    made.add_special_tokens([AddedToken(mark, normalized=False) for mark in _MARKS])
    return made


def _wrapped(made: Tokenizer, n_tokens: int) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made,
        bos_token=_START,
        cls_token=_START,
        eos_token=_END,
        sep_token=_END,
        unk_token=_UNKNOWN,
        pad_token=_PAD,
        model_max_length=n_tokens,
    )


def pieces_of(packed: Packed, made: Tokenizer) -> list[int]:
    """The numbers of the pieces that a tokenizer made of it has kept."""
    numbers = {piece: i for i, (piece, _) in enumerate(packed.pieces)}
    return [numbers[piece] for piece, _ in json.loads(made.to_str())["model"]["vocab"]]


def bert(packed: Packed, kept: Sequence[int]) -> BertModel:
    """The model itself, with the pieces `kept`."""
    sizes = packed.sizes
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=_MARKS.index(_PAD),
    )
    made: BertModel = BertModel(config)
    # The pooler, which nothing asks, is not in the file, but transformers misses it where it lacks.
    state = {name: torch.zeros_like(value) for name, value in made.state_dict().items()}
    for name, found in _weights(packed, kept).items():
        state[name] = torch.from_numpy(found).view_as(state[name])
    made.load_state_dict(state)
    return made


def _weights(packed: Packed, kept: Sequence[int]) -> dict[str, NDArray[np.float32]]:
    """By the names of transformers, each in one row."""
    words = packed.tensor("emb.word").reshape(packed.sizes.rows, packed.sizes.hidden)
    found = {"embeddings.word_embeddings.weight": words[list(kept)]}
    found |= {f"embeddings.{name}": packed.tensor(n) for n, name in _EMBEDDINGS.items()}
    for layer in range(packed.sizes.layers):
        for short, name in _LAYER.items():
            for end, part in (("w", "weight"), ("b", "bias")):
                theirs = f"encoder.layer.{layer}.{name}.{part}"
                found[theirs] = packed.tensor(f"l{layer}.{short}.{end}")
    return found
