"""Train a multilingual transformer: an English teacher's layers under a new vocabulary.

The student is the teacher with a vocabulary of our four languages. It is first taught to put a
sentence and its translation where the teacher puts the English one (Reimers & Gurevych 2020,
"Making Monolingual Sentence Embeddings Multilingual"), then to tell a pair from the others of its
batch. Both through sentence-transformers' own trainer and losses, on a GPU where there is one.

No run at full size was made yet: the recipe's numbers are those of the paper and of
sentence-transformers' examples, not chosen by measurement.
"""

import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset, DatasetDict
from numpy.typing import NDArray
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer import losses
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, processors
from transformers import PreTrainedTokenizerFast

from index.errors import ModelError
from index.training.pairs import Pair, sample
from index.training.tokenizer import UNKNOWN, WORD_START, balance, count_words, train_tokenizer

PAD, START, END = "[PAD]", "[CLS]", "[SEP]"

PairTable = Mapping[str, Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of a training run."""

    vocabulary_size: int = 48_000
    # Texts a language from which the vocabulary is counted.
    vocabulary_texts: int = 200_000
    # Pairs drawn of each two languages, through English and joined on it.
    n_pairs: int = 400_000
    n_joined: int = 150_000
    max_tokens: int = 128
    batch_size: int = 256
    teaching_epochs: float = 2.0
    # New embeddings learn faster than old layers forget: more than the paper's 2e-5.
    teaching_rate: float = 3e-4
    contrast_epochs: float = 1.0
    contrast_rate: float = 5e-5
    # InfoNCE's temperature is 1 / scale.
    scale: float = 20.0
    seed: int = 7


SMALL = Recipe(vocabulary_size=500, n_pairs=32, n_joined=16, max_tokens=24, batch_size=16)


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from, by language pair: `pairs` with the English on the left, `joined` on
    their English, `questions` with what answers them."""

    pairs: PairTable
    joined: PairTable
    questions: PairTable


def train(
    material: Material, teacher: SentenceTransformer, recipe: Recipe, out: Path
) -> SentenceTransformer:
    """Train a student and save it to `out`. Raises ModelError when the teacher is not a BERT."""
    rng = random.Random(recipe.seed)
    torch.manual_seed(recipe.seed)
    drawn = {name: sample(items, recipe.n_pairs, rng) for name, items in material.pairs.items()}
    student = new_student(teacher, vocabulary(drawn, recipe), recipe)
    teach(student, teacher, drawn, recipe)
    for name, items in material.joined.items():
        drawn[name] = sample(items, recipe.n_joined, rng)
    contrast(student, drawn, material.questions, recipe)
    student.save(str(out), create_model_card=False)
    return student


def teach(
    student: SentenceTransformer, teacher: SentenceTransformer, pairs: PairTable, recipe: Recipe
) -> None:
    """Bring both sides of `pairs` to where the teacher puts the left one."""
    _fit(
        student,
        _taught(pairs, teacher, recipe),
        losses.MSELoss(student),
        recipe,
        num_train_epochs=recipe.teaching_epochs,
        learning_rate=recipe.teaching_rate,
    )


def contrast(
    student: SentenceTransformer, pairs: PairTable, questions: PairTable, recipe: Recipe
) -> None:
    """Bring the sides of each pair nearer to each other than to those of others."""
    loss = losses.MultipleNegativesRankingLoss(
        student,
        scale=recipe.scale,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    )
    asked = {f"questions-{name}": items for name, items in questions.items()}
    _fit(
        student,
        _paired({**pairs, **asked}),
        loss,
        recipe,
        num_train_epochs=recipe.contrast_epochs,
        learning_rate=recipe.contrast_rate,
        # A text twice in a batch would be a negative of itself.
        batch_sampler="no_duplicates",
    )


def vocabulary(pairs: PairTable, recipe: Recipe) -> Tokenizer:
    """One vocabulary over all languages, each weighing the same."""
    texts: dict[str, list[str]] = {}
    for name, items in pairs.items():
        left, right = name.split("-")
        texts.setdefault(left, []).extend(pair.left for pair in items)
        texts.setdefault(right, []).extend(pair.right for pair in items)
    counts = {
        language: count_words(found[: recipe.vocabulary_texts]) for language, found in texts.items()
    }
    running_words = max(count.total() for count in counts.values())
    return train_tokenizer(balance(counts, running_words), recipe.vocabulary_size)


def new_student(
    teacher: SentenceTransformer, tokenizer: Tokenizer, recipe: Recipe
) -> SentenceTransformer:
    """The teacher's layers with the vocabulary of `tokenizer`, a mean over tokens, unit vectors."""
    bert: Any = teacher.transformers_model
    if getattr(bert, "config", None) is None or bert.config.model_type != "bert":
        raise ModelError("the teacher must be a sentence-transformers model over a BERT")
    with tempfile.TemporaryDirectory() as folder:
        bert.save_pretrained(folder)
        student = type(bert).from_pretrained(folder)
        marked = _with_marks(tokenizer)
        rows = starting_rows(marked, teacher)
        student.resize_token_embeddings(len(rows), mean_resizing=False)
        student.get_input_embeddings().weight.data = torch.from_numpy(rows)
        student.config.pad_token_id = marked.pad_token_id
        student.save_pretrained(folder)
        marked.save_pretrained(folder)
        longest = min(recipe.max_tokens, student.config.max_position_embeddings)
        transformer = Transformer(folder, max_seq_length=longest)
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    return SentenceTransformer(modules=[transformer, pooling, Normalize()])


def _with_marks(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """The tokenizer with the marks that a BERT expects around a text."""
    tokenizer.add_special_tokens([PAD, START, END])
    marks = [(mark, tokenizer.token_to_id(mark)) for mark in (START, END)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", special_tokens=marks
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token=PAD,
        cls_token=START,
        sep_token=END,
        unk_token=UNKNOWN,
    )


def starting_rows(
    tokenizer: PreTrainedTokenizerFast, teacher: SentenceTransformer
) -> NDArray[np.float32]:
    """A row for each new piece: the mean of the teacher's pieces of the same letters (Gee et al.
    2022, "Fast Vocabulary Transfer"). The teacher knows letters of all our scripts."""
    theirs: Any = teacher.tokenizer
    bert: Any = teacher.transformers_model
    known = bert.get_input_embeddings().weight.detach().cpu().numpy()
    marks = {
        PAD: theirs.pad_token_id,
        START: theirs.cls_token_id,
        END: theirs.sep_token_id,
        UNKNOWN: theirs.unk_token_id,
    }
    rows = []
    for piece in tokenizer.convert_ids_to_tokens(list(range(len(tokenizer)))):
        text = piece.replace(WORD_START, "")
        ids = theirs(text, add_special_tokens=False)["input_ids"] or [theirs.unk_token_id]
        rows.append(known[[marks[piece]] if piece in marks else ids].mean(axis=0))
    return np.asarray(rows, np.float32)


def _taught(pairs: PairTable, teacher: SentenceTransformer, recipe: Recipe) -> DatasetDict:
    """Each pair with the teacher's vector of its English side, in float16: half the memory."""
    english = sorted({pair.left for pair in chain(*pairs.values())})
    vectors = teacher.encode(english, batch_size=recipe.batch_size, normalize_embeddings=True)
    half = np.asarray(vectors, np.float16)
    row = {text: i for i, text in enumerate(english)}
    return DatasetDict(
        {
            name: Dataset.from_dict(
                {
                    "english": [pair.left for pair in items],
                    "other": [pair.right for pair in items],
                    "label": half[[row[pair.left] for pair in items]],
                }
            )
            for name, items in pairs.items()
        }
    )


def _paired(pairs: PairTable) -> DatasetDict:
    return DatasetDict(
        {
            name: Dataset.from_dict(
                {
                    "anchor": [pair.left for pair in items],
                    "positive": [pair.right for pair in items],
                }
            )
            for name, items in pairs.items()
            if items
        }
    )


def _fit(
    model: SentenceTransformer,
    dataset: DatasetDict,
    loss: torch.nn.Module,
    recipe: Recipe,
    **options: Any,
) -> None:
    gpu = torch.cuda.is_available()
    with tempfile.TemporaryDirectory() as folder:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=recipe.batch_size,
            warmup_steps=0.1,  # a share of all
            bf16=gpu and torch.cuda.is_bf16_supported(),
            dataloader_pin_memory=gpu,
            multi_dataset_batch_sampler="proportional",
            seed=recipe.seed,
            logging_steps=100,
            save_strategy="no",
            report_to="none",
            **options,
        )
        SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=dataset, loss=loss
        ).train()
