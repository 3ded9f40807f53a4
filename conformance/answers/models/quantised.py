"""Quantised models: by onnxruntime.quantization, and written by hand."""

import logging
import pathlib
import tempfile

import numpy as np
import onnx
from onnxruntime import quantization

from answers.graphs import FLOAT, INT64, constant, model, node, tensor
from answers.models import Model, NotExported, family
from answers.models.draws import chance, pick
from answers.models.networks import drawn, weights


def plain(rng):
    """A small network, with a table in front or a convolution."""
    kind = pick(rng, ["dense", "table", "convolution"])
    width = int(pick(rng, [4, 16, 64]))
    dense = [constant("w", weights(rng, (width, 8))), constant("b", weights(rng, (8,))), constant("v", weights(rng, (8, 3)))]
    layers = [node("MatMul", "h w", "p"), node("Add", "p b", "q"), node("Relu", "q", "r"), node("MatMul", "r v", "y")]
    y = [tensor("y", FLOAT, [None, 3])]
    if kind == "dense":
        return kind, model([node("Identity", "x", "h"), *layers], [tensor("x", FLOAT, [None, width])], y, dense), [("x", "FP32", [None, width])]
    if kind == "table":
        table = weights(rng, (30, width)) * np.geomspace(0.05, 30, 30, dtype=np.float32)[:, None]
        table[1] = table[0]
        nodes = [node("Gather", "table ids", "e"), node("ReduceSum", "e one", "h", keepdims=0), *layers]
        return kind, model(nodes, [tensor("ids", INT64, [None, 2])], y, [constant("table", table), constant("one", [1], np.int64), *dense]), None
    nodes = [node("Conv", "x k", "c", pads=[1, 1, 1, 1]), node("Relu", "c", "d"), node("GlobalAveragePool", "d", "g"), node("Flatten", "g", "h"), *layers]
    return kind, model(nodes, [tensor("x", FLOAT, [None, 2, 6, 6])], y, [constant("k", weights(rng, (width, 2, 3, 3))), *dense]), [("x", "FP32", [None, 2, 6, 6])]


def categories(rng, rows):
    return {"ids": rng.integers(0, 30, (rows, 2)).astype(np.int64)}


class Samples(quantization.CalibrationDataReader):
    def __init__(self, rng, draw):
        self._left = [draw(rng, 4) for _ in range(4)]

    def get_next(self):
        return self._left.pop() if self._left else None


@family(4)
def exported(rng):
    kind, content, specs = plain(rng)
    draw = drawn(specs, 0) if specs else categories
    how = pick(rng, ["dynamic", "dynamic", "static QDQ", "static QOperator"])
    per_channel = chance(rng, 0.4)
    weight = pick(rng, [quantization.QuantType.QInt8, quantization.QuantType.QUInt8])
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "plain.onnx", pathlib.Path(folder) / "quantised.onnx"
        source.write_bytes(content)
        try:
            if how == "dynamic":
                quantization.quantize_dynamic(source, target, weight_type=weight, per_channel=per_channel)
            else:
                form = quantization.QuantFormat.QDQ if how.endswith("QDQ") else quantization.QuantFormat.QOperator
                quantization.quantize_static(source, target, Samples(rng, draw), quant_format=form, weight_type=weight, activation_type=quantization.QuantType.QUInt8, per_channel=per_channel)
        except Exception as e:
            raise NotExported(f"{type(e).__name__}: {e}") from None
        proto = onnx.load(target)
    return Model(f"quantised {how} {kind}, {weight}, per channel={per_channel}", proto.SerializeToString(), draw)


@family(2)
def by_hand(rng):
    """Integer layers: with scales of the batch, or with constant ones."""
    dynamic = chance(rng, 0.5)
    weights_ = rng.integers(-120, 120, (6, 3)).astype(np.int8)
    if dynamic:
        nodes = [node("DynamicQuantizeLinear", "x", "q s z")]
        constants = []
    else:
        nodes = [node("QuantizeLinear", "x s z", "q")]
        constants = [constant("s", 0.1), constant("z", 128, np.uint8)]
    nodes += [node("MatMulInteger", "q w z", "p"), node("Cast", "p", "f", to=FLOAT), node("Mul", "f s", "y")]
    content = model(nodes, [tensor("x", FLOAT, [None, 6])], [tensor("y", FLOAT, [None, 3])], [constant("w", weights_), *constants])
    return Model(f"integer layers, dynamic={dynamic}", content, drawn([("x", "FP32", [None, 6])], 0))
