"""Train the bundled static encoder: contrastive learning on sentence pairs.

One embedding a token, a text is the mean of its tokens at unit length; symmetric InfoNCE with
in-batch negatives (Henderson et al. 2017; van den Oord et al. 2018) through sentence-transformers'
own trainer, model and loss. A batch holds one language pair, or questions with the sentences that
answer them.
"""

import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from datasets import Dataset, DatasetDict
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer import losses
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer
from torch.utils.data import BatchSampler, SequentialSampler

from index.training.pairs import Pair, keyword_pairs, sample
from index.training.start import taught_rows, taught_words
from index.training.tokenizer import UNKNOWN, balance, count_words, train_tokenizer
from index.translation import bundled_tables


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of a training run; the card of the model prints it."""

    # Pieces of words that Unigram finds, and frequent words that it would cut.
    n_pieces: int = 48_000
    n_words: int = 32_000
    dim: int = 384
    steps: int = 1_200
    batch_size: int = 2_048
    # Share of the batches by what they hold; pairs through English are fewer and noisier.
    share_english: float = 0.5
    share_joined: float = 0.24
    share_questions: float = 0.1
    share_within: float = 0.16
    # InfoNCE's temperature is 1 / scale.
    scale: float = 20.0
    learning_rate: float = 0.005
    # Where the embeddings start: at the English teacher's vectors (see `index.training.start`), or
    # at random ones of this standard deviation. At torch's 1.0 a rare token keeps its random
    # vector, which outweighs the learned ones in every mean: accuracy@1 on flores200 en>ar after
    # 400 steps was .395 at 1.0 and .872 at 0.1.
    teacher: bool = True
    # English words of the tables that the teacher is asked about.
    taught_words: int = 65_536
    initial_deviation: float = 0.1
    # A row's length is its weight in a mean. To find passages telling words should weigh more than
    # to find translations: after training each row is lengthened by this power of its length.
    emphasis: float = 0.5
    seed: int = 7
    # Texts a language from which the vocabulary is counted.
    vocabulary_texts: int = 200_000


SMALL = Recipe(
    n_pieces=3_000,
    n_words=1_000,
    dim=32,
    steps=20,
    batch_size=128,
    taught_words=500,
    vocabulary_texts=5_000,
)

Batches = dict[str, list[Pair]]


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from, as `index.training.pairs` gives it: `pairs` (with English), `joined`
    (through English) and `questions` by language pair, `passages` by passage."""

    pairs: Mapping[str, Sequence[Pair]]
    joined: Mapping[str, Sequence[Pair]]
    questions: Mapping[str, Sequence[Pair]]
    passages: Mapping[str, Sequence[Pair]]


# How model2vec knows a folder of its own kind.
_MODEL2VEC = {"model_type": "model2vec", "architectures": ["StaticModel"], "normalize": True}


def train(material: Material, recipe: Recipe, out: Path) -> SentenceTransformer:
    """Train a static encoder and save it to `out`."""
    rng = random.Random(recipe.seed)
    counts = word_counts(material, recipe, rng)
    tokenizer = vocabulary(counts, recipe)
    batches = plan_batches(material, recipe, rng)
    embedding = StaticEmbedding(
        tokenizer, embedding_weights=starting_rows(tokenizer, counts, recipe)
    )
    embedding.embedding.sparse = True
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    _fit(model, batches, recipe, out.parent / f"{out.name}.run")
    emphasise(embedding, recipe.emphasis)
    save(model, out)
    return model


def word_counts(material: Material, recipe: Recipe, rng: random.Random) -> dict[str, Counter[str]]:
    """How often each folded word stands in a sample of each language's texts."""
    texts = _texts_by_language(material, recipe.vocabulary_texts, rng)
    return {language: count_words(items) for language, items in texts.items()}


def vocabulary(counts: Mapping[str, Counter[str]], recipe: Recipe) -> Tokenizer:
    """One vocabulary over all languages, each weighing the same."""
    running_words = max(count.total() for count in counts.values())
    return train_tokenizer(balance(counts, running_words), recipe.n_pieces, recipe.n_words)


def starting_rows(
    tokenizer: Tokenizer, counts: Mapping[str, Counter[str]], recipe: Recipe
) -> NDArray[np.float32]:
    """The embeddings before the first step, a row a token."""
    rng = np.random.default_rng(recipe.seed)
    if recipe.teacher:
        english = taught_words(bundled_tables(), recipe.taught_words, recipe.dim)
        return taught_rows(tokenizer, counts, english, bundled_tables(), rng)
    size = tokenizer.get_vocab_size(), recipe.dim
    return rng.normal(0, recipe.initial_deviation, size).astype(np.float32)


def _texts_by_language(material: Material, n: int, rng: random.Random) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for table in (material.pairs, material.questions):
        for name, items in table.items():
            drawn = sample(items, n, rng) if table is material.pairs else items
            for side, language in enumerate(name.split("-")):
                found = [pair.right if side else pair.left for pair in drawn]
                texts.setdefault(language, []).extend(found)
    return texts


def plan_batches(material: Material, recipe: Recipe, rng: random.Random) -> Batches:
    """For each kind its rows, batch after batch, a multiple of the batch size."""
    size = recipe.batch_size
    batches = _translation_batches(material.pairs, recipe.share_english, recipe, rng)
    batches |= _translation_batches(material.joined, recipe.share_joined, recipe, rng)
    if material.questions:
        drawn = _question_batches(material.questions, size, rng)
        batches["questions"] = _rows(drawn, recipe.steps * recipe.share_questions)
    within = _within_batches(material, recipe, rng)
    batches["within"] = _rows(within, recipe.steps * recipe.share_within)
    return {name: rows for name, rows in batches.items() if rows}


