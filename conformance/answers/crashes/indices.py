"""Indices and counts that a client sends."""

import numpy as np
from onnx import helper

from answers.crashes import FLOAT, INT64, below, candidate, floats, graph, one_of
from answers.graphs import node

ROWS = ["n", 3]


@candidate("Gather")
def gather():
    given = {"x": floats(ROWS, (4, 3)), "i": below(["k"], 3, 4, low=-4)}
    return graph([node("Gather", "x i", "y", axis=0)], given, {"y": FLOAT})


@candidate("GatherND")
def gather_nd():
    given = {"x": floats(ROWS, (4, 3)), "i": below(["k", "depth"], (2, 2), 3)}
    return graph([node("GatherND", "x i", "y")], given, {"y": FLOAT})


@candidate("GatherND with batch_dims")
def gather_nd_batch():
    given = {"x": floats(["b", "n", 3], (2, 4, 3)), "i": below(["b", "k", 1], (2, 2, 1), 4)}
    return graph([node("GatherND", "x i", "y", batch_dims=1)], given, {"y": FLOAT})


@candidate("GatherElements")
def gather_elements():
    given = {"x": floats(["n", "m"], (4, 3)), "i": below(["k", "m"], (2, 3), 4, low=-4)}
    return graph([node("GatherElements", "x i", "y", axis=0)], given, {"y": FLOAT})


@candidate("ScatterND")
def scatter_nd():
    given = {"x": floats(ROWS, (4, 3)), "i": below(["k", 1], (2, 1), 4), "u": floats(["k", "w"], (2, 3))}
    return graph([node("ScatterND", "x i u", "y", reduction="add")], given, {"y": FLOAT}, opset=18)


@candidate("ScatterElements")
def scatter_elements():
    given = {"x": floats(["n", "m"], (4, 3)), "i": below(["k", "l"], (2, 3), 4, low=-4), "u": floats(["k", "l"], (2, 3))}
    return graph([node("ScatterElements", "x i u", "y", axis=0, reduction="max")], given, {"y": FLOAT}, opset=18)


@candidate("OneHot with a depth")
def one_hot():
    given = {"i": below(["n"], 3, 4), "depth": one_of([1], [4], [5])}
    return graph([node("OneHot", "i depth values", "y")], given, {"y": FLOAT}, {"values": np.array([0, 1], np.float32)})


@candidate("TopK with k")
def top_k():
    given = {"x": floats(["n", "m"], (3, 5)), "k": one_of([1], [1], [3], [5])}
    return graph([node("TopK", "x k", "y i", axis=1)], given, {"y": FLOAT, "i": INT64})


@candidate("SequenceAt with an index")
def sequence_at():
    given = {"x": floats(["n", 2], (4, 2)), "i": one_of([], 0, 1, -1)}
    return graph([node("SplitToSequence", "x", "s", axis=0), node("SequenceAt", "s i", "y")], given, {"y": FLOAT})


@candidate("Compress")
def compress():
    given = {"x": floats(["n", 2], (4, 2)), "c": one_of(["k"], [1, 0, 1, 1], [1, 0], dtype=np.bool_)}
    return graph([node("Compress", "x c", "y", axis=0)], given, {"y": FLOAT})


@candidate("Unique of rows")
def unique():
    given = {"x": floats(["n", "m"], (4, 2))}
    outputs = {"y": FLOAT, "i": INT64, "back": INT64, "counts": INT64}
    return graph([node("Unique", "x", "y i back counts", axis=0)], given, outputs)


@candidate("MaxUnpool with indices")
def unpool():
    given = {"x": floats([1, 1, "h", "w"], (1, 1, 2, 2)), "i": below([1, 1, "h", "w"], (1, 1, 2, 2), 16), "shape": one_of([4], [1, 1, 4, 4], [1, 1, 5, 5])}
    return graph([node("MaxUnpool", "x i shape", "y", kernel_shape=[2, 2], strides=[2, 2])], given, {"y": FLOAT})


@candidate("Trilu with k")
def trilu():
    given = {"x": floats(["n", "m"], (3, 4)), "k": one_of([], 0, 1, -2)}
    likely = [{"k": np.array(at)} for at in (1 - 2**63, 2 - 2**63, -(2**63), 2**63 - 1, 255)]
    return graph([node("Trilu", "x k", "y", upper=1)], given, {"y": FLOAT}, likely=likely)


@candidate("CumSum with an axis")
def cum_sum():
    given = {"x": floats(["n", "m"], (3, 4)), "axis": one_of([], 0, 1, -1)}
    return graph([node("CumSum", "x axis", "y", exclusive=1)], given, {"y": FLOAT})


@candidate("EyeLike, ArrayFeatureExtractor")
def eye():
    given = {"x": floats(["n", "m"], (3, 4)), "i": below(["k"], 2, 4)}
    nodes = [node("EyeLike", "x", "eye", k=1), node("Add", "x eye", "sum"), node("ArrayFeatureExtractor", "sum i", "y", domain="ai.onnx.ml")]
    return graph(nodes, given, {"y": FLOAT})


@candidate("TensorScatter with places")
def tensor_scatter():
    given = {"x": floats(["b", 1, "n", 2], (2, 1, 6, 2)), "u": floats(["b", 1, "k", 2], (2, 1, 2, 2)), "at": below(["b"], 2, 4)}
    return graph([node("TensorScatter", "x u at", "y")], given, {"y": FLOAT}, opset=24, ir=11)


@candidate("If over a table of indices")
def branches():
    then = helper.make_graph([node("Gather", "x i", "t")], "then", [], [helper.make_tensor_value_info("t", FLOAT, None)])
    other = helper.make_graph([node("GatherElements", "x j", "e")], "else", [], [helper.make_tensor_value_info("e", FLOAT, None)])
    given = {"x": floats(["n", 3], (4, 3)), "i": below(["k"], 2, 4), "j": below(["k", 3], (2, 3), 4), "which": one_of([], True, False, dtype=np.bool_)}
    return graph([node("If", "which", "y", then_branch=then, else_branch=other)], given, {"y": FLOAT})
