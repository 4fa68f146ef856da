"""How long a draft takes to verify: quotations of a synthetic archive, as they stand there, with a
word replaced, and of nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.drafts import with_references
from assistant.markdown_draft import read_markdown
from assistant.verify import counts, verify
from index.search import Searcher
from index.types import Document

N_WORDS = 25
_SEED = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """One draft: its quotations, what became of them, seconds on the clock and of processor."""

    n: int
    outcomes: dict[str, int]
    wall_s: float
    cpu_s: float


def draft(documents: Sequence[Document], n: int) -> str:
    """A draft of `n` quotations of N_WORDS words, each from a document, every other one with its
    source; half of them exact, a quarter with a word replaced, a quarter with every second word of
    another document."""
    rng = np.random.default_rng(_SEED)
    paragraphs = []
    for i in range(n):
        one, other = (documents[j] for j in rng.choice(len(documents), 2, replace=False))
        words, others = one.text.split(), other.text.split()
        at = int(rng.integers(max(1, len(words) - N_WORDS)))
        quoted = words[at : at + N_WORDS]
        if i % 4 == 1:
            quoted[len(quoted) // 2] = "otherwise"
        elif i % 4 == 3:
            quoted[::2] = others[: len(quoted[::2])]
        source = f" ({one.doc_id})" if i % 2 else ""
        paragraphs.append(f"It says: «{' '.join(quoted)}»{source}.")
    return "\n\n".join(paragraphs)


def measure(text: str, searcher: Searcher) -> Timing:
    """Verify a draft once, after the encoder and the index have been used."""
    searcher.search("warm")
    wall, cpu = time.perf_counter(), time.process_time()
    found = verify(with_references(read_markdown(text)), searcher)
    return Timing(
        n=sum(f.what == "quotation" for f in found),
        outcomes=counts(found),
        wall_s=time.perf_counter() - wall,
        cpu_s=time.process_time() - cpu,
    )
