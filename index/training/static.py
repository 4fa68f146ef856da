"""Train the bundled static encoder: contrastive learning on sentence pairs.

One embedding a token, a text is the mean of its tokens at unit length; symmetric InfoNCE with
in-batch negatives (Henderson et al. 2017; van den Oord et al. 2018) through sentence-transformers'
own trainer, model and loss. A batch holds one language pair, or questions with the sentences that
answer them.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from datasets import Dataset, DatasetDict
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

from index.training.pairs import Pair, sample
from index.training.tokenizer import UNKNOWN, balance, count_words, train_tokenizer


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of a training run; the card of the model prints it."""

    vocabulary_size: int = 48_000
    dim: int = 256
    steps: int = 1_800
    batch_size: int = 2_048
    # Share of the batches by what they hold; pairs through English are fewer and noisier.
    share_english: float = 0.6
    share_joined: float = 0.3
    share_questions: float = 0.1
    # InfoNCE's temperature is 1 / scale.
    scale: float = 20.0
    learning_rate: float = 0.015
    # Standard deviation of the embeddings at the start. At torch's 1.0 a rare token keeps its
    # random vector, which outweighs the learned ones in every mean: accuracy@1 on flores200
    # en>ar after 400 steps was .395 at 1.0 and .872 at 0.1.
    initial_deviation: float = 0.1
    seed: int = 7
    # Texts a language from which the vocabulary is counted.
    vocabulary_texts: int = 200_000


SMALL = Recipe(vocabulary_size=4_000, dim=32, steps=20, batch_size=128, vocabulary_texts=5_000)

Batches = dict[str, list[Pair]]


def train(
    pairs: Mapping[str, Sequence[Pair]],
    joined: Mapping[str, Sequence[Pair]],
    questions: Mapping[str, Sequence[Pair]],
    recipe: Recipe,
    out: Path,
) -> SentenceTransformer:
    """Train on `pairs` (through English), `joined` and `questions`; save to `out` as float16."""
    rng = random.Random(recipe.seed)
    torch.manual_seed(recipe.seed)
    tokenizer = vocabulary(pairs, questions, recipe, rng)
    batches = plan_batches(pairs, joined, questions, recipe, rng)
    embedding = StaticEmbedding(tokenizer, embedding_dim=recipe.dim)
    embedding.embedding.sparse = True
    torch.nn.init.normal_(embedding.embedding.weight, std=recipe.initial_deviation)
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    _fit(model, batches, recipe, out.parent / f"{out.name}.run")
    save(model, out)
    return model


def vocabulary(
    pairs: Mapping[str, Sequence[Pair]],
    questions: Mapping[str, Sequence[Pair]],
    recipe: Recipe,
    rng: random.Random,
) -> Tokenizer:
    """One vocabulary over all languages, each weighing the same."""
    texts = _texts_by_language(pairs, questions, recipe.vocabulary_texts, rng)
    counts = {language: count_words(items) for language, items in texts.items()}
    return train_tokenizer(balance(counts, _running_words(counts)), recipe.vocabulary_size)


def _running_words(counts: Mapping[str, Counter[str]]) -> int:
    return max(count.total() for count in counts.values())


def _texts_by_language(
    pairs: Mapping[str, Sequence[Pair]],
    questions: Mapping[str, Sequence[Pair]],
    n: int,
    rng: random.Random,
) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for table in (pairs, questions):
        for name, items in table.items():
            drawn = sample(items, n, rng) if table is pairs else items
            for side, language in enumerate(name.split("-")):
                found = [pair.right if side else pair.left for pair in drawn]
                texts.setdefault(language, []).extend(found)
    return texts


def plan_batches(
    pairs: Mapping[str, Sequence[Pair]],
    joined: Mapping[str, Sequence[Pair]],
    questions: Mapping[str, Sequence[Pair]],
    recipe: Recipe,
    rng: random.Random,
) -> Batches:
    """For each language pair its rows, batch after batch, a multiple of the batch size."""
    batches: Batches = {}
    shares = [(pairs, recipe.share_english), (joined, recipe.share_joined)]
    for table, share in shares:
        total = sum(len(items) ** 0.5 for items in table.values())
        for name, items in table.items():
            n_batches = round(recipe.steps * share * len(items) ** 0.5 / total)
            rows = sample(items, n_batches * recipe.batch_size, rng)
            batches[name] = rows[: len(rows) // recipe.batch_size * recipe.batch_size]
    n_questions = round(recipe.steps * recipe.share_questions)
    if questions and n_questions:
        drawn = _question_batches(questions, recipe.batch_size, rng)
        batches["questions"] = [pair for _ in range(n_questions) for pair in next(drawn)]
    return {name: rows for name, rows in batches.items() if rows}


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


def save(model: SentenceTransformer, out: Path) -> None:
    """Write the model folder with float16 weights and a zero row for the unknown token.

    A zero row counts for nothing once the mean is brought to unit length, which is how model2vec,
    which drops unknown tokens, comes to the same vector.
    """
    embedding = cast("StaticEmbedding", model[0])
    weights = embedding.embedding.weight.detach().numpy().astype(np.float16)
    weights[embedding.tokenizer.token_to_id(UNKNOWN)] = 0
    half = StaticEmbedding(embedding.tokenizer, embedding_weights=weights)
    out.mkdir(parents=True, exist_ok=True)
    SentenceTransformer(modules=[half, Normalize()], device="cpu").save(
        str(out), create_model_card=False
    )
