"""Texts → unit vectors by onnxruntime: a transformer without torch, ready in a second.

The folder of an encoder is what `python -m index.training export` writes:

    model.onnx        token ids and attention mask → the text's vector; pooling and normalisation
                      are part of the graph
    tokenizer.json    with special tokens, and truncation at the model's length
    config_sentence_transformers.json    its prompts
    centres.safetensors    of some, by `python -m eval.centring`, see `index.centres`
"""

import ctypes
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.centres import Centres, taken_off
from index.errors import ModelError, first_line
from index.prompts import prompts_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

MODEL = "model.onnx"
OUTPUT = "sentence_embedding"
# By this onnxruntime makes one step of an addition and a norm, which on a processor is slower than
# the two (`eval/LOG.md`, "Reading closely"). Where it knows no such step any more, nothing is lost.
SLOW_FUSION = "SkipLayerNormFusion"


class Network:
    """A graph from the tokens of a text to the tensor `output`, run on the processor.

    Each text is a run of its own, as many at a time as there are cores: int8 activations are scaled
    by all that is in a batch, so that what is made of a text would depend on its company. On two
    cores this is as fast as batches, which pay for their padding. Raises what onnxruntime and
    tokenizers raise.
    """

    def __init__(self, graph: Path, output: str) -> None:
        self._session = _session(graph)
        self._output = output
        self.tokenizer = _tokenizer(graph.parent)
        self._pool = ThreadPoolExecutor(cpu_count())

    @property
    def shape(self) -> Sequence[int | str] | None:
        """That of `output`, None where the graph has no such tensor."""
        return {t.name: t.shape for t in self._session.get_outputs()}.get(self._output)

    def run(self, texts: Iterable[Sequence[int]]) -> list[NDArray[np.float32]]:
        """What the graph makes of each text, given as token ids."""
        return list(self._pool.map(self._run, texts))

    def _run(self, ids: Sequence[int]) -> NDArray[np.float32]:
        given = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, len(ids)), np.int64),
        }
        (made,) = self._session.run([self._output], given)
        return np.asarray(made[0], np.float32)


class OnnxEncoder:
    """A folder with `model.onnx`."""

    instant = False

    def __init__(self, name: str, folder: Path, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        try:
            self._network = Network(folder / MODEL, OUTPUT)
            self._prompts = prompts_of(name, _configured(folder))
            self._centres = Centres.load(folder)
        except Exception as error:  # onnxruntime, tokenizers and safetensors each raise their own
            raise ModelError(_unusable(name, first_line(error))) from error
        if self._network.shape is None:
            raise ModelError(_unusable(name, f"its graph gives no '{OUTPUT}'"))
        self.dim = int(self._network.shape[-1])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        found = self._encode([self._prompts.query + text for text in texts])
        return taken_off(found, texts, self._centres.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        found = self._encode([self._prompts.document + text for text in texts])
        return taken_off(found, texts, self._centres.passages)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        encodings = self._network.tokenizer.encode_batch_fast(list(texts))
        return np.stack(self._network.run(encoding.ids for encoding in encodings))


def _configured(folder: Path) -> dict[str, str | None]:
    file = folder / "config_sentence_transformers.json"
    config: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return config.get("prompts") or {}


def _session(file: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - a third of a second

    options = SessionOptions()
    options.intra_op_num_threads = 1  # texts run beside each other instead
    options.log_severity_level = 3  # errors alone
    session = InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=[SLOW_FUSION]
    )
    _trim()
    return session


def _trim() -> None:
    """Give the memory back in which int4 was made int8, some 300 MB that glibc would keep."""
    with suppress(AttributeError, OSError, TypeError):  # another C library, another system
        ctypes.CDLL(None).malloc_trim(0)


def _tokenizer(folder: Path) -> "Tokenizer":
    from tokenizers import Tokenizer  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def _unusable(name: str, reason: str) -> str:
    return (
        f"'{name}' is not an ONNX encoder that can be read: {reason}. "
        "Make one: python -m index.training export --model MODEL --out FOLDER"
    )
