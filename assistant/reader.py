"""Excerpts, read closely: does one of their sentences answer the question, and with which words?

The transformer that `--encoder accurate` brings, some of its layers, reads the question and an
excerpt together, so that each word of the one meets each of the other, and tells of each word
whether an answer begins or ends there, or that the excerpt has none (Devlin et al. 2019, Rajpurkar
et al. 2018). It was taught by `python -m eval.reading`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Reading
from assistant.excerpts import Excerpt
from index.encoder import ACCURATE_FOLDER
from index.errors import ModelError, first_line
from index.onnx import Network

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

GRAPH, OUTPUT = ACCURATE_FOLDER / "reader.onnx", "starts_and_ends"
# Of longer questions and excerpts the rest is not read.
MAX_QUESTION, MAX_EXCERPT = 64, 160
# So many characters have that many pieces, however many there are of each.
_MAX_CHARS = 4_000
# An answer has at most so many pieces of words.
MAX_ANSWER = 25
# XLM-R's marks of the beginning and the end of a text.
_START, _END = 0, 2
# The logarithm of a probability that is next to nothing.
_NEVER = -20.0

Numbers = NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question and an excerpt as the model reads them: the pieces' numbers, and where in the
    excerpt's text each of its own pieces stands, the first of them at `start`."""

    ids: tuple[int, ...]
    start: int
    places: tuple[Span, ...]


def read(question: str, excerpts: Sequence[Excerpt]) -> list[list[Reading]]:
    """How each sentence of each excerpt was read, in order. Takes some ten milliseconds each.

    Raises ModelError when the model's files are not what they should be.
    """
    network = load(GRAPH)
    sheets = [sheet(network.tokenizer, question, excerpt.text) for excerpt in excerpts]
    found = network.run(one.ids for one in sheets)
    return list(map(_readings, excerpts, sheets, found))


@lru_cache(maxsize=1)
def load(graph: Path) -> Network:
    """The model of a file. Raises ModelError when it is not one."""
    try:
        return Network(graph, OUTPUT)
    except Exception as error:  # onnxruntime and tokenizers each raise their own
        why = first_line(error)
        raise ModelError(
            f"the reader at '{graph}' cannot be read: {why}. Install Sanad anew"
        ) from error


def sheet(tokenizer: "Tokenizer", question: str, text: str) -> Sheet:
    """What is given to the model."""
    asked = _pieces(tokenizer, f"query: {question}").ids[:MAX_QUESTION]
    head = (_START, *asked, _END, *_pieces(tokenizer, "passage:").ids)
    found = _pieces(tokenizer, text[:_MAX_CHARS])
    ids, places = found.ids[:MAX_EXCERPT], found.offsets[:MAX_EXCERPT]
    # A piece at the start of a word takes the space before it along.
    bare = tuple((a + text[a:b][:1].isspace(), b) for a, b in places)
    return Sheet((*head, *ids, _END), len(head), bare)


def _pieces(tokenizer: "Tokenizer", text: str) -> "Encoding":
    return tokenizer.encode(text, add_special_tokens=False)


def _readings(excerpt: Excerpt, one: Sheet, logits: NDArray[np.float32]) -> list[Reading]:
    found = _probabilities(one, logits)
    return [_reading(one, found, sentence) for sentence in excerpt.sentences]


def _probabilities(one: Sheet, logits: NDArray[np.float32]) -> Numbers:
    """The logarithms of the probabilities `(1 + n_pieces, 2)` that an answer begins, and ends, at
    each piece of the excerpt; the first row: that there is none."""
    rows = logits[[0, *range(one.start, one.start + len(one.places))]].astype(np.float64)
    highest = rows.max(axis=0)
    found: Numbers = rows - highest - np.log(np.exp(rows - highest).sum(axis=0))
    return found


def _reading(one: Sheet, found: Numbers, sentence: Span) -> Reading:
    nowhere = float(found[0].sum())
    start, end = sentence
    own = [i for i, (a, b) in enumerate(one.places) if start <= a < b <= end]
    if not own:  # what is too long is not read to its end
        return Reading(_NEVER, nowhere, (0, 0), 0.0)
    places = [one.places[i] for i in own]
    joint = _joint(found[[1 + i for i in own]])
    first, last = np.unravel_index(int(joint.argmax()), joint.shape)
    words = (places[int(first)][0] - start, places[int(last)][1] - start)
    here = max(_NEVER, float(np.log(joint.sum() + np.exp(_NEVER))))
    return Reading(here, nowhere, words, float(joint.max()))


def _joint(found: Numbers) -> Numbers:
    """The probabilities that the answer begins at one piece of a sentence and ends at another."""
    order = np.arange(len(found))
    length = order - order[:, None]
    possible = (length >= 0) & (length < MAX_ANSWER)
    joint: Numbers = np.exp(found[:, 0, None] + found[:, 1]) * possible
    return joint
