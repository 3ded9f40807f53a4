"""What the server cannot see in a request: axes that become empty within the model, frame lengths within bodies."""

import numpy as np
from onnx import helper

from answers import graphs
from answers.crashes import FLOAT, INT64, MICROSOFT, candidate, floats, graph, microsoft, one_of, weights
from answers.graphs import node, tensor

KEEP = one_of(["k"], [1, 0, 1, 1], [1, 1, 0, 0], dtype=np.bool_)
NOTHING = ({"keep": np.zeros(4, np.bool_)}, {"keep": np.zeros(1, np.bool_)})
SIGNAL = floats(["batch", "n", 1], (1, 16, 1))


def kept(nodes, outputs, constants=(), given=None, **options):
    """A model of what is kept of the first axis of x; likely to end its process where nothing is."""
    inputs = {"x": given or floats(["n", 3], (4, 3)), "keep": KEEP}
    return graph([node("Compress", "x keep", "kept", axis=0), *nodes], inputs, outputs, constants, NOTHING, **options)


def layer(kind, gates):
    constants = {"w": weights(1, 2 * gates, 3), "r": weights(1, 2 * gates, 2)}
    return kept([node(kind, "kept w r", "y last", hidden_size=2)], {"y": FLOAT, "last": FLOAT}, constants, floats(["time", "batch", 3], (4, 2, 3)))


@candidate("LSTM of the steps that are kept")
def lstm():
    return layer("LSTM", 4)


@candidate("GRU of the steps that are kept")
def gru():
    return layer("GRU", 3)


@candidate("RNN of the steps that are kept")
def rnn():
    return layer("RNN", 1)


@candidate("LSTM of a slice of the batch")
def sliced():
    given = {"x": floats(["time", "batch", 3], (4, 2, 3)), "end": one_of([1], [1], [2])}
    nodes = [node("Slice", "x zero end one", "part"), node("LSTM", "part w r", "y", hidden_size=2)]
    constants = {"w": weights(1, 8, 3), "r": weights(1, 8, 2), "zero": np.array([0]), "one": np.array([1])}
    return graph(nodes, given, {"y": FLOAT}, constants, [{"end": np.array([at])} for at in (0, -2, -(2**63))])


@candidate("TopK of the rows that are kept")
def top():
    return kept([node("TopK", "kept one", "y i", axis=1)], {"y": FLOAT, "i": INT64}, {"one": np.array([1])})


@candidate("TopK over the rows that are kept, as KNeighbors has it")
def nearest():
    nodes = [microsoft("CDist", "kept points", "d", metric="sqeuclidean"), node("TopK", "d two", "y i", axis=1, largest=0)]
    return kept(nodes, {"y": FLOAT, "i": INT64}, {"points": weights(5, 3), "two": np.array([2])}, opsets=[MICROSOFT])


@candidate("DFT of the samples that are kept")
def spectrum():
    nodes = [node("Unsqueeze", "kept zero", "one"), node("DFT", "one", "y", axis=1)]
    return kept(nodes, {"y": FLOAT}, {"zero": np.array([0])}, floats(["n", 1], (4, 1)))


@candidate("Softmax, ReduceMax, ArgMax and MatMul of the rows that are kept")
def reduced():
    nodes = [node("Softmax", "kept", "s", axis=0), node("ReduceMean", "s", "m", axes=[0]), node("MatMul", "kept w", "p"), node("LpNormalization", "p", "y", axis=0)]
    return kept(nodes, {"m": FLOAT, "y": FLOAT}, {"w": weights(3, 2)})


@candidate("DynamicQuantizeLinear and MatMulInteger of the rows that are kept")
def quantised():
    nodes = [node("DynamicQuantizeLinear", "kept", "q scale zero"), node("MatMulInteger", "q w zero", "i"), node("Cast", "i", "f", to=1), node("Mul", "f scale", "y")]
    return kept(nodes, {"y": FLOAT}, {"w": np.arange(6, dtype=np.int8).reshape(3, 2)})


