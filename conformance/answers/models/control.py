"""Branches, loops, scans, functions, and inputs with a default."""

import numpy as np
from onnx import helper

from answers.graphs import BOOL, FLOAT, INT64, constant, model, node, tensor
from answers.models import Model, family
from answers.models.draws import chance, numbers, pick
from answers.models.networks import drawn, weights

X, Y = ("x", FLOAT, [None, 3]), ("y", FLOAT, [None, 3])


@family(2)
def branch(rng):
    """If: by the whole batch, by a constant, or by an input of its own."""
    kind = pick(rng, ["batch", "input", "rows"])
    then = helper.make_graph([node("Mul", "x two", "t")], "then", [], [tensor("t", FLOAT, [None, 3])])
    other = helper.make_graph([node("Neg", "x", "e")], "else", [], [tensor("e", FLOAT, [None, 3])])
    inputs, specs = [tensor(*X)], [("x", "FP32", [None, 3])]
    if kind == "batch":
        nodes = [node("ReduceSum", "x", "s", keepdims=0), node("Greater", "s zero", "c")]
    elif kind == "rows":
        nodes = [node("Shape", "x", "n", end=1), node("Squeeze", "n", "m"), node("Greater", "m one", "c")]
    else:
        nodes = []
        inputs.append(tensor("c", BOOL, []))
        specs.append(("c", "BOOL", []))
    nodes.append(node("If", "c", "y", then_branch=then, else_branch=other))
    constants = [constant("two", 2.0), *([constant("zero", 0.0)] if kind == "batch" else []), *([constant("one", 1, np.int64)] if kind == "rows" else [])]
    return Model(f"branch by {kind}", model(nodes, inputs, [tensor(*Y)], constants), drawn(specs), by_row=kind != "input")


@family(2)
def loop(rng):
    """A Loop over a constant number of steps, or over as many as there are rows."""
    by_rows = chance(rng, 0.4)
    body = helper.make_graph(
        [node("Identity", "go", "on"), node("Mul", "state half", "next"), node("Identity", "next", "each")],
        "body",
        [tensor("i", INT64, []), tensor("go", BOOL, []), tensor("state", FLOAT, [None, 3])],
        [tensor("on", BOOL, []), tensor("next", FLOAT, [None, 3]), tensor("each", FLOAT, [None, 3])],
    )
    nodes = [node("Shape", "x", "n", end=1), node("Squeeze", "n", "steps")] if by_rows else []
    nodes.append(node("Loop", ["steps", "", "x"], ["y", "all"], body=body))
    constants = [constant("half", 0.5), *([] if by_rows else [constant("steps", int(rng.integers(0, 4)), np.int64)])]
    outputs = [tensor(*Y), *([tensor("all", FLOAT, [None, None, 3])] if chance(rng, 0.4) else [])]
    return Model(f"loop, by rows={by_rows}", model(nodes, [tensor(*X)], outputs, constants), drawn([("x", "FP32", [None, 3])]))


@family(2)
def scan(rng):
    """A Scan over rows with a state, or over columns."""
    over_rows = chance(rng, 0.6)
    size = [3] if over_rows else [None]
    body = helper.make_graph(
        [node("Add", "state each", "next"), node("Relu", "next", "out")],
        "body",
        [tensor("state", FLOAT, size), tensor("each", FLOAT, size)],
        [tensor("next", FLOAT, size), tensor("out", FLOAT, size)],
    )
    if over_rows:
        nodes = [node("Scan", "start x", "last y", body=body, num_scan_inputs=1)]
        constants = [constant("start", np.zeros(3, np.float32))]
    else:
        nodes = [
            node("ReduceSum", "x axes", "start", keepdims=0),
            node("Scan", "start x", "last y", body=body, num_scan_inputs=1, scan_input_axes=[1], scan_output_axes=[1]),
        ]
        constants = [constant("axes", [1], np.int64)]
    return Model(f"scan, over rows={over_rows}", model(nodes, [tensor(*X)], [tensor(*Y)], constants), drawn([("x", "FP32", [None, 3])]))


@family(2)
def function(rng):
    """Operators of the model's own, as PyTorch's exporter writes them; divisions inside."""
    divides = chance(rng, 0.4)
    opsets = [helper.make_opsetid("", 18)]
    if divides:
        body = helper.make_function("own", "Bucket", ["a", "b"], ["c"], [helper.make_node("Div", ["a", "b"], ["q"]), helper.make_node("Mod", ["q", "b"], ["c"])], opsets)
        content = model(
            [node("Bucket", "a b", "y", domain="own")],
            [tensor("a", INT64, [None]), tensor("b", INT64, [None])],
            [tensor("y", INT64, [None])],
            opset=18,
            functions=[body],
            opsets=[helper.make_opsetid("own", 1)],
        )
        return Model("function with divisions", content, drawn([("a", "INT64", [None]), ("b", "INT64", [None])], 0.2))
    inner = helper.make_function("own", "Swish", ["a"], ["c"], [helper.make_node("Sigmoid", ["a"], ["s"]), helper.make_node("Mul", ["a", "s"], ["c"])], opsets)
    outer = helper.make_function("own", "Block", ["a", "w"], ["c"], [helper.make_node("MatMul", ["a", "w"], ["m"]), helper.make_node("Swish", ["m"], ["c"], domain="own")], [*opsets, helper.make_opsetid("own", 1)])
    content = model([node("Block", "x w", "h", domain="own"), node("Block", "h w", "y", domain="own")], [tensor(*X)], [tensor(*Y)], [constant("w", weights(rng, (3, 3)))], opset=18, functions=[inner, outer], opsets=[helper.make_opsetid("own", 1)])
    return Model("functions in functions", content, drawn([("x", "FP32", [None, 3])]))


@family(2)
def defaults(rng):
    """Inputs with a default, sent or left out."""
    kind = pick(rng, ["scale", "bias", "table"])
    w = {"scale": np.float32(2.5), "bias": np.array([1, 2, 3], np.float32), "table": np.eye(3, dtype=np.float32)}[kind]
    content = model(
        [node({"scale": "Mul", "bias": "Add", "table": "MatMul"}[kind], "x w", "y")],
        [tensor(*X), tensor("w", FLOAT, list(np.shape(w)))],
        [tensor(*Y)],
        [constant("w", np.asarray(w))],
    )

    def draw(rng, rows):
        given = {"x": numbers(rng, "FP32", (rows, 3))}
        return given | ({"w": numbers(rng, "FP32", np.shape(w))} if chance(rng, 0.4) else {})

    return Model(f"default: {kind}", content, draw)
