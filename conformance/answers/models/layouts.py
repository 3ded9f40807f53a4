"""Outputs and inputs of every layout: passed through, filtered, reduced, in sequences, scalar, constant, fixed."""

import numpy as np
from onnx import TensorProto, helper

from answers.graphs import BOOL, FLOAT, INT64, STRING, constant, model, node, tensor
from answers.models import Model, family
from answers.models.draws import chance, names, numbers, pick
from answers.models.estimators import renamed
from answers.models.networks import drawn


@family(3)
def passed_through(rng):
    """Outputs that are inputs, under their own name, beside one that is computed."""
    kinds = {"FP32": FLOAT, "INT64": INT64, "BYTES": STRING, "BOOL": BOOL}
    inputs, outputs, specs = [tensor("x", FLOAT, [None, 2])], [tensor("y", FLOAT, [None, 2])], [("x", "FP32", [None, 2])]
    for i in range(int(rng.integers(1, 4))):
        datatype = pick(rng, list(kinds))
        shape = pick(rng, [[None, 1], [None], [None, 3]])
        inputs.append(tensor(f"id{i}", kinds[datatype], shape))
        specs.append((f"id{i}", datatype, shape))
        if chance(rng, 0.8):
            outputs.append(tensor(f"id{i}", kinds[datatype], shape))
    if chance(rng, 0.3):
        outputs.append(tensor("x", FLOAT, [None, 2]))
    order = rng.permutation(len(outputs))
    content = model([node("Relu", "x", "y")], inputs, [outputs[i] for i in order], opset=17)
    return Model(f"passed through {[each.name for each in outputs]}", content, drawn(specs))


@family(4)
def filtered(rng):
    """As many rows in the answer as pass a threshold, or positions, or the highest."""
    kind = pick(rng, ["Compress", "NonZero", "Unique", "TopK", "NonMaxSuppression", "GatherND"])
    x = tensor("x", FLOAT, [None, 3])
    if kind == "Compress":
        declared = pick(rng, [[None, 3], ["kept", 3], ["rows", 3]])
        content = model(
            [node("ReduceSum", "x axes", "s", keepdims=0), node("Greater", "s zero", "keep"), node("Compress", "x keep", "y", axis=0)],
            [tensor("x", FLOAT, ["rows", 3])],
            [tensor("y", FLOAT, declared), *([tensor("keep", BOOL, ["rows"])] if chance(rng, 0.5) else [])],
            [constant("axes", [1], np.int64), constant("zero", 0.0)],
        )
    elif kind == "NonZero":
        content = model([node("Relu", "x", "r"), node("NonZero", "r", "y")], [x], [tensor("y", INT64, [2, None])])
    elif kind == "Unique":
        content = model([node("Unique", "x", "y i j n", axis=0)], [x], [tensor("y", FLOAT, [None, 3]), tensor("j", INT64, [None])])
    elif kind == "TopK":
        content = model([node("TopK", "x k", "y i", axis=1)], [x], [tensor("y", FLOAT, [None, 2]), tensor("i", INT64, [None, 2])], [constant("k", [2], np.int64)])
    elif kind == "GatherND":
        content = model([node("Relu", "x", "r"), node("NonZero", "r", "p"), node("Transpose", "p", "q"), node("GatherND", "x q", "y")], [x], [tensor("y", FLOAT, [None])])
    else:
        content = model(
            [node("Unsqueeze", "x zero", "b"), node("Concat", "b b", "b6", axis=2), node("Slice", "b6 zero four two", "boxes"), node("ReduceSum", "x axes", "s", keepdims=0), node("Unsqueeze", "s both", "scores"), node("NonMaxSuppression", "boxes scores most", "y")],
            [x],
            [tensor("y", INT64, [None, 3])],
            [constant("zero", [0], np.int64), constant("both", [0, 1], np.int64), constant("axes", [1], np.int64), constant("most", [3], np.int64), constant("four", [4], np.int64), constant("two", [2], np.int64)],
        )
    return Model(f"filter {kind}", content, drawn([("x", "FP32", [None, 3])]))


