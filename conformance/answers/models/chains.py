"""Random chains of operators, most of which keep rows apart, and some of which do not."""

import numpy as np

from answers.graphs import BOOL, FLOAT, INT64, constant, model, node, tensor
from answers.models import Model, family
from answers.models.draws import chance, pick
from answers.models.networks import drawn, weights

# What keeps rows apart: name -> nodes from `i` to `o`, constants.
APART = {
    "Relu": lambda rng, i, o, w: ([node("Relu", i, o)], []),
    "Tanh": lambda rng, i, o, w: ([node("Tanh", i, o)], []),
    "Add": lambda rng, i, o, w: ([node("Add", f"{i} {o}c", o)], [constant(f"{o}c", weights(rng, (w,)))]),
    "Mul": lambda rng, i, o, w: ([node("Mul", f"{o}c {i}", o)], [constant(f"{o}c", weights(rng, (1, w)))]),
    "MatMul": lambda rng, i, o, w: ([node("MatMul", f"{i} {o}c", o)], [constant(f"{o}c", weights(rng, (w, w)))]),
    "Softmax": lambda rng, i, o, w: ([node("Softmax", i, o, axis=pick(rng, [1, -1]))], []),
    "Mean": lambda rng, i, o, w: ([node("ReduceMean", i, f"{o}m", axes=[pick(rng, [1, -1])], keepdims=1), node("Sub", f"{i} {o}m", o)], []),
    "Reshape": lambda rng, i, o, w: (
        [node("Reshape", f"{i} {o}a", f"{o}r"), node("Transpose", f"{o}r", f"{o}t", perm=[0, 2, 1]), node("Reshape", f"{o}t {o}b", o)],
        [constant(f"{o}a", [pick(rng, [0, -1]), 2, w // 2], np.int64), constant(f"{o}b", [-1, w], np.int64)],
    ),
    "Transpose twice": lambda rng, i, o, w: ([node("Transpose", i, f"{o}t"), node("Relu", f"{o}t", f"{o}r"), node("Transpose", f"{o}r", o)], []),
    "Gather columns": lambda rng, i, o, w: ([node("Gather", f"{i} {o}c", o, axis=1)], [constant(f"{o}c", rng.permutation(w), np.int64)]),
    "Slice columns": lambda rng, i, o, w: (
        [node("Split", i, f"{o}a {o}b", axis=1), node("Concat", f"{o}b {o}a", o, axis=1)],
        [],
    ),
    "LayerNormalization": lambda rng, i, o, w: ([node("LayerNormalization", f"{i} {o}c", o)], [constant(f"{o}c", weights(rng, (w,)))]),
    "CumSum of columns": lambda rng, i, o, w: ([node("CumSum", f"{i} {o}c", o)], [constant(f"{o}c", 1, np.int64)]),
    "Where": lambda rng, i, o, w: ([node("Greater", f"{i} {o}c", f"{o}g"), node("Where", f"{o}g {i} {o}c", o)], [constant(f"{o}c", weights(rng, (w,)))]),
    "Expand of itself": lambda rng, i, o, w: (
        [node("Shape", i, f"{o}s"), node("Expand", f"{o}c {o}s", f"{o}e"), node("Mul", f"{o}e {i}", o)],
        [constant(f"{o}c", weights(rng, (1, w)))],
    ),
    "Einsum": lambda rng, i, o, w: ([node("Einsum", f"{i} {o}c", o, equation="bi,ij->bj")], [constant(f"{o}c", weights(rng, (w, w)))]),
    "TopK": lambda rng, i, o, w: ([node("TopK", f"{i} {o}c", f"{o} {o}i", axis=1)], [constant(f"{o}c", [w], np.int64)]),
    "Tile": lambda rng, i, o, w: ([node("Tile", f"{i} {o}c", f"{o}t"), node("Slice", f"{o}t {o}z {o}w {o}u", o)], [constant(f"{o}c", [1, 2], np.int64), constant(f"{o}z", [0], np.int64), constant(f"{o}w", [w], np.int64), constant(f"{o}u", [1], np.int64)]),
}
# What mixes them.
TOGETHER = {
    "mean of the batch": lambda rng, i, o, w: ([node("ReduceMean", i, f"{o}m", axes=[pick(rng, [0, -2])], keepdims=1), node("Sub", f"{i} {o}m", o)], []),
    "highest of all": lambda rng, i, o, w: ([node("ReduceMax", i, f"{o}m", keepdims=1), node("Div", f"{i} {o}m", o)], []),
    "Softmax of columns": lambda rng, i, o, w: ([node("Softmax", i, o, axis=pick(rng, [0, -2]))], []),
    "CumSum of rows": lambda rng, i, o, w: ([node("CumSum", f"{i} {o}c", o)], [constant(f"{o}c", 0, np.int64)]),
    "neighbour": lambda rng, i, o, w: (
        [node("Slice", f"{i} {o}z {o}u", f"{o}f"), node("Slice", f"{i} {o}u {o}w", f"{o}r"), node("Concat", f"{o}r {o}f", o, axis=0)],
        [constant(f"{o}z", [0], np.int64), constant(f"{o}u", [1], np.int64), constant(f"{o}w", [1 << 40], np.int64)],
    ),
    "first row": lambda rng, i, o, w: ([node("Gather", f"{i} {o}c", f"{o}g", axis=0), node("Add", f"{i} {o}g", o)], [constant(f"{o}c", 0, np.int64)]),
    "number of rows": lambda rng, i, o, w: ([node("Shape", i, f"{o}s", end=1), node("Cast", f"{o}s", f"{o}f", to=FLOAT), node("Mul", f"{i} {o}f", o)], []),
    "reshape across": lambda rng, i, o, w: (
        [node("Transpose", i, f"{o}t"), node("Shape", i, f"{o}s"), node("Reshape", f"{o}t {o}s", o)],
        [],
    ),
    "quantised": lambda rng, i, o, w: ([node("DynamicQuantizeLinear", i, f"{o}q {o}s {o}z"), node("DequantizeLinear", f"{o}q {o}s {o}z", o)], []),
    "attention": lambda rng, i, o, w: ([node("Transpose", i, f"{o}t"), node("MatMul", f"{i} {o}t", f"{o}s"), node("Softmax", f"{o}s", f"{o}p"), node("MatMul", f"{o}p {i}", o)], []),
    "norm of the batch": lambda rng, i, o, w: ([node("LpNormalization", i, o, axis=0)], []),
    "scatter": lambda rng, i, o, w: ([node("ScatterND", f"{i} {o}i {o}u", o)], [constant(f"{o}i", [[0]], np.int64), constant(f"{o}u", weights(rng, (1, w)))]),
    "top of rows": lambda rng, i, o, w: ([node("Shape", i, f"{o}n", end=1), node("TopK", f"{i} {o}n", f"{o} {o}i", axis=0)], []),
    "any": lambda rng, i, o, w: ([node("ReduceMax", i, f"{o}m", keepdims=0), node("Greater", f"{o}m {o}c", f"{o}g"), node("Neg", i, f"{o}n"), node("Where", f"{o}g {i} {o}n", o)], [constant(f"{o}c", 4.0)]),
}


@family(9)
def chain(rng):
    width = int(pick(rng, [2, 4, 6, 64]))
    mixing = chance(rng, 0.45)
    count = int(rng.integers(1, 9))
    at = int(rng.integers(count)) if mixing else -1
    nodes, constants, used, last = [], [], [], "x"
    for k in range(count):
        kind = pick(rng, list(TOGETHER if k == at else APART))
        more, values = (TOGETHER if k == at else APART)[kind](rng, last, f"t{k}", width)
        nodes, constants, last = nodes + more, constants + values, f"t{k}"
        used.append(kind)
    outputs = [tensor(last, FLOAT, [None, width])]
    if count > 2 and chance(rng, 0.3):
        outputs.append(tensor("t0", FLOAT, [None, width]))
    if chance(rng, 0.2):
        nodes += [node("ArgMax", last, "label", axis=1, keepdims=0)]
        outputs.insert(0, tensor("label", INT64, [None]))
    content = model(nodes, [tensor("x", FLOAT, [None, width])], outputs, constants)
    return Model(f"chain of {width}: {used}", content, drawn([("x", "FP32", [None, width])]))


@family(3)
def two_inputs(rng):
    """Two inputs whose rows belong together, or do not."""
    kind = pick(rng, ["Add", "MatMul", "table", "broadcast", "Concat rows", "Concat columns", "Where", "index"])
    a, b, y = tensor("a", FLOAT, [None, 4]), tensor("b", FLOAT, [None, 4]), tensor("y", FLOAT, [None, 4])
    constants = []
    specs = [("a", "FP32", [None, 4]), ("b", "FP32", [None, 4])]
    if kind in ("Add", "broadcast"):
        nodes = [node("Add", "a b", "y")]
        if kind == "broadcast":
            b, specs[1] = tensor("b", FLOAT, ["any", 4]), ("b", "FP32", [1, 4])
    elif kind == "MatMul":
        nodes, y = [node("Transpose", "b", "t"), node("MatMul", "a t", "y")], tensor("y", FLOAT, [None, None])
    elif kind == "table":
        b = tensor("b", INT64, [None])
        specs[1] = ("b", "INT64", [None])
        nodes = [node("Gather", "a b", "y")]
    elif kind == "index":
        b = tensor("b", INT64, [None, 1])
        specs[1] = ("b", "INT64", [None, 1])
        nodes, y = [node("GatherElements", "a b", "y", axis=1)], tensor("y", FLOAT, [None, 1])
    elif kind == "Concat rows":
        nodes = [node("Concat", "a b", "y", axis=0)]
    elif kind == "Concat columns":
        nodes, y = [node("Concat", "a b", "y", axis=1)], tensor("y", FLOAT, [None, 8])
    else:
        c = tensor("c", BOOL, [None, 1])
        specs.append(("c", "BOOL", [None, 1]))
        return Model("two inputs: Where", model([node("Where", "c a b", "y")], [a, b, c], [y]), drawn(specs))
    return Model(f"two inputs: {kind}", model(nodes, [a, b], [y], constants), drawn(specs), by_row=kind != "broadcast")
