"""Recurrent layers and attention."""

import numpy as np

from answers.crashes import FLOAT, MICROSOFT, below, candidate, floats, graph, microsoft, one_of, weights
from answers.graphs import INT32, node


def recurrent(kind, gates, directions=1, **attributes):
    given = {
        "x": floats(["time", "batch", 3], (4, 2, 3)),
        "lengths": below(["batch"], 2, 5, low=1, dtype=np.int32),
        "h": floats([directions, "batch", 2], (directions, 2, 2)),
    }
    constants = {"w": weights(directions, 2 * gates, 3), "r": weights(directions, 2 * gates, 2)}
    return graph([node(kind, ["x", "w", "r", "", "lengths", "h"], ["y", "last"], hidden_size=2, **attributes)], given, {"y": FLOAT, "last": FLOAT}, constants)


@candidate("LSTM with lengths")
def lstm():
    return recurrent("LSTM", 4)


@candidate("GRU with lengths")
def gru():
    return recurrent("GRU", 3, linear_before_reset=1)


@candidate("RNN in two directions with lengths")
def rnn():
    return recurrent("RNN", 1, 2, direction="bidirectional")


@candidate("ReverseSequence with lengths")
def reversed_sequence():
    given = {"x": floats(["time", "batch", 2], (5, 3, 2)), "lengths": below(["batch"], 3, 6, low=1)}
    return graph([node("ReverseSequence", "x lengths", "y", time_axis=0, batch_axis=1)], given, {"y": FLOAT})


@candidate("Attention with a mask index")
def attention():
    given = {"x": floats(["batch", "steps", 8], (2, 4, 8)), "mask": below(["batch"], 2, 5, low=1, dtype=np.int32)}
    constants = {"w": weights(8, 24), "b": weights(24)}
    return graph([microsoft("Attention", "x w b mask", "y", num_heads=2)], given, {"y": FLOAT}, constants, opsets=[MICROSOFT])


@candidate("MultiHeadAttention with a padding mask")
def heads():
    given = {"x": floats(["batch", "steps", 8], (2, 4, 8)), "mask": one_of(["batch"], [4, 4], [2, 3], dtype=np.int32)}
    return graph([microsoft("MultiHeadAttention", ["x", "x", "x", "", "mask"], ["y"], num_heads=2)], given, {"y": FLOAT}, opsets=[MICROSOFT])


@candidate("GroupQueryAttention with lengths of the past")
def grouped():
    given = {
        "q": floats(["batch", "steps", 16], (1, 1, 16)),
        "k": floats(["batch", "steps", 8], (1, 1, 8)),
        "v": floats(["batch", "steps", 8], (1, 1, 8)),
        "past_k": floats(["batch", 1, "past", 8], (1, 1, 6, 8)),
        "past_v": floats(["batch", 1, "past", 8], (1, 1, 6, 8)),
        "lengths": one_of(["batch"], [3], [5], dtype=np.int32),
        "total": one_of([], 6, dtype=np.int32),
    }
    nodes = [microsoft("GroupQueryAttention", "q k v past_k past_v lengths total", "y present_k present_v", num_heads=2, kv_num_heads=1)]
    return graph(nodes, given, {"y": FLOAT, "present_k": FLOAT, "present_v": FLOAT}, opsets=[MICROSOFT])


@candidate("RotaryEmbedding with positions")
def rotary():
    given = {"x": floats(["batch", "steps", 8], (1, 3, 8)), "positions": below(["batch", "steps"], (1, 3), 10)}
    constants = {"cos": weights(16, 4), "sin": weights(16, 4)}
    return graph([microsoft("RotaryEmbedding", "x positions cos sin", "y", num_heads=1)], given, {"y": FLOAT}, constants, opsets=[MICROSOFT])


@candidate("EmbedLayerNormalization with ids")
def embedded():
    given = {name: below(["batch", "steps"], (2, 3), limit, dtype=np.int32) for name, limit in (("ids", 9), ("segments", 2))}
    constants = {"words": weights(9, 4), "places": weights(8, 4), "parts": weights(2, 4), "gamma": weights(4), "beta": weights(4)}
    return graph([microsoft("EmbedLayerNormalization", "ids segments words places parts gamma beta", "y mask")], given, {"y": FLOAT, "mask": INT32}, constants, opsets=[MICROSOFT])
