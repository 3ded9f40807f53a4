"""Signals, of which frames of 0 samples end the process, and random numbers."""

import numpy as np

from answers.crashes import FLOAT, INT32, Candidate, below, candidate, floats, graph, one_of
from answers.graphs import node
from clients.server import MODELS

SIGNAL = floats(["batch", "n", 1], (1, 16, 1))


def whole(value):
    return np.array(value, np.int64)


@candidate("STFT with step and frame length")
def stft():
    given = {"signal": SIGNAL, "step": one_of([], 2, 4), "length": one_of([], 4, 8)}
    likely = [{"length": whole(0)}, {"step": whole(0)}, {"length": whole(-1)}, {"length": whole(17)}]
    return graph([node("STFT", ["signal", "step", "", "length"], ["y"], onesided=1)], given, {"y": FLOAT}, likely=likely)


@candidate("STFT with a length from a table")
def stft_by_table():
    given = {"signal": SIGNAL, "index": below([], (), 700)}
    nodes = [node("Gather", "lengths index", "length"), node("STFT", ["signal", "step", "", "length"], ["y"], onesided=1)]
    lengths = whole([8] * 700 + [0, -8, 2**62, -(2**63)] + [8] * 296)
    likely = [{"index": whole(at)} for at in (700, 701, 702, 703, -300, 704)]
    return graph(nodes, given, {"y": FLOAT}, {"step": whole(4), "lengths": lengths}, likely)


@candidate("STFT with a window of the client")
def stft_window():
    given = {"signal": SIGNAL, "step": one_of([], 2, 4), "window": floats(["k"], 8)}
    likely = [{"step": whole(0)}, {"window": np.ones(17, np.float32)}]
    return graph([node("STFT", "signal step window", "y", onesided=0)], given, {"y": FLOAT}, likely=likely)


@candidate("DFT with length and axis")
def dft():
    given = {"x": floats(["batch", "n", 1], (1, 8, 1)), "length": one_of([], 8, 5), "axis": one_of([], 1)}
    likely = [{"length": whole(0)}, {"axis": whole(2)}, {"length": whole(-1)}]
    return graph([node("DFT", "x length axis", "y")], given, {"y": FLOAT}, likely=likely, opset=20, ir=9)


@candidate("MelWeightMatrix")
def mel():
    given = {"bins": one_of([], 4, 6), "length": one_of([], 16, 32), "rate": one_of([], 8000, 16000), "low": one_of([], 0.0, 50.0, dtype=np.float32), "high": one_of([], 3000.0, 4000.0, dtype=np.float32)}
    likely = [{"rate": whole(0)}, {"length": whole(0)}, {"bins": whole(0)}, {"bins": whole(-2)}, {"rate": whole(1)}, {"high": np.array(1e30, np.float32)}, {"low": np.array(-1e9, np.float32)}]
    return graph([node("MelWeightMatrix", "bins length rate low high", "y")], given, {"y": FLOAT}, likely=likely)


@candidate("HannWindow and BlackmanWindow")
def windows():
    given = {"size": one_of([], 4, 9)}
    return graph([node("HannWindow", "size", "a"), node("BlackmanWindow", "size", "b"), node("Sub", "a b", "y")], given, {"y": FLOAT})


@candidate("Multinomial, RandomNormalLike and Bernoulli")
def random():
    given = {"x": floats(["n", "classes"], (2, 4), low=0.1, high=0.9)}
    nodes = [node("Multinomial", "x", "drawn", sample_size=3, seed=1.0), node("RandomNormalLike", "x", "noise", seed=1.0), node("Bernoulli", "x", "coins", seed=1.0)]
    return graph(nodes, given, {"drawn": INT32, "noise": FLOAT, "coins": FLOAT})


def of_tests(name, draw, *likely):
    """A model of inference-server/src/test/models/make_crashers.py."""
    return Candidate((MODELS / f"{name}.onnx").read_bytes(), draw, likely)


@candidate("crash-frame")
def crash_frame():
    def usual(rng):
        return {"signal": rng.normal(size=(1, 16, 1)).astype(np.float32), "frame": whole(rng.integers(1, 16))}

    return of_tests("crash-frame", usual, *({"frame": whole(at)} for at in (0, -1, 17, 2**62)))


@candidate("crash-below-one")
def crash_below_one():
    likely = [{"x": np.array([[at]], np.float32)} for at in (0.125, 0.5, 0, 0.25, 0.75, 1e-3)]
    return of_tests("crash-below-one", lambda rng: {"x": rng.uniform(1, 16, (1, 1)).astype(np.float32)}, *likely)


@candidate("crash-empty")
def crash_empty():
    def usual(rng):
        return {"x": rng.normal(size=(2, 2, 3)).astype(np.float32), "past_a": rng.normal(size=(2, 2)).astype(np.float32), "past_b": rng.normal(size=(2, 1)).astype(np.float32)}

    likely = [{"x": np.zeros(shape, np.float32)} for shape in ((0, 2, 3), (2, 0, 3), (0, 0, 3))]
    return of_tests("crash-empty", usual, *likely, {"past_a": np.zeros((2, 0), np.float32)})
