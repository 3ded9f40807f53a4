"""Quantised layers whose scales, zero points and sizes a client sends."""

import numpy as np

from answers.crashes import FLOAT, INT32, MICROSOFT, below, candidate, floats, graph, microsoft, one_of, weights
from answers.graphs import node


@candidate("DynamicQuantizeLinear and MatMulInteger")
def dynamic():
    nodes = [node("DynamicQuantizeLinear", "x", "q scale zero"), node("MatMulInteger", "q w zero", "i"), node("Cast", "i", "f", to=1), node("Mul", "f scale", "y")]
    return graph(nodes, {"x": floats(["n", "m"], (2, 8))}, {"y": FLOAT}, {"w": np.arange(24, dtype=np.int8).reshape(8, 3)})


@candidate("MatMulInteger with zero points of the client")
def integers():
    given = {
        "a": below(["n", "k"], (2, 4), 256, dtype=np.uint8),
        "b": below(["k", "m"], (4, 3), 256, dtype=np.uint8),
        "za": below(["p"], 1, 256, dtype=np.uint8),
        "zb": below(["q"], 3, 256, dtype=np.uint8),
    }
    return graph([node("MatMulInteger", "a b za zb", "y")], given, {"y": INT32})


@candidate("QLinearMatMul with scales of the client")
def linear():
    given = {"a": below(["n", "k"], (2, 4), 256, dtype=np.uint8), "sa": floats(["p"], 1, low=0.1), "sy": floats(["q"], 1, low=0.1), "zy": below(["q"], 1, 256, dtype=np.uint8)}
    constants = {"za": np.array([7], np.uint8), "b": np.arange(12, dtype=np.uint8).reshape(4, 3), "sb": np.array([0.1], np.float32), "zb": np.array([3], np.uint8)}
    return graph([node("QLinearMatMul", "a sa za b sb zb sy zy", "y")], given, {"y": 2}, constants)


@candidate("QLinearConv and ConvInteger")
def convolved():
    given = {"x": below(["n", 1, "h", "w"], (1, 1, 6, 6), 256, dtype=np.uint8), "scale": floats([], (), low=0.1), "zero": below([], (), 256, dtype=np.uint8)}
    constants = {"w": np.arange(18, dtype=np.uint8).reshape(2, 1, 3, 3), "s": np.array(0.1, np.float32), "z": np.array(3, np.uint8)}
    nodes = [node("QLinearConv", "x scale zero w s z s z", "y", strides=[2, 2]), node("ConvInteger", "x w zero z", "i", dilations=[2, 2])]
    return graph(nodes, given, {"y": 2, "i": INT32}, constants)


@candidate("QuantizeLinear and DequantizeLinear along an axis")
def scaled():
    given = {"x": floats(["n", "m"], (2, 3)), "scale": floats(["k"], 3, low=0.1), "zero": below(["k"], 3, 100, dtype=np.uint8)}
    return graph([node("QuantizeLinear", "x scale zero", "q", axis=1), node("DequantizeLinear", "q scale zero", "y", axis=1)], given, {"y": FLOAT})


@candidate("DequantizeLinear in blocks")
def blocks():
    given = {"x": below(["n", "m"], (2, 8), 256, dtype=np.uint8), "scale": floats(["n", "k"], (2, 2), low=0.1)}
    return graph([node("DequantizeLinear", "x scale", "y", axis=1, block_size=4)], given, {"y": FLOAT}, opset=21, ir=10)


@candidate("QAttention with a mask index")
def attention():
    given = {"x": below(["batch", "steps", 8], (1, 3, 8), 256, dtype=np.uint8), "mask": one_of(["batch"], [3], [2], dtype=np.int32)}
    constants = {"w": np.arange(192, dtype=np.uint8).reshape(8, 24), "b": weights(24), "s": np.array(0.1, np.float32), "z": np.array(3, np.uint8)}
    return graph([microsoft("QAttention", "x w b s s mask z z", "y", num_heads=2)], given, {"y": FLOAT}, constants, opsets=[MICROSOFT])