@candidate("MaxPool, Resize and Conv of the pictures that are kept")
def pictures():
    nodes = [node("Conv", "kept w", "c"), node("MaxPool", "c", "m", kernel_shape=[2, 2]), node("Resize", ["m", "", "scales"], ["y"], mode="linear")]
    constants = {"w": weights(2, 1, 3, 3), "scales": np.array([1, 1, 2, 2], np.float32)}
    return kept(nodes, {"y": FLOAT}, constants, floats(["n", 1, "h", "w"], (4, 1, 6, 6)))


def framed(*outputs):
    return node("STFT", ["signal", "step", "", "length"], list(outputs), onesided=1)


def lengths(**more):
    likely = [{"length": np.array(at, np.int64)} for at in (0, 0, -1, 17)]
    given = {"signal": SIGNAL, "length": one_of([], 4, 8), **more}
    return given, likely


@candidate("STFT within an If")
def branch():
    given, likely = lengths(which=one_of([], True, True, False, dtype=np.bool_))
    then = helper.make_graph([framed("t")], "then", [], [tensor("t", FLOAT, None)])
    other = helper.make_graph([node("Identity", "signal", "e")], "else", [], [tensor("e", FLOAT, None)])
    return graph([node("If", "which", "y", then_branch=then, else_branch=other)], given, {"y": FLOAT}, {"step": np.array(4)}, likely)


@candidate("STFT within a Loop whose last length is the client's")
def loop():
    given, likely = lengths()
    values = [tensor("i", INT64, []), tensor("go", graphs.BOOL, []), tensor("v", FLOAT, None)]
    nodes = [framed("s"), node("ReduceSum", "s", "r", keepdims=0), node("Add", "v r", "w"), node("Identity", "go", "on")]
    body = helper.make_graph(nodes, "body", values, [tensor("on", graphs.BOOL, []), tensor("w", FLOAT, None)])
    constants = {"step": np.array(4), "twice": np.array(2), "true": np.array(True), "start": np.array(0, np.float32)}
    return graph([node("Loop", "twice true start", "y", body=body)], given, {"y": FLOAT}, constants, likely)


@candidate("STFT within a function, with a sum of lengths")
def function():
    given, likely = lengths(more=one_of([], 0, 1))
    inner = helper.make_function("own", "Frames", ["s", "p", "n"], ["r"], [node("STFT", ["s", "p", "", "n"], ["r"])], [helper.make_opsetid("", 17)])
    nodes = [node("Mul", "length more", "times"), node("Add", "length times", "sum"), node("Frames", "signal step sum", "y", domain="own")]
    return graph(nodes, given, {"y": FLOAT}, {"step": np.array(4)}, likely, functions=[inner], opsets=[helper.make_opsetid("own", 1)])


@candidate("STFT beside a slow Loop, so that innocent runs are under way at a crash")
def slow():
    values = [tensor("i", INT64, []), tensor("go", graphs.BOOL, []), tensor("v", FLOAT, None)]
    nodes = [node("Add", "v small", "w"), node("Identity", "go", "on")]
    body = helper.make_graph(nodes, "body", values, [tensor("on", graphs.BOOL, []), tensor("w", FLOAT, None)])
    given = {"signal": SIGNAL, "length": one_of([], 4, 8), "times": one_of([], 30_000, 60_000)}
    likely = [{"length": np.array(0), "times": np.array(times)} for times in (0, 10, 20_000)]
    nodes = [node("Loop", "times true start", "sum", body=body), node("Mul", "sum zero", "nothing"), node("Add", "signal nothing", "same")]
    nodes += [node("STFT", ["same", "step", "", "length"], ["spectrum"], onesided=1), node("Add", "spectrum sum", "y")]
    constants = {"step": np.array(4), "true": np.array(True), "start": np.array(0, np.float32), "small": np.array(1e-6, np.float32), "zero": np.array(0, np.float32)}
    return graph(nodes, given, {"y": FLOAT}, constants, likely)