@family(4)
def across_rows(rng):
    """Answers that depend on the other rows of the request."""
    kind = pick(rng, ["ReduceMean", "ReduceMax", "CumSum", "Softmax", "Sort", "MatMul", "Normalize", "Shape", "ReverseSequence", "EyeLike", "Reshape", "first", "Transpose", "Attention"])
    x, y = tensor("x", FLOAT, [None, 3]), tensor("y", FLOAT, [None, 3])
    whole = {"axis": constant("axis", 0, np.int64), "one": constant("one", [1], np.int64)}
    built = {
        "ReduceMean": ([node("ReduceMean", "x", "y", axes=[0], keepdims=1)], [tensor("y", FLOAT, [1, 3])]),
        "ReduceMax": ([node("ReduceMax", "x", "y", axes=[0], keepdims=0)], [tensor("y", FLOAT, [3])]),
        "CumSum": ([node("CumSum", "x axis", "y")], [y]),
        "Softmax": ([node("Softmax", "x", "y", axis=0)], [y]),
        "Sort": ([node("Shape", "x", "n", end=1), node("TopK", "x n", "y i", axis=0)], [y]),
        "MatMul": ([node("Transpose", "x", "t"), node("MatMul", "x t", "y")], [tensor("y", FLOAT, [None, None])]),
        "Normalize": ([node("ReduceMean", "x", "m", axes=[0], keepdims=1), node("Sub", "x m", "y")], [y]),
        "Shape": ([node("Shape", "x", "y")], [tensor("y", INT64, [2])]),
        "ReverseSequence": ([node("Shape", "x", "n", start=1), node("Shape", "x", "k", end=1), node("Expand", "k three", "lengths"), node("ReverseSequence", "x lengths", "y", batch_axis=1, time_axis=0)], [y]),
        "EyeLike": ([node("EyeLike", "x", "e"), node("Add", "x e", "y")], [y]),
        "Reshape": ([node("Reshape", "x all", "y")], [tensor("y", FLOAT, [None])]),
        "first": ([node("Gather", "x axis", "f", axis=0), node("Add", "x f", "y")], [y]),
        "Transpose": ([node("Transpose", "x", "y")], [tensor("y", FLOAT, [3, None])]),
        "Attention": ([node("Transpose", "x", "t"), node("MatMul", "x t", "s"), node("Softmax", "s", "p", axis=1), node("MatMul", "p x", "y")], [y]),
    }[kind]
    constants = [*whole.values(), constant("three", [3], np.int64), constant("all", [-1], np.int64)]
    used = {name for each in built[0] for name in each.input}
    outputs = [*built[1], *([tensor("r", FLOAT, [None, 3])] if chance(rng, 0.4) else [])]
    nodes = [*built[0], *([node("Relu", "x", "r")] if len(outputs) > 1 else [])]
    return Model(f"across rows: {kind}", model(nodes, [x], outputs, [each for each in constants if each.name in used]), drawn([("x", "FP32", [None, 3])]))


@family(3)
def sequences(rng):
    """Sequences of tensors: one per target, of equal and of different shapes; one per row; empty."""
    kind = pick(rng, ["equal", "different", "rows", "strings", "empty"])
    x = tensor("x", FLOAT, [None, 4])
    of = STRING if kind == "strings" else FLOAT
    y = helper.make_tensor_sequence_value_info("y", of, None)
    if kind == "equal":
        nodes = [node("Relu", "x", "a"), node("Neg", "x", "b"), node("SequenceConstruct", "a b", "y")]
    elif kind == "different":
        nodes = [node("Slice", "x zero one axis", "a"), node("Slice", "x one four axis", "b"), node("SequenceConstruct", "a b", "y")]
    elif kind == "rows":
        nodes = [node("SplitToSequence", "x", "y", axis=0, keepdims=int(rng.integers(2)))]
    elif kind == "strings":
        nodes = [node("Cast", "x", "s", to=TensorProto.STRING), node("SequenceConstruct", "s s", "y")]
    else:
        nodes = [node("SequenceEmpty", [], "y")]
    constants = [constant(name, [value], np.int64) for name, value in (("zero", 0), ("one", 1), ("four", 4), ("axis", 1))]
    used = {name for each in nodes for name in each.input}
    outputs = [y, *([tensor("r", FLOAT, [None, 4])] if chance(rng, 0.5) or kind == "empty" else [])]
    if len(outputs) > 1:
        nodes.append(node("Relu", "x", "r"))
    return Model(f"sequence, {kind}", model(nodes, [x], outputs, [each for each in constants if each.name in used]), drawn([("x", "FP32", [None, 4])], 0))


