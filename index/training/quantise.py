"""The weights of an ONNX graph in fewer bits.

In int8 a matrix has a scale for each column, and what it is multiplied with is brought to int8 as
the graph runs (onnxruntime's dynamic quantisation). With one scale a matrix the vectors of
all-MiniLM-L6-v2 kept a cosine of .963 with the float ones, with one a column .993.

int4 is for the disk: a scale for each 32 numbers, as ggml's Q4_0 has it, so that of a model that
was packed so before nothing is lost. onnxruntime makes the same int8 of it once, as it reads the
graph, which takes a quarter of a second and is twice as fast from then on as to multiply by int4.
A table of words stays as it is, and only the rows that are asked for are unpacked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

# Numbers that share a scale in int4.
_BLOCK = 32
# A table of fewer rows, such as of positions, would save little.
_TABLE = 4_096
# Tensors of fewer bytes are not worth looking for in another file.
_SHARED = 1_024
# The first version of ONNX that knows int4.
_OPSET = 21
# What onnxruntime calls the int8 of a matrix, and its scales.
_INT8, _SCALE = "_quantized", "_scale"

Floats = NDArray[np.float32]
# An operator, its inputs, its output and its options.
Step = tuple[str, list[str], str, dict[str, Any]]
# Tensors to keep, and the steps that make of them what they stand for.
Parts = tuple[list[Any], list[Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """A matrix `whole` that is `base` and the product of two thin ones, `(k, r)` and `(r, n)`, of
    16-bit numbers: all `(k, n)`, in columns."""

    whole: Floats
    base: Floats
    down: Floats
    up: Floats


def to_int8(
    graph: Path, out: Path, kinds: Sequence[str] | None = None, but: Sequence[str] = ()
) -> None:
    """The weights of operators of these `kinds` (None: all), of those named in `but` not."""
    quantize_dynamic(
        *(graph, out),
        op_types_to_quantize=kinds,
        weight_type=QuantType.QInt8,
        per_channel=True,
        nodes_to_exclude=list(but),
    )


def to_int4(graph: Path, out: Path, changes: Sequence[Change] = ()) -> None:
    """Matrices whose columns are whole blocks, and large tables whose rows are. One that is the
    `whole` of a change is kept as its `base` and the thin ones; with changes, others stay floats.
    """
    exact = {t.name: t for t in onnx.load(graph).graph.initializer}
    to_int8(graph, out, ["MatMul"], _others(graph, changes) if changes else ())
    model = onnx.load(out)
    tensors, unpacking = [], []
    for tensor in model.graph.initializer:
        weights = exact.get(tensor.name.removesuffix(_INT8), tensor)
        fits = tensor.name.endswith(_INT8) and weights.dims[0] % _BLOCK == 0
        whole = _array(weights)
        change = _change(whole, changes) if fits else None
        kept, steps = _matrix(tensor.name, whole, change) if fits else ([tensor], [])
        tensors += kept
        unpacking += steps
    _replace(model.graph.initializer, tensors)
    _replace(model.graph.node, [*unpacking, *model.graph.node])
    _pack_tables(model.graph)
    _declare(model)
    onnx.save(model, out)


def _others(graph: Path, changes: Sequence[Change]) -> list[str]:
    """The nodes that multiply with a matrix that is no change's."""
    loaded = onnx.load(graph).graph
    matrices = {t.name: _array(t) for t in loaded.initializer if len(t.dims) == 2}
    return [
        node.name
        for node in loaded.node
        if node.op_type == "MatMul" and (found := matrices.get(node.input[1])) is not None
        if _change(found, changes) is None
    ]


def _change(whole: Floats, changes: Sequence[Change]) -> Change | None:
    return next((c for c in changes if np.array_equal(c.whole, whole)), None)


