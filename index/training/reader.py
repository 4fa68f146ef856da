"""A BERT that encodes texts → one that finds answers in them, by a few numbers more.

The reader is the first layers of the encoder, their weights as they are, in 4 bits; to each matrix
a product of two thin ones is added, which is all that is learned besides biases and norms ("LoRA",
Hu et al. 2021). So both share their weights on the disk: the reader's file is the thin matrices and
a graph that takes the rest from the encoder's.
"""

import math
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel

from index.onnx import MODEL
from index.training.export import quiet, write_graph
from index.training.quantise import Change, share, to_int4

# What nothing is: the first piece of a text, which is no part of the excerpt.
NONE = (0, 0)
Pieces = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of a training run."""

    layers: int = 12
    rank: int = 16
    rate: float = 1e-3
    warming: float = 0.06
    epochs: float = 2.2
    batch_size: int = 32
    seed: int = 7


SMALL = Recipe(layers=1, rank=2, epochs=1, batch_size=4)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question and an excerpt: token ids, the place of the excerpt's first piece, and the first
    and last pieces of each place where the answer stands; none where it does not."""

    ids: Sequence[int]
    start: int
    answers: Sequence[Pieces] = ()


class Adapted(nn.Module):
    """A linear layer that stays, and a thin one beside it, which begins as nothing."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        """As `nn.Linear`."""
        found: Tensor = self.base(x) + (x @ self.down.T) @ self.up.T
        return found

    def merge(self) -> tuple[nn.Linear, Change]:
        """The same in one matrix, and what it is made of; numbers of 16 bits are the thin ones'."""
        down, up = self.down.detach().half().float(), self.up.detach().half().float()
        base = self.base.weight.detach()
        made = nn.Linear(self.base.in_features, self.base.out_features)
        made.load_state_dict({"weight": base + up @ down, "bias": self.base.bias})
        whole = made.weight.detach()
        return made, Change(*(each.T.contiguous().numpy() for each in (whole, base, down, up)))


class Reader(nn.Module):
    """Logits `(n, pieces, 2)` that an answer begins, and ends, at each piece."""

    def __init__(self, bert: BertModel, recipe: Recipe) -> None:
        super().__init__()
        bert.encoder.layer = bert.encoder.layer[: recipe.layers]
        for parameter in bert.parameters():
            parameter.requires_grad = False
        for layer in bert.encoder.layer:
            _replace(layer, nn.Linear, lambda linear: Adapted(linear, recipe.rank))
            for name, parameter in layer.named_parameters():
                parameter.requires_grad |= "LayerNorm" in name or name.endswith("base.bias")
        # In float32 on two cores this is half as fast again as PyTorch's fused attention.
        bert.set_attn_implementation("eager")
        self.bert = bert
        self.head = nn.Linear(bert.config.hidden_size, 2)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """`(n, pieces)` twice → `(n, pieces, 2)`."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        logits: Tensor = self.head(hidden.float())
        return logits


def _replace(module: nn.Module, kind: type[nn.Module], make: Callable[[Any], nn.Module]) -> None:
    """Everything of a kind within `module`, by what is made of it."""
    for name, child in module.named_children():
        if isinstance(child, kind):
            setattr(module, name, make(child))
        else:
            _replace(child, kind, make)


def train(
    model: Reader,
    lessons: Callable[[random.Random], Iterable[Lesson]],
    recipe: Recipe,
    tell: Callable[[str], None] = print,
) -> None:
    """Teach `model`; `lessons` are drawn anew for each epoch.

    Nothing is dropped out: with so few numbers to learn it is not needed, and it takes three times
    as long on a processor.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    n_steps = max(1, int(recipe.epochs * len(list(lessons(random.Random(0)))) / recipe.batch_size))
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=recipe.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _share(step, n_steps, recipe.warming)
    )
    model.eval()
    losses: list[float] = []
    for batch in _batches(lessons, recipe, rng, n_steps):
        ids, mask, allowed = _tensors(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(ids, mask)
        loss = loss_of(logits.float(), allowed, [lesson.answers for lesson in batch])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if len(losses) % 50 == 0:
            tell(f"step {len(losses)} of {n_steps}: loss {sum(losses[-50:]) / 50:.3f}")


def _share(step: int, n_steps: int, warming: float) -> float:
    """Of the rate: it rises, and then falls to nothing."""
    return min(1.0, (step + 1) / (warming * n_steps), max(0.02, 1 - step / n_steps))


def _batches(
    lessons: Callable[[random.Random], Iterable[Lesson]],
    recipe: Recipe,
    rng: random.Random,
    n: int,
) -> Iterator[list[Lesson]]:
    """`n` of them, of lessons of like length, in random order."""
    size, made = recipe.batch_size, 0
    while made < n:
        drawn = list(lessons(rng))
        rng.shuffle(drawn)
        pools = [drawn[i : i + 40 * size] for i in range(0, len(drawn), 40 * size)]
        alike = [sorted(pool, key=lambda lesson: len(lesson.ids)) for pool in pools]
        batches = [pool[i : i + size] for pool in alike for i in range(0, len(pool), size)]
        rng.shuffle(batches)
        yield from batches[: n - made]
        made += len(batches)


def _tensors(batch: Sequence[Lesson]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask, and where an answer may begin and end, each `(n, pieces)`."""
    longest = max(len(lesson.ids) for lesson in batch)
    ids = torch.ones((len(batch), longest), dtype=torch.int64)  # <pad> is 1
    mask = torch.zeros_like(ids)
    allowed = torch.zeros_like(ids, dtype=torch.bool)
    for i, lesson in enumerate(batch):
        n = len(lesson.ids)
        ids[i, :n], mask[i, :n] = torch.tensor(lesson.ids), 1
        allowed[i, 0] = allowed[i, lesson.start : n - 1] = True
    return ids, mask, allowed


def loss_of(logits: Tensor, allowed: Tensor, answers: Sequence[Sequence[Pieces]]) -> Tensor:
    """Minus the mean log-probability of what is right: the answer at any of its places, or NONE."""
    found = logits.masked_fill(~allowed[:, :, None], -1e4).log_softmax(dim=1)
    rows = []
    for row, places in zip(found, answers, strict=True):
        right = [row[first, 0] + row[last, 1] for first, last in places or [NONE]]
        rows.append(-torch.stack(right).logsumexp(dim=0))
    return torch.stack(rows).mean()


def write(model: Reader, folder: Path, name: str, output: str) -> None:
    """`folder`/`name`: the graph, which takes the weights that stay from the encoder beside it."""
    changes: list[Change] = []

    def merged(layer: Adapted) -> nn.Linear:
        made, change = layer.merge()
        changes.append(change)
        return made

    _replace(model.bert, Adapted, merged)
    with tempfile.TemporaryDirectory() as scratch:
        graph, small = Path(scratch) / MODEL, Path(scratch) / name
        write_graph(model, graph, output)
        with quiet():
            to_int4(graph, small, changes)
        shutil.copy(folder / MODEL, scratch)
        share(small, Path(scratch) / MODEL)
        shutil.copy(small, folder / name)
