"""Writes models for the forms in which rows are sent. Needs Python 3.11 and: pip install -r requirements.txt"""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from expectation import HERE, tensor

N = helper.make_node


def save(name, nodes, inputs, outputs, initializers=(), metadata=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, [numpy_helper.from_array(v, k) for k, v in initializers])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    if metadata:
        helper.set_model_props(model, metadata)
    onnx.checker.check_model(model)
    (HERE / f"rows-{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


# y = 2 * ids, one value per row
save("ids", [N("Add", ["ids", "ids"], ["y"])], [tensor("ids", TensorProto.INT64, ["batch"])], [tensor("y", TensorProto.INT64, ["batch"])])
save("texts", [N("Identity", ["text"], ["y"])], [tensor("text", TensorProto.STRING, ["batch"])], [tensor("y", TensorProto.STRING, ["batch"])])
# y = the mean of a vector: all its values are one row
save("mean", [N("ReduceMean", ["x"], ["y"], keepdims=0)], [tensor("x", TensorProto.FLOAT, ["n"])], [tensor("y", TensorProto.FLOAT, [])])
# y = the sum of the tokens that the mask leaves
save(
    "tokens",
    [N("Mul", ["input_ids", "attention_mask"], ["m"]), N("ReduceSum", ["m", "axis"], ["y"], keepdims=0)],
    [tensor(n, TensorProto.INT32, ["batch", "sequence"]) for n in ("input_ids", "attention_mask")],
    [tensor("y", TensorProto.INT32, ["batch"])],
    [("axis", np.array([1]))],
)
# names beyond the BMP: of features, and of an input and an output
EMOJI, CJK = "\U0001F34E", "\U00020BB7"
save(
    "emoji-features",
    [N("Neg", ["x"], ["y"])],
    [tensor("x", TensorProto.FLOAT, [None, 2])],
    [tensor("y", TensorProto.FLOAT, [None, 2])],
    metadata={"features": json.dumps([EMOJI, CJK])},
)
save("emoji-input", [N("Neg", [EMOJI], [CJK])], [tensor(EMOJI, TensorProto.FLOAT, [None, 2])], [tensor(CJK, TensorProto.FLOAT, [None, 2])])
# several inputs of which one has two values, and one is for the whole request
save(
    "mixed",
    [N("Mul", ["pair", "factor"], ["p"]), N("Add", ["p", "one"], ["y"])],
    [tensor("pair", TensorProto.FLOAT, [None, 2]), tensor("one", TensorProto.FLOAT, [None, 1]), tensor("factor", TensorProto.FLOAT, [1])],
    [tensor("y", TensorProto.FLOAT, [None, 2])],
)


# y = x without the mean of all rows of the run
MATRIX = [tensor("x", TensorProto.FLOAT, ["batch", 2])], [tensor("y", TensorProto.FLOAT, ["batch", 2])]
save("centred", [N("ReduceMean", ["x"], ["mean"], axes=[0]), N("Sub", ["x", "mean"], ["y"])], *MATRIX)


def drift(name, units, **integers):
    """y = 1, and so many units in the last place more as the nodes make of the number of rows of the run"""
    save(
        name,
        [
            N("Shape", ["x"], ["rows"], end=1),
            *units,
            N("Cast", ["units"], ["float_units"], to=TensorProto.FLOAT),
            N("Mul", ["float_units", "unit"], ["drift"]),
            N("Add", ["drift", "one"], ["answer"]),
            N("Mul", ["x", "zero"], ["zeros"]),
            N("Add", ["zeros", "answer"], ["y"], name="drift"),
        ],
        *MATRIX,
        [
            *((n, np.array([v])) for n, v in integers.items()),
            ("unit", np.array([2**-23], np.float32)),
            ("one", np.array([1], np.float32)),
            ("zero", np.array([0], np.float32)),
        ],
    )


# one for each row beyond the first; beyond the sixteenth; one for an odd number of rows
BEYOND = [N("Sub", ["rows", "exact"], ["beyond"]), N("Max", ["beyond", "none"], ["units"])]
drift("drift", BEYOND, exact=1, none=0)
drift("drift-late", BEYOND, exact=16, none=0)
drift("drift-odd", [N("Mod", ["rows", "two"], ["units"])], two=2)
# y = the sine of the sine of the sine of the sine of x, computed 1 000 000 times: a row costs milliseconds
save(
    "dear",
    [
        N("Expand", ["x", "wide"], ["e"]),
        *(N("Sin", [i], [o]) for i, o in [("e", "a"), ("a", "b"), ("b", "c"), ("c", "d")]),
        N("ReduceMax", ["d"], ["y"], axes=[1]),
    ],
    [tensor("x", TensorProto.FLOAT, ["batch", 1])],
    [tensor("y", TensorProto.FLOAT, ["batch", 1])],
    [("wide", np.array([1, 1_000_000]))],
)
# a row of nine megabytes
save(
    "large",
    [N("ReduceMax", ["x"], ["y"], axes=[1, 2])],
    [tensor("x", TensorProto.FLOAT, ["batch", 1500, 1500])],
    [tensor("y", TensorProto.FLOAT, ["batch", 1, 1])],
)
# takes one row at a time, although it declares any number
save("one-by-one", [N("Reshape", ["x", "shape"], ["y"])], *MATRIX, [("shape", np.array([1, 2]))])
