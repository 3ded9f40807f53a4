"""Writes models whose outputs are not what their shape suggests: an input or a constant handed on, two names for one value, fewer or more rows than the inputs.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import expectation
from expectation import BY_HAND, HERE, case, strings, tensor

FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs, outputs, **attributes)


def constant(value, name):
    return numpy_helper.from_array(np.array(value), name)


def save(name, nodes, inputs, outputs, cases, initializers=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="modelserver-tests")
    model.ir_version = 8
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    expectation.check(name, cases)
    expectation.write(name, BY_HAND, cases)


X = tensor("x", FLOAT, [None, 2])
rows = np.array([[-1, 2], [3, -4], [5, 6]], np.float32)
ids = np.array([7, -8, 9], np.int64)
words = strings(["k", "é", ""])

# row keys: outputs under the names of the inputs
save(
    "output-is-input",
    [node("Relu", ["x"], ["y"])],
    [X, tensor("id", INT64, [None]), tensor("word", STRING, [None])],
    [tensor("y", FLOAT, [None, 2]), tensor("id", INT64, [None]), tensor("word", STRING, [None])],
    [
        case(f"{n} rows", {"x": rows[:n], "id": ids[:n], "word": words[:n]}, {"y": np.maximum(rows[:n], 0), "id": ids[:n], "word": words[:n]})
        for n in (1, 2, 3)
    ],
)
save(
    "output-is-number-input",
    [node("Relu", ["x"], ["y"])],
    [X, tensor("id", INT64, [None])],
    [tensor("y", FLOAT, [None, 2]), tensor("id", INT64, [None])],
    [case(f"{n} rows", {"x": rows[:n], "id": ids[:n]}, {"y": np.maximum(rows[:n], 0), "id": ids[:n]}) for n in (1, 2, 3)],
)
# the same behind operators that ONNX Runtime takes out, one value under several names, and a constant beside them
aliases = {"y": lambda x, i: np.maximum(x, 0), "again": lambda x, i: np.maximum(x, 0), "key": lambda x, i: i, "plain": lambda x, i: x, "third": lambda x, i: x}
save(
    "output-aliases",
    [
        node("Relu", ["x"], ["y"]),
        node("Identity", ["y"], ["again"]),
        node("Identity", ["id"], ["id_1"]),
        node("Identity", ["id_1"], ["key"]),
        node("Dropout", ["x"], ["dropped"]),
        node("Identity", ["dropped"], ["plain"]),
        node("Cast", ["x"], ["cast"], to=FLOAT),
        node("Add", ["cast", "zero"], ["third"]),
    ],
    [X, tensor("id", INT64, [None])],
    [tensor(name, INT64 if name == "key" else FLOAT, [None] if name == "key" else [None, 2]) for name in aliases] + [tensor("table", FLOAT, [None, 2])],
    [
        case(
            f"{n} rows",
            {"x": rows[:n], "id": ids[:n]},
            {name: f(rows[:n], ids[:n]) for name, f in aliases.items()} | {"table": np.array([[1, 2], [3, 4]], np.float32)},
        )
        for n in (1, 2, 3)
    ],
    [constant(np.float32(0), "zero"), constant(np.array([[1, 2], [3, 4]], np.float32), "table")],
)
# what a branch or a loop hands on is decided by the values
branch = lambda name, value: helper.make_graph([node("Identity", [value], [name])], name, [], [tensor(name, FLOAT, [None, 2])])
body = helper.make_graph(
    [node("Identity", ["going"], ["on"]), node("Add", ["v", "v"], ["twice"])],
    "body",
    [tensor("i", INT64, []), tensor("going", TensorProto.BOOL, []), tensor("v", FLOAT, [None, 2])],
    [tensor("on", TensorProto.BOOL, []), tensor("twice", FLOAT, [None, 2])],
)
positive = lambda x: x if x.max() > 0 else -x
save(
    "output-branches",
    [
        node("ReduceMax", ["x"], ["most"], keepdims=0),
        node("Greater", ["most", "zero"], ["positive"]),
        node("Neg", ["x"], ["minus"]),
        node("If", ["positive"], ["chosen"], then_branch=branch("a", "x"), else_branch=branch("b", "minus")),
        node("Cast", ["positive"], ["times"], to=INT64),
        node("Loop", ["times", "", "x"], ["looped"], body=body),
    ],
    [X],
    [tensor("chosen", FLOAT, [None, 2]), tensor("looped", FLOAT, [None, 2])],
    [
        case(f"{n} rows, {sign}", {"x": sign * rows[:n]}, {"chosen": positive(sign * rows[:n]), "looped": rows[:n] * sign * (2 if (sign * rows[:n]).max() > 0 else 1)})
        for n in (1, 3)
        for sign in (1, -1, -0.0)
    ],
    [constant(np.float32(0), "zero")],
)

# as many rows as pass a filter; their places; every row twice; one row whatever the number
save(
    "output-filter",
    [
        node("ReduceMin", ["x"], ["least"], axes=[1], keepdims=0),
        node("Greater", ["least", "zero"], ["keep"]),
        node("Compress", ["x", "keep"], ["kept"], axis=0),
        node("Neg", ["x"], ["minus"]),
    ],
    [X],
    [tensor("kept", FLOAT, [None, 2]), tensor("minus", FLOAT, [None, 2])],
    [
        case(name, {"x": x}, {"kept": x[x.min(1) > 0], "minus": -x})
        for name, x in (("all pass", np.abs(rows)), ("one passes", rows), ("none passes", -np.abs(rows)), ("one row that passes", rows[2:]), ("one row that does not", rows[:1]))
    ],
    [constant(np.float32(0), "zero")],
)
save(
    "output-more-rows",
    [node("Concat", ["x", "x"], ["twice"], axis=0), node("ReduceSum", ["x", "first"], ["sum"], keepdims=1), node("NonZero", ["x"], ["pairs"]), node("Transpose", ["pairs"], ["places"])],
    [X],
    [tensor("twice", FLOAT, [None, 2]), tensor("sum", FLOAT, [None, 2]), tensor("places", INT64, [None, 2])],
    [
        case(f"{n} rows", {"x": rows[:n]}, {"twice": np.concatenate([rows[:n]] * 2), "sum": rows[:n].sum(0, keepdims=True), "places": np.argwhere(rows[:n])})
        for n in (1, 2, 3)
    ],
    [constant(np.array([0]), "first")],
)
# one row for each of the different ones, in another order; which of them each row is; each row: so wide that no two of the trial rows are equal by chance
different = lambda x: np.unique(x, axis=0, return_inverse=True)
wide = np.tile(rows, 8) + np.arange(16, dtype=np.float32)
save(
    "output-distinct",
    [node("Unique", ["x"], ["distinct", "", "back"], axis=0), node("Neg", ["x"], ["minus"])],
    [tensor("x", FLOAT, [None, 16])],
    [tensor("distinct", FLOAT, [None, 16]), tensor("back", INT64, [None]), tensor("minus", FLOAT, [None, 16])],
    [
        case(name, {"x": x}, {"distinct": different(x)[0], "back": different(x)[1].ravel(), "minus": -x})
        for name, x in (("all differ", wide), ("two are equal", wide[[2, 0, 2]]), ("all are equal", wide[[1, 1]]), ("one row", wide[:1]))
    ],
)