def _rows(batches: Iterator[list[Pair]], n: float) -> list[Pair]:
    return [pair for batch in itertools.islice(batches, round(n)) for pair in batch]


def _translation_batches(
    table: Mapping[str, Sequence[Pair]], share: float, recipe: Recipe, rng: random.Random
) -> Batches:
    """`share` of the steps, each language pair by the root of its size."""
    batches: Batches = {}
    total = sum(len(items) ** 0.5 for items in table.values())
    for name, items in table.items():
        n_batches = round(recipe.steps * share * len(items) ** 0.5 / total)
        rows = sample(items, n_batches * recipe.batch_size, rng)
        batches[name] = rows[: len(rows) // recipe.batch_size * recipe.batch_size]
    return batches


def _within_batches(material: Material, recipe: Recipe, rng: random.Random) -> Iterator[list[Pair]]:
    """Batches of what lies within one language: up to a third leads to passages, a row each, for
    two of one passage would be false negatives of each other; the rest are words of sentences."""
    size = recipe.batch_size
    n = round(recipe.steps * recipe.share_within + 1) * size
    each = n // max(1, len(material.pairs)) + 1
    keywords = [p for items in material.pairs.values() for p in keyword_pairs(items, each, rng)]
    rng.shuffle(keywords)
    drawn = itertools.cycle(keywords)
    while keywords:
        some = [rng.choice(items) for items in material.passages.values() if items]
        batch = rng.sample(some, min(len(some), size // 3))
        yield batch + list(itertools.islice(drawn, size - len(batch)))


def _question_batches(
    questions: Mapping[str, Sequence[Pair]], size: int, rng: random.Random
) -> Iterator[list[Pair]]:
    """Batches without two rows of the same question or the same answering sentence: as negatives
    of each other they would be false ones. Sets in several languages share their order, so a row
    number stands for one question in whatever language it is drawn."""
    rows = [(pair.source, i, pair) for items in questions.values() for i, pair in enumerate(items)]
    while True:
        rng.shuffle(rows)
        seen: set[object] = set()
        batch: list[Pair] = []
        for source, i, pair in rows:
            keys = {(source, i), pair.left, pair.right}
            if not keys & seen and len(batch) < size:
                seen |= keys
                batch.append(pair)
        yield batch + rng.choices(batch, k=size - len(batch))


def _fit(model: SentenceTransformer, batches: Batches, recipe: Recipe, folder: Path) -> None:
    steps = sum(len(rows) for rows in batches.values()) // recipe.batch_size
    optimizer = torch.optim.SparseAdam(list(model.parameters()), lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.0, 1 - step / steps))
    trainer = _SparseTrainer(
        model=model,
        args=_arguments(recipe, folder),
        train_dataset=DatasetDict(
            {
                name: Dataset.from_dict(
                    {"anchor": [p.left for p in rows], "positive": [p.right for p in rows]}
                )
                for name, rows in batches.items()
            }
        ),
        loss=losses.MultipleNegativesRankingLoss(
            model,
            scale=recipe.scale,
            directions=("query_to_doc", "doc_to_query"),
            partition_mode="per_direction",
        ),
        optimizers=(optimizer, schedule),
    )
    trainer.train()


class _SparseTrainer(SentenceTransformerTrainer):
    """The trainer logs a gradient norm at every step, which torch lacks for sparse gradients."""

    def _get_grad_norm(self, model: Any, grad_norm: Any = None) -> float:  # noqa: ARG002
        return 0.0


class _InOrder(DefaultBatchSampler):
    """Rows in the order in which `plan_batches` laid them."""

    def __init__(self, dataset: Any, batch_size: int, drop_last: bool, **_: Any) -> None:
        BatchSampler.__init__(self, SequentialSampler(dataset), batch_size, drop_last)


def _arguments(recipe: Recipe, folder: Path) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=1,
        per_device_train_batch_size=recipe.batch_size,
        max_grad_norm=0.0,  # clipping has no sparse form
        batch_sampler=_InOrder,
        multi_dataset_batch_sampler="proportional",
        use_cpu=True,
        seed=recipe.seed,
        logging_steps=100,
        save_strategy="no",
        report_to="none",
        disable_tqdm=False,
    )


def emphasise(embedding: StaticEmbedding, power: float) -> None:
    """Multiply each row by this power of its length."""
    with torch.no_grad():
        rows = embedding.embedding.weight
        rows *= rows.norm(dim=1, keepdim=True).clamp(min=1e-6) ** power


def save(model: SentenceTransformer, out: Path) -> None:
    """Write the model folder with its weights in 8 bits, each row to its own scale, as model2vec
    and sentence-transformers both read them; the row of the unknown token is zero.

    A zero row counts for nothing once the mean is brought to unit length, which is how model2vec,
    which drops unknown tokens, comes to the same vector.
    """
    embedding = cast("StaticEmbedding", model[0])
    rows = embedding.embedding.weight.detach().numpy().copy()
    rows[embedding.tokenizer.token_to_id(UNKNOWN)] = 0
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-9).astype(np.float32) / 127
    bytes_ = np.round(rows / scales[:, None]).astype(np.int8)
    out.mkdir(parents=True, exist_ok=True)
    model.save(str(out), create_model_card=False)
    save_file({"embeddings": bytes_, "weights": scales}, out / "model.safetensors")
    (out / "config.json").write_text(json.dumps(_MODEL2VEC, indent=1) + "\n", encoding="utf-8")
