"""Windows over pictures, whose sizes a client chooses, and boxes."""

import numpy as np

from answers.crashes import FLOAT, INT64, below, candidate, floats, graph, one_of, weights
from answers.graphs import node

PICTURE = floats(["n", "c", "h", "w"], (1, 2, 8, 8))


@candidate("Conv, dilated and strided")
def conv():
    return graph([node("Conv", "x w", "y", dilations=[2, 2], strides=[3, 2], pads=[1, 0, 2, 1])], {"x": PICTURE}, {"y": FLOAT}, {"w": weights(3, 2, 3, 3)})


@candidate("Conv with weights of the client")
def conv_weights():
    given = {"x": PICTURE, "w": floats(["m", "c", "kh", "kw"], (3, 2, 3, 3)), "b": floats(["k"], 3)}
    return graph([node("Conv", "x w b", "y", auto_pad="SAME_UPPER")], given, {"y": FLOAT})


@candidate("ConvTranspose")
def conv_transpose():
    return graph([node("ConvTranspose", "x w", "y", strides=[2, 3], pads=[1, 1, 1, 1], output_padding=[1, 1])], {"x": PICTURE}, {"y": FLOAT}, {"w": weights(2, 3, 3, 3)})


@candidate("MaxPool with indices, AveragePool, LpPool")
def pools():
    nodes = [
        node("MaxPool", "x", "y i", kernel_shape=[3, 3], strides=[2, 2], dilations=[2, 2], ceil_mode=1),
        node("AveragePool", "x", "a", kernel_shape=[3, 2], strides=[2, 3], pads=[1, 1, 1, 0], ceil_mode=1),
        node("LpPool", "x", "l", kernel_shape=[2, 2]),
    ]
    return graph(nodes, {"x": PICTURE}, {"y": FLOAT, "i": INT64, "a": FLOAT, "l": FLOAT})


@candidate("RoiAlign")
def roi_align():
    given = {"x": PICTURE, "rois": one_of(["k", 4], [[0, 0, 5, 5], [1, 2, 3, 6]], [[2, 2, 4, 7], [0, 1, 7, 7]], dtype=np.float32), "which": one_of(["k"], [0, 0])}
    return graph([node("RoiAlign", "x rois which", "y", output_height=2, output_width=2)], given, {"y": FLOAT})


@candidate("MaxRoiPool")
def roi_pool():
    given = {"x": PICTURE, "rois": one_of(["k", 5], [[0, 0, 0, 5, 5]], [[0, 1, 2, 7, 6], [0, 0, 0, 3, 3]], dtype=np.float32)}
    likely = [{"rois": np.array([[at, 0, 0, 5, 5]], np.float32)} for at in (7, -1, 1e9)]
    likely += [{"rois": np.array([[0, low, low, high, high]], np.float32)} for low, high in ((-1e9, 1e9), (1e9, 2e9), (np.nan, 5))]
    return graph([node("MaxRoiPool", "x rois", "y", pooled_shape=[2, 2])], given, {"y": FLOAT}, likely=likely)


@candidate("NonMaxSuppression")
def suppression():
    given = {
        "boxes": floats([1, "boxes", 4], (1, 5, 4), low=0, high=1),
        "scores": floats([1, 1, "boxes"], (1, 1, 5), low=0, high=1),
        "most": one_of([1], [3], [5]),
        "overlap": one_of([1], [0.5], [0.3], dtype=np.float32),
    }
    return graph([node("NonMaxSuppression", "boxes scores most overlap", "y")], given, {"y": INT64})


@candidate("GridSample")
def grid_sample():
    given = {"x": PICTURE, "grid": floats(["n", "oh", "ow", 2], (1, 3, 3, 2))}
    modes = [node("GridSample", "x grid", name, mode=mode, padding_mode=padding) for name, mode, padding in (("a", "bilinear", "reflection"), ("b", "nearest", "border"), ("c", "bicubic", "zeros"))]
    return graph([*modes, node("Sum", "a b c", "y")], given, {"y": FLOAT})


@candidate("SpaceToDepth, DepthToSpace, LRN and InstanceNormalization")
def depth():
    nodes = [
        node("SpaceToDepth", "x", "s", blocksize=2),
        node("DepthToSpace", "s", "d", blocksize=2),
        node("LRN", "d", "l", size=3),
        node("InstanceNormalization", "l scale shift", "y"),
    ]
    return graph(nodes, {"x": PICTURE}, {"y": FLOAT}, {"scale": weights(2), "shift": weights(2)})


@candidate("DeformConv with offsets")
def deform():
    given = {"x": floats([1, 1, "h", "w"], (1, 1, 4, 4)), "offset": floats([1, 8, "oh", "ow"], (1, 8, 3, 3))}
    return graph([node("DeformConv", "x w offset", "y", kernel_shape=[2, 2])], given, {"y": FLOAT}, {"w": weights(1, 1, 2, 2)}, opset=19, ir=9)


@candidate("Einsum and MatMul of any sizes")
def einsum():
    given = {"a": floats(["n", "i", "j"], (2, 3, 4)), "b": floats(["n", "j", "k"], (2, 4, 5))}
    nodes = [node("Einsum", "a b", "c", equation="bij,bjk->bik"), node("MatMul", "a b", "m"), node("Add", "c m", "y")]
    return graph(nodes, given, {"y": FLOAT})


@candidate("NegativeLogLikelihoodLoss with classes")
def loss():
    given = {"x": floats(["n", "c"], (3, 4)), "target": below(["n"], 3, 4), "w": floats(["c"], 4, low=0.1)}
    return graph([node("NegativeLogLikelihoodLoss", "x target w", "y", reduction="mean")], given, {"y": FLOAT})


@candidate("SoftmaxCrossEntropyLoss with classes")
def cross_entropy():
    given = {"x": floats(["n", "c"], (3, 4)), "target": below(["n"], 3, 4)}
    return graph([node("SoftmaxCrossEntropyLoss", "x target", "y log", reduction="mean")], given, {"y": FLOAT, "log": FLOAT})
