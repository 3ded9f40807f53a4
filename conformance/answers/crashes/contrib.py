"""Operators of ONNX Runtime's own domain that take indices or sizes."""

import numpy as np

from answers.crashes import FLOAT, INT32, INT64, MICROSOFT, below, candidate, floats, graph, microsoft, one_of, weights
from answers.graphs import node

OWN = {"opsets": [MICROSOFT]}


@candidate("NGramRepeatBlock")
def ngrams():
    given = {"ids": below(["batch", "steps"], (2, 6), 5), "scores": floats(["batch", "words"], (2, 5))}
    return graph([microsoft("NGramRepeatBlock", "ids scores", "y", ngram_size=2)], given, {"y": FLOAT}, **OWN)


@candidate("CropAndResize")
def crop():
    given = {
        "x": floats(["batch", 2, "h", "w"], (2, 2, 6, 6)),
        "boxes": floats(["n", 4], (3, 4), low=0, high=1),
        "which": below(["n"], 3, 2, dtype=np.int32),
        "size": one_of([2], [2, 2], [3, 4], dtype=np.int32),
    }
    return graph([microsoft("CropAndResize", "x boxes which size", "y")], given, {"y": FLOAT}, **OWN)


@candidate("CDist and TopK, as KNeighbors has them")
def distances():
    given = {"x": floats(["n", "width"], (3, 4)), "k": one_of([1], [1], [3])}
    nodes = [microsoft("CDist", "x points", "d", metric="euclidean"), node("TopK", "d k", "y i", axis=1, largest=0)]
    return graph(nodes, given, {"y": FLOAT, "i": INT64}, {"points": weights(5, 4)}, **OWN)


@candidate("WordConvEmbedding with characters")
def characters():
    given = {"x": below(["steps", "characters"], (2, 6), 8, low=1, dtype=np.int32)}
    constants = {"w": weights(3, 1, 2, 4), "b": weights(3), "c": weights(9, 4)}
    nodes = [microsoft("WordConvEmbedding", "x w b c", "y", embedding_size=3, conv_window_size=2, char_embedding_size=4)]
    return graph(nodes, given, {"y": FLOAT}, constants, **OWN)


@candidate("DynamicTimeWarping")
def warping():
    given = {"x": floats(["n", "m"], (4, 5))}
    return graph([microsoft("DynamicTimeWarping", "x", "y")], given, {"y": INT32}, **OWN)


@candidate("SkipLayerNormalization, BiasGelu and FusedMatMul of any width")
def normalised():
    given = {"x": floats(["n", "s", "w"], (2, 3, 4)), "skip": floats(["n", "s", "w"], (2, 3, 4))}
    nodes = [
        microsoft("SkipLayerNormalization", "x skip gamma beta", "a"),
        microsoft("BiasGelu", "a beta", "b"),
        microsoft("FusedMatMul", "b b", "y", transB=1, alpha=0.5),
    ]
    return graph(nodes, given, {"y": FLOAT}, {"gamma": weights(4), "beta": weights(4)}, **OWN)


@candidate("MatMulNBits with quantised weights of the client")
def bits():
    given = {
        "x": floats(["n", 32], (2, 32)),
        "b": below([8, 1, 16], (8, 1, 16), 256, dtype=np.uint8),
        "scales": floats(["k"], 8, low=0.1, high=1),
    }
    return graph([microsoft("MatMulNBits", "x b scales", "y", K=32, N=8, bits=4, block_size=32)], given, {"y": FLOAT}, **OWN)


@candidate("GatherBlockQuantized")
def gather_block():
    given = {"i": below(["n"], 3, 6)}
    constants = {"data": np.arange(6 * 16, dtype=np.uint8).reshape(6, 16), "scales": weights(6, 1)}
    nodes = [microsoft("GatherBlockQuantized", "data i scales", "y", gather_axis=0, quantize_axis=1, block_size=16, bits=8)]
    return graph(nodes, given, {"y": FLOAT}, constants, **OWN)
