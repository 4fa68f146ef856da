"""A sentence-transformers model → a folder that onnxruntime runs without torch.

The graph holds everything from token ids to the vector: transformer, pooling, normalisation. Its
weights become int8 or int4 (`index/training/quantise.py`), or stay floats.
"""

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from index import centres
from index.errors import ModelError
from index.onnx import MODEL, OUTPUT, OnnxEncoder
from index.prompts import Prompts, prompts_of
from index.training.quantise import to_int4, to_int8

# What a model is tried on, in two lengths and four languages.
SAMPLE = (
    "The minister arrived in Moscow.",
    "Казанский саммит завершился подписанием соглашений о торговле и культуре.",
    "وصل الوزير إلى موسكو صباح اليوم للمشاركة في القمة.",
    "نشست کازان با امضای توافق‌نامه‌ها پایان یافت.",
    "Bread",
)
Weights = Literal["float", "int8", "int4"]
# Below these cosines with the vectors of the original an export is refused as broken.
_LEAST: dict[Weights, float] = {"float": 0.9999, "int8": 0.9, "int4": 0.9}


def export(model: SentenceTransformer, name: str, out: Path, weights: Weights = "int8") -> float:
    """Write the folder; gives the least cosine between its vectors and those of `model`, whose
    prompts go by `name` where its configuration has none.

    Raises ModelError when the export does not agree with the original.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / centres.FILE).unlink(missing_ok=True)  # counted of the weights that were there
    model = model.to("cpu").eval()
    prompts = prompts_of(name, model.prompts)
    with tempfile.TemporaryDirectory() as scratch:
        graph = Path(scratch) / MODEL
        write_graph(_Graph(model), graph, OUTPUT)
        if weights == "float":
            shutil.copytree(scratch, out, dirs_exist_ok=True)
        else:
            with quiet():
                (to_int8 if weights == "int8" else to_int4)(graph, out / MODEL)
    _write_tokenizer(model, out)
    config = json.dumps({"prompts": asdict(prompts)}, ensure_ascii=False, indent=1)
    (out / "config_sentence_transformers.json").write_text(config, encoding="utf-8")
    return _checked(model, prompts, out, _LEAST[weights])


class _Graph(torch.nn.Module):
    """A model as a function of tensors."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """`(n, tokens)` twice → unit rows `(n, dim)`."""
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        vectors = cast("dict[str, torch.Tensor]", self.model(features))["sentence_embedding"]
        return torch.nn.functional.normalize(vectors, dim=-1)


def write_graph(model: torch.nn.Module, file: Path, output: str) -> None:
    """A function of ids and mask. The weights stand beside the file as external data: a graph of
    over 2 GB fits in no protocol buffer."""
    ids = torch.ones((2, 5), dtype=torch.int64)
    shape = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    with quiet():
        program: Any = torch.onnx.export(
            model.eval(),
            (ids, torch.ones_like(ids)),
            dynamo=True,
            input_names=["input_ids", "attention_mask"],
            output_names=[output],
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
            verbose=False,
        )
        graph = program.model.graph
        for part in [graph, *graph, *(value for node in graph for value in node.outputs)]:
            part.metadata_props.clear()  # where in this machine's files each step comes from
        program.save(file, external_data=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the exporter's notes on operators that no text model has, and its own deprecations:
    the result is checked instead."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _write_tokenizer(model: SentenceTransformer, out: Path) -> None:
    backend: Any = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelError("the model has no tokenizer.json, without which onnxruntime cannot run it")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_padding()
    if model.max_seq_length:
        tokenizer.enable_truncation(int(model.max_seq_length))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)


def _checked(model: SentenceTransformer, prompts: Prompts, out: Path, least: float) -> float:
    texts = [*SAMPLE, " ".join(SAMPLE * 60)]
    exported = OnnxEncoder(str(out), out, "").passages(texts)
    own = model.encode(texts, prompt=prompts.document, normalize_embeddings=True)
    cosine = float(np.min(np.sum(exported * np.asarray(own, np.float32), axis=1)))
    if cosine < least:
        raise ModelError(
            f"the export to '{out}' gives other vectors than the model (cosine {cosine:.3f}, at "
            f"least {least} was wanted): a model of this kind cannot be exported"
        )
    return cosine
