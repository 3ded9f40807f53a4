"""Writes one small model for every element type, and for shapes, sequences and inputs that are out of the ordinary, with answers worked out by hand.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
from ml_dtypes import bfloat16
from onnx import TensorProto, helper, numpy_helper

import expectation
from expectation import BY_HAND, HERE, case, strings, tensor

# ONNX Runtime's Python takes no arrays of these: BF16, and sequences that are empty or of strings
UNCHECKED = {"type-bf16", "sequence-types"}


def sequence(name, kind, shape=None):
    return helper.make_tensor_sequence_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, cases, initializers=(), ir=8, opsets=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), *opsets], producer_name="modelserver-tests")
    model.ir_version = ir
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    if name not in UNCHECKED:
        expectation.check(name, cases)
    expectation.write(name, BY_HAND, cases)


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs, outputs, **attributes)


# every numeric type: y is x, and number is what ONNX Runtime takes x for, as a 64-bit float. Rows hold the ends of the range
TYPES = {
    "bool": (TensorProto.BOOL, np.array([[True, False]])),
    "uint8": (TensorProto.UINT8, np.array([[0, 255], [1, 128]], np.uint8)),
    "uint16": (TensorProto.UINT16, np.array([[0, 65535], [1, 32768]], np.uint16)),
    "uint32": (TensorProto.UINT32, np.array([[0, 4294967295], [1, 2147483648]], np.uint32)),
    "uint64": (TensorProto.UINT64, np.array([[0, 18446744073709551615], [1, 9223372036854775808]], np.uint64)),
    "int8": (TensorProto.INT8, np.array([[-128, 127], [-1, 0]], np.int8)),
    "int16": (TensorProto.INT16, np.array([[-32768, 32767], [-1, 0]], np.int16)),
    "int32": (TensorProto.INT32, np.array([[-2147483648, 2147483647], [-1, 0]], np.int32)),
    "int64": (TensorProto.INT64, np.array([[-9223372036854775808, 9223372036854775807], [-1, 9007199254740993]], np.int64)),
    "fp16": (TensorProto.FLOAT16, np.array([[-65504, 65504], [6e-8, 0.1]], np.float16)),
    "bf16": (TensorProto.BFLOAT16, np.array([[-3.3895e38, 3.3895e38], [0.1, 1]], bfloat16)),
    "fp32": (TensorProto.FLOAT, np.array([[-3.4028235e38, 3.4028235e38], [1e-45, 0.1]], np.float32)),
    "fp64": (TensorProto.DOUBLE, np.array([[-1.7976931348623157e308, 1.7976931348623157e308], [5e-324, 0.1]], np.float64)),
}
for name, (kind, rows) in TYPES.items():
    empty = rows[:0]
    save(
        f"type-{name}",
        [node("Identity", ["x"], ["y"]), node("Cast", ["x"], ["number"], to=TensorProto.DOUBLE)],
        [tensor("x", kind, [None, 2])],
        [tensor("y", kind, [None, 2]), tensor("number", TensorProto.DOUBLE, [None, 2])],
        [
            case("rows", {"x": rows}, {"y": rows, "number": rows.astype(np.float64)}),
            case("no rows", {"x": empty}, {"y": empty, "number": empty.astype(np.float64)}),
        ],
    )
words = strings([["", "Grüße, 世界 🙂"], ["a\nb", 'quote " and \\']])
save(
    "type-bytes",
    [node("Identity", ["x"], ["y"])],
    [tensor("x", TensorProto.STRING, [None, 2])],
    [tensor("y", TensorProto.STRING, [None, 2])],
    [case("rows", {"x": words}, {"y": words}), case("no rows", {"x": words[:0]}, {"y": words[:0]})],
)

# a vocabulary that has characters beyond U+FFFF, and answers that have them and U+0000
ML = helper.make_opsetid("ai.onnx.ml", 3)
encoder = lambda source, target, **attributes: helper.make_node("LabelEncoder", [source], [target], domain="ai.onnx.ml", **attributes)
save(
    "string-vocabulary",
    [
        encoder("word", "number", keys_strings=["🙂", "né", "a\0b", "plain"], values_int64s=[1, 2, 3, 4], default_int64=-1),
        encoder("number", "other", keys_int64s=[1, 2, 3, 4], values_strings=["a𝄞b🙂", "ñ", "x\0y", "word"], default_string="ðñ°"),
    ],
    [tensor("word", TensorProto.STRING, [None])],
    [tensor("number", TensorProto.INT64, [None]), tensor("other", TensorProto.STRING, [None])],
    [
        case(
            "words",
            {"word": strings(["plain", "🙂", "né", "a\0b", "🙃", ""])},
            {"number": np.array([4, 1, 2, 3, -1, -1]), "other": strings(["word", "a𝄞b🙂", "ñ", "x\0y", "ðñ°", "ðñ°"])},
        )
    ],
    opsets=[ML],
)

# scalars: tensors of rank 0
save(
    "rank-0",
    [node("Add", ["x", "x"], ["twice"]), node("Identity", ["word"], ["same"])],
    [tensor("x", TensorProto.FLOAT, []), tensor("word", TensorProto.STRING, [])],
    [tensor("twice", TensorProto.FLOAT, []), tensor("same", TensorProto.STRING, [])],
    [case("scalars", {"x": np.array(1.5, np.float32), "word": strings("one")}, {"twice": np.array(3, np.float32), "same": strings("one")})],
)
# every size free, and one that only the run tells: where x is not 0
grid = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
save(
    "dynamic",
    [node("Transpose", ["x"], ["turned"], perm=[2, 1, 0]), node("NonZero", ["x"], ["places"])],
    [tensor("x", TensorProto.FLOAT, ["a", "b", "c"])],
    [tensor("turned", TensorProto.FLOAT, ["c", "b", "a"]), tensor("places", TensorProto.INT64, [3, "found"])],
    [
        case("some", {"x": grid}, {"turned": grid.transpose(2, 1, 0), "places": np.array([[0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [1, 2, 0, 1, 2]])}),
        case("none", {"x": grid * 0}, {"turned": grid.transpose(2, 1, 0) * 0, "places": np.zeros((3, 0), np.int64)}),
        case("empty in the middle", {"x": grid[:, :0]}, {"turned": np.zeros((3, 0, 1), np.float32), "places": np.zeros((3, 0), np.int64)}),
    ],
)
# an input and an output that say no shape at all take every rank
save(
    "any-rank",
    [node("Neg", ["x"], ["y"])],
    [tensor("x", TensorProto.FLOAT, None)],
    [tensor("y", TensorProto.FLOAT, None)],
    [case(f"rank {a.ndim}", {"x": a}, {"y": -a}) for a in (np.array(2, np.float32), np.ones(3, np.float32), grid)],
)
# several inputs and outputs of several types; "first" needs only a, "second" only b and c
a, b, c = np.array([[1, 2], [3, 4]], np.float32), np.array([[5], [6]], np.int64), strings([["x"], ["y"]])
save(
    "several",
    [
        node("ReduceSum", ["a", "last"], ["first"]),
        node("Add", ["b", "b"], ["second"]),
        node("Identity", ["c"], ["third"]),
        node("Cast", ["b"], ["b_float"], to=TensorProto.FLOAT),
        node("Mul", ["a", "b_float"], ["fourth"]),
    ],
    [tensor("a", TensorProto.FLOAT, [None, 2]), tensor("b", TensorProto.INT64, [None, 1]), tensor("c", TensorProto.STRING, [None, 1])],
    [
        tensor("first", TensorProto.FLOAT, [None, 1]),
        tensor("second", TensorProto.INT64, [None, 1]),
        tensor("third", TensorProto.STRING, [None, 1]),
        tensor("fourth", TensorProto.FLOAT, [None, 2]),
    ],
    [
        case(
            "rows",
            {"a": a, "b": b, "c": c},
            {"first": np.array([[3], [7]], np.float32), "second": b * 2, "third": c, "fourth": a * b.astype(np.float32)},
        )
    ],
    [numpy_helper.from_array(np.array([1], np.int64), "last")],
)
# sequences of tensors: equal shapes are stacked, others have no tensor that could hold them
save(
    "sequence",
    [node("SequenceConstruct", ["a", "b"], ["both"])],
    [tensor("a", TensorProto.FLOAT, [None, 2]), tensor("b", TensorProto.FLOAT, [None, 2])],
    [sequence("both", TensorProto.FLOAT, [None, 2])],
    [case("equal", {"a": a, "b": a * 2}, {"both": np.stack([a, a * 2])})],
)
save(
    "sequence-types",
    [
        node("SequenceConstruct", ["u", "u"], ["numbers"]),
        node("SequenceConstruct", ["s"], ["words"]),
        node("SequenceEmpty", [], ["nothing"], dtype=TensorProto.UINT16),
    ],
    [tensor("u", TensorProto.UINT64, [None]), tensor("s", TensorProto.STRING, [None])],
    [sequence("numbers", TensorProto.UINT64), sequence("words", TensorProto.STRING), sequence("nothing", TensorProto.UINT16)],
    [
        case(
            "rows",
            {"u": np.array([1, 2**64 - 1], np.uint64), "s": strings(["p", "q"])},
            {"numbers": np.array([[1, 2**64 - 1]] * 2, np.uint64), "words": strings([["p", "q"]]), "nothing": np.zeros(0, np.uint16)},
        )
    ],
)
# y = x * factor; factor is an input that has a default
factor = numpy_helper.from_array(np.array(3, np.float32), "factor")
for name, ir in (("optional-input", 8), ("optional-input-ir3", 3)):
    cases = [case("default", {"x": a}, {"y": a * 3})]
    if ir > 3:
        cases.append(case("sent", {"x": a, "factor": np.array(-1, np.float32)}, {"y": -a}))
    save(
        name,
        [node("Mul", ["x", "factor"], ["y"])],
        [tensor("x", TensorProto.FLOAT, [None, 2]), tensor("factor", TensorProto.FLOAT, [])],
        [tensor("y", TensorProto.FLOAT, [None, 2])],
        cases,
        [factor],
        ir=ir,
    )
