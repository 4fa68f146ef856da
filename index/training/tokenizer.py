"""A tokenizer over four scripts that folds text as `index.text` does.

The folding travels inside `tokenizer.json`: what is ignored is removed, half-spaces become spaces,
NFKC composes, and one precompiled character map (the format of SentencePiece, Kudo & Richardson
2018) does everything else in a single pass, where a chain of replacements made tokenization several
times slower. Words are runs of letters and digits; punctuation gives no token, for in a mean of
token vectors it would only dilute the words.
"""

import math
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, cast

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.text import HALF_SPACES, IGNORED, fold, fold_char

UNKNOWN = "<unk>"
# Unigram's own mark for the start of a word.
WORD_START = "▁"
_WORD = r"[\p{L}\p{N}]+"
_NOT_WORD = r"[^\p{L}\p{N}]+"


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Frequencies of the words of `texts`, folded."""
    splitter = pre_tokenizers.Split(Regex(_NOT_WORD), behavior="removed")
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word, _ in splitter.pre_tokenize_str(fold(text)))
    return counts


def balance(counts_by_language: Mapping[str, Counter[str]], total: int) -> Counter[str]:
    """One count over all languages in which each language has about `total` running words."""
    balanced: Counter[str] = Counter()
    for counts in counts_by_language.values():
        scale = total / max(1, counts.total())
        balanced.update({word: max(1, round(n * scale)) for word, n in counts.items() if n > 1})
    return balanced


def train_tokenizer(counts: Counter[str], n_pieces: int, n_words: int = 0) -> Tokenizer:
    """A Unigram tokenizer (Kudo 2018) of at most `n_pieces` pieces from word counts, and the
    `n_words` most frequent words that it would cut, whole.

    Unigram spends its pieces on what shortens the text most and cuts words as frequent as *или*;
    a mean of token vectors knows them better whole, most of all in Arabic.
    """
    pieces = _unigram_pieces(counts, n_pieces)
    return assemble(pieces + _whole_words(counts, {piece for piece, _ in pieces}, n_words))


def _whole_words(
    counts: Counter[str], known: Collection[str], n_words: int
) -> list[tuple[str, float]]:
    """Words with their log probabilities, the scale on which Unigram weighs its pieces."""
    total = counts.total()
    new = (
        (WORD_START + word, math.log(n / total))
        for word, n in counts.most_common()
        if len(word) > 1 and WORD_START + word not in known
    )
    return list(islice(new, n_words))


def assemble(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Normalizer, word splitter and Unigram model as one tokenizer; piece 0 is the unknown one."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = folding_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_NOT_WORD), behavior="removed"),
            pre_tokenizers.Metaspace(replacement=WORD_START, prepend_scheme="always", split=False),
        ]
    )
    return tokenizer


def folding_normalizer() -> normalizers.Normalizer:
    """`index.text.fold` as a `tokenizers` normalizer, but for the merging of white space."""
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{onig(IGNORED)}]"), ""),
            normalizers.Replace(Regex(f"[{HALF_SPACES}]"), " "),
            normalizers.NFKC(),
            normalizers.Precompiled(character_map(_folded())),
        ]
    )


def onig(character_class: str) -> str:
    """The same class for the regular expressions of `tokenizers`, every end written as \\x{…}."""
    return "".join(c if c == "-" else f"\\x{{{ord(c):x}}}" for c in character_class)


def _folded() -> dict[int, str]:
    """Every character that folding changes."""
    folded = {cp: fold_char(chr(cp)) for cp in range(0x20, 0x1F000) if not 0xD800 <= cp < 0xE000}
    return {cp: text for cp, text in folded.items() if text != chr(cp)}


def character_map(becomes: Mapping[int, str]) -> bytes:
    """What code points become, in SentencePiece's precompiled format."""
    lines = [f"{cp:X}\t{' '.join(f'{ord(c):X}' for c in text)}" for cp, text in becomes.items()]
    with tempfile.TemporaryDirectory() as folder:
        rule_file = Path(folder) / "fold.tsv"
        rule_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        model = _sentencepiece(
            Path(folder), Counter({"a": 2, "b": 1}), 5, normalization_rule_tsv=str(rule_file)
        )
    return bytes(model.normalizer_spec.precompiled_charsmap)


def _unigram_pieces(counts: Counter[str], vocabulary_size: int) -> list[tuple[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        model = _sentencepiece(
            Path(folder), counts, vocabulary_size, normalization_rule_name="identity"
        )
    return [(piece.piece, piece.score) for piece in model.pieces]


def _sentencepiece(folder: Path, counts: Counter[str], vocabulary_size: int, **options: Any) -> Any:
    """A trained SentencePiece model as its protocol buffer, which has no types."""
    import sentencepiece  # noqa: PLC0415 - only training needs it
    from sentencepiece import sentencepiece_model_pb2  # noqa: PLC0415

    words = folder / "words.tsv"
    words.write_text("".join(f"{word}\t{n}\n" for word, n in counts.items()), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(words),
        input_format="tsv",
        model_prefix=str(folder / "unigram"),
        model_type="unigram",
        vocab_size=vocabulary_size,
        hard_vocab_limit=False,
        character_coverage=0.9998,
        max_sentence_length=1 << 16,
        bos_id=-1,
        eos_id=-1,
        unk_piece=UNKNOWN,
        split_by_unicode_script=False,
        num_threads=2,
        minloglevel=2,
        **options,
    )
    model = cast("Any", sentencepiece_model_pb2).ModelProto()
    model.ParseFromString((folder / "unigram.model").read_bytes())
    return model