@family(3)
def few_axes(rng):
    """Scalars and vectors."""
    kind = pick(rng, ["scalar", "vector", "vectors", "free vector", "scalar and rows", "to scalar"])
    if kind == "scalar":
        specs, outputs, nodes = [("x", "FP32", [])], [tensor("y", FLOAT, [])], [node("Neg", "x", "y")]
    elif kind == "vector":
        specs, outputs, nodes = [("x", "FP32", [5])], [tensor("y", FLOAT, [5])], [node("Neg", "x", "y")]
    elif kind == "free vector":
        specs, outputs, nodes = [("x", "FP32", [None])], [tensor("y", FLOAT, [None])], [node("Neg", "x", "y")]
    elif kind == "vectors":
        specs, outputs, nodes = [("x", "FP32", [None]), ("z", "INT64", [None])], [tensor("y", FLOAT, [None])], [node("Cast", "z", "f", to=FLOAT), node("Add", "x f", "y")]
    elif kind == "scalar and rows":
        specs, outputs, nodes = [("x", "FP32", [None, 2]), ("z", "FP32", [])], [tensor("y", FLOAT, [None, 2])], [node("Mul", "x z", "y")]
    else:
        specs, outputs, nodes = [("x", "FP32", [None, 2])], [tensor("y", FLOAT, [])], [node("ReduceSum", "x", "y", keepdims=0)]
    inputs = [tensor(name, {"FP32": FLOAT, "INT64": INT64}[datatype], shape) for name, datatype, shape in specs]
    by_row = all(shape[:1] == [None] for _, _, shape in specs)
    rows = (1, 2, 3, 17, 0) if any(None in shape for _, _, shape in specs) else (1, 1, 1)
    return Model(f"few axes: {kind}", model(nodes, inputs, outputs), drawn(specs, 0.2), by_row=by_row, rows=rows)


@family(2)
def constants_in_outputs(rng):
    length = int(pick(rng, [0, 1, 2, 3, 17]))
    nodes = [node("Relu", "x", "y"), node("Identity", "c", "C"), node("Identity", "s", "S")]
    outputs = [tensor("y", FLOAT, [None, 2]), tensor("C", FLOAT, [length]), tensor("S", STRING, [3])]
    content = model(nodes, [tensor("x", FLOAT, [None, 2])], [outputs[i] for i in rng.permutation(3)], [constant("c", np.arange(length, dtype=np.float32)), constant("s", ["a", "🌞", ""], str)])
    return Model(f"constant outputs of {length}", content, drawn([("x", "FP32", [None, 2])]))


@family(2)
def fixed_sizes(rng):
    """A batch that is fixed, or inputs whose first axes differ."""
    batch = int(pick(rng, [1, 2, 4]))
    if chance(rng, 0.5):
        content = model([node("Relu", "x", "y")], [tensor("x", FLOAT, [batch, 3])], [tensor("y", FLOAT, [batch, 3])])
        return Model(f"fixed batch of {batch}", content, lambda rng, rows: {"x": numbers(rng, "FP32", (batch, 3))}, rows=(batch, batch))
    nodes = [node("ReduceSum", "state axes", "s", keepdims=0), node("Add", "audio s", "y"), node("Mul", "state half", "state_out")]
    shapes = {"audio": [1, 6], "state": [2, batch, 4]}
    content = model(nodes, [tensor(name, FLOAT, shape) for name, shape in shapes.items()], [tensor("y", FLOAT, [1, 6]), tensor("state_out", FLOAT, [2, batch, 4])], [constant("half", 0.5), constant("axes", [0, 1, 2], np.int64)])
    return Model(f"fixed sizes {shapes}", content, drawn([(name, "FP32", shape) for name, shape in shapes.items()]), by_row=False, rows=(1, 1))


@family(2)
def undeclared(rng):
    """Inputs or outputs without a shape, or of the wrong one."""
    rank = int(rng.integers(0, 4))
    shape = pick(rng, [None, [None] * rank])
    content = model([node(pick(rng, ["Relu", "Neg", "Identity"]), "x", "y")], [tensor("x", FLOAT, shape)], [tensor("y", FLOAT, pick(rng, [None, [None] * rank]))])
    return Model(f"no shape, rank {rank}", content, lambda rng, rows: {"x": numbers(rng, "FP32", ([rows] + [2] * 3)[:rank] if rank else ())}, by_row=rank > 0)


@family(3)
def odd_names(rng):
    """Names with dots, blanks, quotes, other scripts and emoji; several inputs."""
    count = int(rng.integers(1, 4))
    given = names(rng, count + 1)
    nodes = [node("Sum", [f"i{k}" for k in range(count)], ["o"])]
    widths = [None, 2]
    content = model(nodes, [tensor(f"i{k}", FLOAT, widths) for k in range(count)], [tensor("o", FLOAT, widths)])
    content = renamed(content, {**{f"i{k}": given[k] for k in range(count)}, "o": given[count]})
    return Model(f"names {given}", content, drawn([(name, "FP32", widths) for name in given[:count]]))
