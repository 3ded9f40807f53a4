"""Integer arithmetic: divisions in every place, shifts, powers, loops."""

import numpy as np
from onnx import helper

from answers.crashes import below, candidate, graph, one_of
from answers.graphs import INT32, INT64, node, tensor


def pair(dtype, size=3):
    return {"a": below(["n"], size, 100, low=1, dtype=dtype), "b": below(["n"], size, 9, low=1, dtype=dtype)}


def worst(dtype):
    lowest = np.iinfo(dtype).min
    return [{"a": np.array([7, lowest, 1], dtype), "b": np.array([2, -1, 1], dtype)}, {"b": np.zeros(3, dtype)}, {"a": np.full(3, lowest, dtype), "b": np.full(3, -1, dtype)}]


@candidate("Div and Mod of INT64")
def divided():
    return graph([node("Div", "a b", "q"), node("Mod", "a b", "r")], pair(np.int64), {"q": INT64, "r": INT64}, likely=worst(np.int64))


@candidate("Div and Mod of INT32, fmod")
def divided32():
    nodes = [node("Div", "a b", "q"), node("Mod", "a b", "r", fmod=1)]
    return graph(nodes, pair(np.int32), {"q": INT32, "r": INT32}, likely=worst(np.int32))


@candidate("Div and Mod of INT8 and INT16")
def divided_small():
    nodes = [node("Div", "a b", "q"), node("Cast", "a", "a16", to=5), node("Cast", "b", "b16", to=5), node("Mod", "a16 b16", "r")]
    return graph(nodes, pair(np.int8), {"q": 3, "r": 5}, likely=worst(np.int8))


@candidate("Div within an If")
def divided_in_branch():
    then = helper.make_graph([node("Div", "a b", "t")], "then", [], [tensor("t", INT64, None)])
    other = helper.make_graph([node("Mod", "a b", "e")], "else", [], [tensor("e", INT64, None)])
    given = pair(np.int64) | {"which": one_of([], True, False, dtype=np.bool_)}
    return graph([node("If", "which", "y", then_branch=then, else_branch=other)], given, {"y": INT64}, likely=worst(np.int64))


@candidate("Div within a Loop, as often as the client says")
def divided_in_loop():
    values = [tensor("i", INT64, []), tensor("go", 9, []), tensor("v", INT64, None)]
    body = helper.make_graph([node("Div", "v b", "w"), node("Identity", "go", "on")], "body", values, [tensor("on", 9, []), tensor("w", INT64, None)])
    given = pair(np.int64) | {"times": one_of([], 1, 2)}
    return graph([node("Loop", "times true a", "y", body=body)], given, {"y": INT64}, {"true": np.array(True)}, [*worst(np.int64), {"times": np.array(-1, np.int64)}])


@candidate("Div within a function")
def divided_in_function():
    halves = helper.make_function("own", "Divide", ["p", "q"], ["r"], [node("Div", "p q", "r")], [helper.make_opsetid("", 17)])
    nodes = [node("Divide", "a b", "y", domain="own")]
    return graph(nodes, pair(np.int64), {"y": INT64}, likely=worst(np.int64), functions=[halves], opsets=[helper.make_opsetid("own", 1)])


@candidate("Div within a Scan")
def divided_in_scan():
    body = helper.make_graph([node("Div", "s e", "t"), node("Identity", "t", "o")], "body", [tensor("s", INT64, [1]), tensor("e", INT64, [1])], [tensor("t", INT64, [1]), tensor("o", INT64, [1])])
    given = {"first": below([1], 1, 1000, low=100), "b": below(["n", 1], (3, 1), 5, low=1)}
    likely = [{"first": np.array([np.iinfo(np.int64).min]), "b": np.array([[-1], [1], [1]])}, {"b": np.zeros((3, 1), np.int64)}]
    return graph([node("Scan", "first b", "y all", body=body, num_scan_inputs=1)], given, {"y": INT64, "all": INT64}, likely=likely)


@candidate("Div of sizes, with ReduceProd and Size")
def divided_sizes():
    nodes = [node("Size", "x", "size"), node("Div", "size parts", "each"), node("Unsqueeze", "each zero", "e"), node("Unsqueeze", "parts zero", "p"), node("Concat", "p e", "shape", axis=0), node("Reshape", "x shape", "y")]
    given = {"x": below(["n", "m"], (4, 6), 9), "parts": one_of([], 2, 3, 4)}
    return graph(nodes, given, {"y": INT64}, {"zero": np.array([0], np.int64)})


@candidate("BitShift")
def shifted():
    given = {"a": below(["n"], 3, 100, dtype=np.uint64), "b": below(["n"], 3, 9, dtype=np.uint64)}
    return graph([node("BitShift", "a b", "l", direction="LEFT"), node("BitShift", "a b", "r", direction="RIGHT")], given, {"l": 13, "r": 13})


@candidate("Pow, Abs, Neg and Cast of INT64")
def powers():
    nodes = [node("Pow", "a b", "p"), node("Abs", "p", "q"), node("Neg", "q", "n"), node("Cast", "n", "f", to=1), node("Cast", "f", "y", to=6)]
    return graph(nodes, pair(np.int64), {"y": INT32})


@candidate("Loop over a list, as often as the client says")
def looped():
    values = [tensor("i", INT64, []), tensor("go", 9, []), tensor("v", INT64, [])]
    body = helper.make_graph([node("Gather", "table i", "g"), node("Add", "v g", "w"), node("Identity", "go", "on")], "body", values, [tensor("on", 9, []), tensor("w", INT64, [])])
    given = {"table": below(["n"], 6, 50), "times": one_of([], 1, 4, 6)}
    likely = [{"times": np.array(at, np.int64)} for at in (7, 0, -1)]
    return graph([node("Loop", "times true zero", "y", body=body)], given, {"y": INT64}, {"true": np.array(True), "zero": np.array(0, np.int64)}, likely)


