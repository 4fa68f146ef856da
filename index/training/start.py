"""Where the embeddings start: at what an English teacher makes of the words.

An English word starts at the vector that all-MiniLM-L6-v2 gives it on its own, a word of another
language at the mean of its translations' in the bundled tables, a piece of words at the mean of
the words that hold it. Training from there knows far more of rare words than it could learn.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.training.teacher import teacher_folder
from index.translation import Translator

# The longest a row gets, and what is added to each number of it so that no two rows are equal.
LENGTH = 2.0
NOISE = 0.05
# A word of share p of the running text counts a / (a + p) (Arora, Liang & Ma 2017).
COMMON = 1e-4

Vectors = NDArray[np.float32]


def teacher_vectors(words: Sequence[str]) -> Vectors:
    """The teacher's unit vectors, `(n, 384)`, of English words, each on its own.

    Raises ModelError where the teacher is not installed.
    """
    folder = teacher_folder()
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds

    teacher = SentenceTransformer(str(folder), device="cpu")
    vectors = teacher.encode(list(words), batch_size=512, normalize_embeddings=True)
    return np.asarray(vectors, np.float32)


def word_vectors(
    language: str, words: Sequence[str], english: Mapping[str, Vectors], tables: Translator
) -> Vectors:
    """Unit vectors, `(n, dim)`, of the folded words of one language, without what they have in
    common; zeros for a word without a translation among the `english` ones.

    Each language loses its own mean: what is left tells words apart, not languages.
    """
    dim = len(next(iter(english.values())))
    rows = np.array(
        [_mean(_english_of(word, language, tables), english, dim) for word in words], np.float32
    ).reshape(len(words), dim)
    known = rows.any(axis=1)
    rows[known] -= rows[known].mean(axis=0)
    return _unit(rows)


def _english_of(word: str, language: str, tables: Translator) -> Mapping[str, float]:
    if language == "en" or "a" <= word[0] <= "z":
        return {word: 1.0}
    listed = language in tables.lists and word in tables.lists[language].places
    return tables.translate(word, language, "en") if listed else {}


def _mean(weights: Mapping[str, float], vectors: Mapping[str, Vectors], dim: int) -> Vectors:
    found = [weight * vectors[word] for word, weight in weights.items() if word in vectors]
    return np.sum(found, axis=0, dtype=np.float32) if found else np.zeros(dim, np.float32)


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-6), np.float32)


def piece_vectors(
    tokenizer: Tokenizer,
    counts: Mapping[str, Counter[str]],
    vectors: Mapping[str, Vectors],
    rng: np.random.Generator,
) -> Vectors:
    """A row for each piece of `tokenizer`: the direction of the words it is cut from, each counting
    by the root of its frequency and its share of the word.

    `vectors` has a language's rows in the order of its `counts`.
    """
    size, dim = tokenizer.get_vocab_size(), next(iter(vectors.values())).shape[1]
    sums, shares = np.zeros((size, dim), np.float32), np.zeros(size)
    for language, rows in vectors.items():
        words, total = counts[language], counts[language].total()
        cut = tokenizer.encode_batch(list(words), add_special_tokens=False)
        for row, n, pieces in zip(rows, words.values(), cut, strict=True):
            np.add.at(shares, pieces.ids, n / total / len(vectors))
            np.add.at(sums, pieces.ids, n**0.5 / max(1, len(pieces.ids)) * row)
    rare = (LENGTH * COMMON / (COMMON + shares)).astype(np.float32)
    noise = rng.normal(0, NOISE, (size, dim)).astype(np.float32)
    return _unit(sums) * rare[:, None] + noise


def taught_words(tables: Translator, n: int, dim: int) -> dict[str, Vectors]:
    """The first `n` English words of the tables with vectors of `dim` numbers, at most 384.

    Raises ModelError where the teacher is not installed.
    """
    words = tables.lists["en"].words[:n]
    rows = _narrowed(_unit(_centred(teacher_vectors(words))), dim)
    return dict(zip(words, rows, strict=True))


def taught_rows(
    tokenizer: Tokenizer,
    counts: Mapping[str, Counter[str]],
    english: Mapping[str, Vectors],
    tables: Translator,
    rng: np.random.Generator,
) -> Vectors:
    """A starting row for each piece of `tokenizer`, from the vectors of `english` words."""
    vectors = {
        language: word_vectors(language, list(words), english, tables)
        for language, words in counts.items()
    }
    return piece_vectors(tokenizer, counts, vectors, rng)


def _centred(rows: Vectors) -> Vectors:
    return np.asarray(rows - rows.mean(axis=0), np.float32)


def _narrowed(rows: Vectors, dim: int) -> Vectors:
    """The `dim` directions in which the rows differ most."""
    if dim >= rows.shape[1]:
        return rows
    _, _, directions = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(rows @ directions[:dim].T, np.float32)