def _matrix(name: str, weights: Floats, change: Change | None = None) -> Parts:
    """What gives the int8 matrix `name` from int4: `weights` are `(k, n)`, in columns."""
    k, n = weights.shape
    kept = change.base if change else weights
    numbers, scales = four_bits(kept.reshape(k // _BLOCK, _BLOCK, n), axis=1)
    shape = numpy_helper.from_array(np.array([k, n]), f"{name}_shape")
    thin, adding = _thin(name, change) if change else ([], [])
    scale = name.removesuffix(_INT8) + _SCALE
    steps: list[Step] = [
        ("Cast", [f"{name}_int4"], "numbers", {"to": TensorProto.FLOAT}),
        ("Cast", [f"{name}_blocks"], "scales", {"to": TensorProto.FLOAT}),
        ("Mul", [f"{name}_numbers", f"{name}_scales"], "product", {}),
        ("Reshape", [f"{name}_product", f"{name}_shape"], "exact", {}),
        *adding,
        ("Div", [f"{name}_{'changed' if change else 'exact'}", scale], "shares", {}),
        ("Round", [f"{name}_shares"], "whole", {}),
        ("Cast", [f"{name}_whole"], "", {"to": TensorProto.INT8}),
    ]
    nodes = [
        helper.make_node(kind, given, [f"{name}_{gives}".rstrip("_")], **options)
        for kind, given, gives, options in steps
    ]
    tensors = [_int4(f"{name}_int4", numbers), _half(f"{name}_blocks", scales), shape]
    return [*tensors, *thin], nodes


def _thin(name: str, change: Change) -> tuple[list[Any], list[Step]]:
    """The thin matrices of a change, and the steps that add their product."""
    tensors = [
        _half(f"{name}_{end}", values.astype(np.float16))
        for end, values in (("down", change.down), ("up", change.up))
    ]
    steps: list[Step] = [
        ("Cast", [f"{name}_down"], "left", {"to": TensorProto.FLOAT}),
        ("Cast", [f"{name}_up"], "right", {"to": TensorProto.FLOAT}),
        ("MatMul", [f"{name}_left", f"{name}_right"], "change", {}),
        ("Add", [f"{name}_exact", f"{name}_change"], "changed", {}),
    ]
    return tensors, steps


def share(graph: Path, other: Path) -> None:
    """What stands in a file of the same folder, byte for byte, is read from there, and no longer
    kept in `graph`."""
    model, known = onnx.load(graph), other.read_bytes()
    for tensor in model.graph.initializer:
        raw = tensor.raw_data
        at = known.find(raw) if len(raw) >= _SHARED else -1
        if at >= 0:
            place = {"location": other.name, "offset": str(at), "length": str(len(raw))}
            _replace(tensor.external_data, [_entry(k, v) for k, v in place.items()])
            tensor.data_location = TensorProto.EXTERNAL
            tensor.ClearField("raw_data")
    graph.write_bytes(model.SerializeToString())


def _entry(key: str, value: str) -> Any:
    return onnx.StringStringEntryProto(key=key, value=value)


def _pack_tables(graph: Any) -> None:
    """Large tables from which rows are taken."""
    tables = {t.name: t for t in graph.initializer if _is_large_table(t)}
    nodes = []
    for node in graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
            continue
        tensors, steps = _table(node, _array(tables[node.input[0]]))
        _replace(graph.initializer, [t for t in graph.initializer if t.name != node.input[0]])
        graph.initializer.extend(tensors)
        nodes += steps
    _replace(graph.node, nodes)


def _is_large_table(tensor: Any) -> bool:
    rows, *width = tensor.dims or [0]
    return len(width) == 1 and rows >= _TABLE and width[0] % _BLOCK == 0


def _table(node: Any, rows: Floats) -> Parts:
    """What takes from `(n, dim)` rows in int4 what `node` takes from them in floats."""
    n, dim = rows.shape
    name, (found,) = node.input[0], node.output
    numbers, scales = four_bits(rows.reshape(n, dim // _BLOCK, _BLOCK), axis=2)
    gather = helper.make_node(
        "GatherBlockQuantized",
        [f"{name}_int4", node.input[1], f"{name}_blocks"],
        [f"{found}_half"],
        domain="com.microsoft",
        gather_axis=0,
        quantize_axis=1,
        block_size=_BLOCK,
    )
    widen = helper.make_node("Cast", [f"{found}_half"], [found], to=TensorProto.FLOAT)
    tensors = [
        _int4(f"{name}_int4", numbers.reshape(n, dim)),
        _half(f"{name}_blocks", scales.reshape(n, dim // _BLOCK)),
    ]
    return tensors, [gather, widen]


def four_bits(blocks: Floats, axis: int) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Numbers from -8 to 7, and what they are multiplied by, one for all along `axis`: the largest
    of a block, with its sign, becomes -8."""
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis, keepdims=True), axis)
    scales = (largest / -8).astype(np.float16)
    divisors = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.clip(np.rint(blocks / divisors), -8, 7).astype(np.int8), scales


def _int4(name: str, numbers: NDArray[np.int8]) -> Any:
    """Two numbers a byte, the first in the low bits."""
    flat = numbers.ravel()
    packed = ((flat[::2] & 15) | ((flat[1::2] & 15) << 4)).astype(np.uint8)
    return helper.make_tensor(name, TensorProto.INT4, numbers.shape, packed.tobytes(), raw=True)


def _half(name: str, scales: NDArray[np.float16]) -> Any:
    return numpy_helper.from_array(scales, name)


def _array(tensor: Any) -> Floats:
    return np.asarray(numpy_helper.to_array(tensor))


def _replace(repeated: Any, items: Sequence[Any]) -> None:
    """The contents of a repeated field of a protocol buffer."""
    items = list(items)
    del repeated[:]
    repeated.extend(items)


def _declare(model: Any) -> None:
    """Which versions of which operators the graph wants."""
    others = [o for o in model.opset_import if o.domain not in {"", "com.microsoft"}]
    ours = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
    _replace(model.opset_import, [*ours, *others])
