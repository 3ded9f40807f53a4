"""Shapes, sizes and steps that a client sends."""

import numpy as np

from answers.crashes import FLOAT, INT64, candidate, floats, graph, one_of
from answers.graphs import node

MATRIX = floats(["n", "m"], (4, 6))


@candidate("Slice")
def sliced():
    given = {"x": MATRIX, "starts": one_of(["k"], [0, 1], [-2, 0]), "ends": one_of(["k"], [3, 5], [4, 6]), "axes": one_of(["k"], [0, 1]), "steps": one_of(["k"], [1, 1], [2, 1])}
    return graph([node("Slice", "x starts ends axes steps", "y")], given, {"y": FLOAT})


@candidate("Pad")
def padded():
    given = {"x": MATRIX, "pads": one_of(["k"], [0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0])}
    return graph([node("Pad", "x pads", "y", mode="reflect")], given, {"y": FLOAT}, opset=18)


@candidate("Pad around, with axes")
def wrapped():
    given = {"x": MATRIX, "pads": one_of(["k"], [1, 1], [0, 2]), "axes": one_of(["a"], [0], [1], [-1])}
    return graph([node("Pad", ["x", "pads", "", "axes"], ["y"], mode="wrap")], given, {"y": FLOAT}, opset=19)


@candidate("Tile")
def tiled():
    return graph([node("Tile", "x repeats", "y")], {"x": MATRIX, "repeats": one_of(["k"], [1, 2], [2, 3])}, {"y": FLOAT})


@candidate("Expand")
def expanded():
    given = {"x": floats(["n", 1], (4, 1)), "shape": one_of(["k"], [4, 3], [1, 7], [2, 4, 5])}
    return graph([node("Expand", "x shape", "y")], given, {"y": FLOAT})


@candidate("Range")
def ranged():
    given = {"start": one_of([], 0, 3), "limit": one_of([], 10, 7), "delta": one_of([], 1, 2)}
    return graph([node("Range", "start limit delta", "y")], given, {"y": INT64})


@candidate("Reshape")
def reshaped():
    given = {"x": MATRIX, "shape": one_of(["k"], [6, 4], [-1, 3], [0, -1], [24])}
    return graph([node("Reshape", "x shape", "y")], given, {"y": FLOAT})


@candidate("Resize to sizes")
def resized():
    given = {"x": floats([1, 1, "h", "w"], (1, 1, 4, 4)), "sizes": one_of([4], [1, 1, 8, 8], [1, 1, 3, 5])}
    return graph([node("Resize", ["x", "", "", "sizes"], ["y"], mode="linear", coordinate_transformation_mode="align_corners")], given, {"y": FLOAT})


@candidate("Resize by scales, cubic and antialiased")
def scaled():
    given = {"x": floats([1, 1, "h", "w"], (1, 1, 6, 6)), "scales": one_of([4], [1, 1, 2, 2], [1, 1, 0.5, 1.5], dtype=np.float32)}
    return graph([node("Resize", ["x", "", "scales"], ["y"], mode="cubic", antialias=1)], given, {"y": FLOAT}, opset=18)


@candidate("Resize nearest with a region")
def region():
    given = {
        "x": floats([1, 1, "h", "w"], (1, 1, 4, 4)),
        "roi": one_of([8], [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0.2, 0.2, 1, 1, 0.8, 0.8], dtype=np.float32),
        "sizes": one_of([4], [1, 1, 8, 8], [1, 1, 3, 5]),
    }
    return graph([node("Resize", ["x", "roi", "", "sizes"], ["y"], mode="nearest", coordinate_transformation_mode="tf_crop_and_resize")], given, {"y": FLOAT})


@candidate("ConstantOfShape")
def constant_of_shape():
    return graph([node("ConstantOfShape", "shape", "y")], {"shape": one_of(["k"], [2, 3], [4])}, {"y": FLOAT})


@candidate("Split into parts")
def split():
    given = {"x": floats(["n", 6], (2, 6)), "parts": one_of([2], [2, 4], [3, 3], [6, 0])}
    return graph([node("Split", "x parts", "a b", axis=1)], given, {"a": FLOAT, "b": FLOAT})


@candidate("SplitToSequence by a size")
def split_sequence():
    given = {"x": floats(["n", 6], (3, 6)), "parts": one_of([], 2, 3, 4)}
    return graph([node("SplitToSequence", "x parts", "s", axis=1), node("ConcatFromSequence", "s", "y", axis=1)], given, {"y": FLOAT})


@candidate("Unsqueeze, Squeeze and ReduceSum with axes")
def axes():
    given = {"x": MATRIX, "added": one_of(["k"], [0], [2], [-1]), "summed": one_of(["l"], [0], [1], [-1])}
    nodes = [node("Unsqueeze", "x added", "u"), node("Squeeze", "u added", "s"), node("ReduceSum", "s summed", "y", keepdims=1)]
    return graph(nodes, given, {"y": FLOAT})


@candidate("Col2Im")
def col2im():
    given = {"x": floats([1, "c", "n"], (1, 4, 9)), "image": one_of([2], [4, 4]), "block": one_of([2], [2, 2])}
    return graph([node("Col2Im", "x image block", "y")], given, {"y": FLOAT}, opset=18)


@candidate("AffineGrid and GridSample")
def grid():
    given = {
        "theta": floats(["n", 2, 3], (1, 2, 3)),
        "size": one_of([4], [1, 1, 3, 3], [1, 1, 2, 5]),
        "x": floats(["n", 1, "h", "w"], (1, 1, 4, 4)),
    }
    nodes = [node("AffineGrid", "theta size", "grid"), node("GridSample", "x grid", "y", mode="cubic", padding_mode="reflection")]
    return graph(nodes, given, {"y": FLOAT}, opset=20, ir=9)
