"""Writes the tiny ONNX models of the tests. Needs Python 3.11 and: pip install -r requirements.txt

Each model is a few hundred bytes and has weights small enough to check an answer by hand.
"""

import json
import pathlib

import onnx
from onnx import TensorProto, helper, numpy_helper
import numpy as np

HERE = pathlib.Path(__file__).parent
ML = helper.make_opsetid("ai.onnx.ml", 3)


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def zipmap_type(key, value=TensorProto.FLOAT):
    return helper.make_value_info("probabilities", helper.make_sequence_type_proto(helper.make_map_type_proto(key, helper.make_tensor_type_proto(value, []))))


def save(name, nodes, inputs, outputs, initializers=(), metadata=None, opset=17, ir=8, functions=()):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), ML], producer_name="modelserver-tests", functions=list(functions))
    model.ir_version = ir
    if metadata:
        helper.set_model_props(model, metadata)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


FLOATS = lambda name, columns: tensor(name, TensorProto.FLOAT, [None, columns])

# y = 2a + 3b + 1
save(
    "linear",
    [helper.make_node("MatMul", ["x", "w"], ["xw"]), helper.make_node("Add", ["xw", "b"], ["y"])],
    [FLOATS("x", 2)],
    [FLOATS("y", 1)],
    [numpy_helper.from_array(np.array([[2], [3]], np.float32), "w"), numpy_helper.from_array(np.array([1], np.float32), "b")],
)
save("scalar", [helper.make_node("Mul", ["x", "x"], ["y"])], [FLOATS("x", 1)], [FLOATS("y", 1)])
save("identity", [helper.make_node("Identity", ["x"], ["y"])], [FLOATS("x", 3)], [FLOATS("y", 3)])
save(
    "strings",
    [helper.make_node("Identity", ["x"], ["y"])],
    [tensor("x", TensorProto.STRING, [None, 1])],
    [tensor("y", TensorProto.STRING, [None, 1])],
)
# softmax over three scores; the classes come from the metadata
save(
    "softmax",
    [helper.make_node("Softmax", ["x"], ["scores"])],
    [FLOATS("x", 3)],
    [FLOATS("scores", 3)],
    metadata={"classes": '["red", "green", "blue"]', "title": "Colours", "accuracy": "0.9", "dataset": "by hand"},
)
# class 1 when a > b
save(
    "integer-labels",
    [
        helper.make_node(
            "LinearClassifier", ["x"], ["label", "p"], domain="ai.onnx.ml", classlabels_ints=[0, 1], coefficients=[-1.0, 1.0, 1.0, -1.0],
            intercepts=[0.0, 0.0], multi_class=0, post_transform="SOFTMAX",
        ),
        helper.make_node("ZipMap", ["p"], ["probabilities"], domain="ai.onnx.ml", classlabels_int64s=[0, 1]),
    ],
    [FLOATS("x", 2)],
    [tensor("label", TensorProto.INT64, [None]), zipmap_type(TensorProto.INT64)],
    metadata={"classes": "left, right", "features": "a, b"},
)
# "high" when age + pressure > 200; two named integer columns
save(
    "string-labels",
    [
        helper.make_node("Concat", ["age", "pressure"], ["columns"], axis=1),
        helper.make_node("Cast", ["columns"], ["x"], to=TensorProto.FLOAT),
        helper.make_node(
            "LinearClassifier", ["x"], ["label", "p"], domain="ai.onnx.ml", classlabels_strings=["high", "low"], coefficients=[0.1, 0.1, -0.1, -0.1],
            intercepts=[-20.0, 20.0], multi_class=0, post_transform="SOFTMAX",
        ),
        helper.make_node("ZipMap", ["p"], ["probabilities"], domain="ai.onnx.ml", classlabels_strings=["high", "low"]),
    ],
    [tensor("age", TensorProto.INT64, [None, 1]), tensor("pressure", TensorProto.INT64, [None, 1])],
    [tensor("label", TensorProto.STRING, [None]), zipmap_type(TensorProto.STRING)],
)
# 0/0 and 1/0 make NaN and Infinity in the answer
save("divide", [helper.make_node("Div", ["x", "z"], ["y"])], [FLOATS("x", 2)], [FLOATS("y", 2)], [numpy_helper.from_array(np.zeros(2, np.float32), "z")])
save("fixed-batch", [helper.make_node("Neg", ["x"], ["y"])], [tensor("x", TensorProto.FLOAT, [1, 2])], [tensor("y", TensorProto.FLOAT, [1, 2])])
# types that nobody serves: 8-bit floats, values that may be absent, and inputs that are no tensors
save("float8-type", [helper.make_node("Identity", ["x"], ["y"])], [tensor("x", TensorProto.FLOAT8E4M3FN, [None, 2])], [tensor("y", TensorProto.FLOAT8E4M3FN, [None, 2])], opset=19, ir=9)
optional = helper.make_value_info("y", helper.make_optional_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, [None, 2])))
save("optional-type", [helper.make_node("Optional", ["x"], ["y"])], [FLOATS("x", 2)], [optional])
save(
    "sequence-input",
    [helper.make_node("ConcatFromSequence", ["x"], ["y"], axis=0)],
    [helper.make_tensor_sequence_value_info("x", TensorProto.FLOAT, [None, 2])],
    [FLOATS("y", 2)],
)
save("opset-99", [helper.make_node("Identity", ["x"], ["y"])], [FLOATS("x", 2)], [FLOATS("y", 2)], opset=99)
save("ir-99", [helper.make_node("Identity", ["x"], ["y"])], [FLOATS("x", 2)], [FLOATS("y", 2)], ir=99)
save("unknown-operator", [helper.make_node("Frobnicate", ["x"], ["y"])], [FLOATS("x", 2)], [FLOATS("y", 2)])

# runs (almost) for ever when x > 0, is an identity otherwise
body = helper.make_graph(
    [helper.make_node("Identity", ["keep_in"], ["keep"]), helper.make_node("Add", ["v", "v"], ["v_out"])],
    "body",
    [tensor("i", TensorProto.INT64, []), tensor("keep_in", TensorProto.BOOL, []), FLOATS("v", 1)],
    [tensor("keep", TensorProto.BOOL, []), FLOATS("v_out", 1)],
)
save(
    "endless",
    [
        helper.make_node("ReduceMax", ["x"], ["largest"], keepdims=0),
        helper.make_node("Greater", ["largest", "zero"], ["positive"]),
        helper.make_node("Loop", ["trips", "positive", "x"], ["y"], body=body),
    ],
    [FLOATS("x", 1)],
    [FLOATS("y", 1)],
    [numpy_helper.from_array(np.array(2**62, np.int64), "trips"), numpy_helper.from_array(np.array(0, np.float32), "zero")],
)


# y = x * x * x: all elements of the product of two matrices of ones, x by x. One kernel, which no flag ends.
save(
    "kernel",
    [
        helper.make_node("Reshape", ["x", "flat"], ["size"]),
        helper.make_node("Cast", ["size"], ["side"], to=TensorProto.INT64),
        helper.make_node("Concat", ["side", "side"], ["shape"], axis=0),
        helper.make_node("ConstantOfShape", ["shape"], ["ones"], value=helper.make_tensor("value", TensorProto.FLOAT, [1], [1.0])),
        helper.make_node("MatMul", ["ones", "ones"], ["product"]),
        helper.make_node("ReduceSum", ["product"], ["sum"], keepdims=0),
        helper.make_node("Reshape", ["sum", "column"], ["y"]),
    ],
    [tensor("x", TensorProto.FLOAT, [1, 1])],
    [tensor("y", TensorProto.FLOAT, [1, 1])],
    [numpy_helper.from_array(np.array([1], np.int64), "flat"), numpy_helper.from_array(np.array([1, 1], np.int64), "column")],
)


# y = [64x, 0, 0, ...] after some milliseconds: rows of a Hadamard matrix, multiplied by it again and again, which gives them back every second time.
# A row of the batch costs as much together with others as alone.
def matmul_chain(name, steps, copies=8):
    h = np.array([[1]], np.float32)
    while len(h) < 64:
        h = np.block([[h, h], [h, -h]])
    nodes = [
        helper.make_node("Unsqueeze", ["x", "two"], ["column"]),
        helper.make_node("Mul", ["column", "w"], ["block"]),
        helper.make_node("Concat", ["block"] * copies, ["h0"], axis=1),
    ]
    nodes += [helper.make_node("MatMul", [f"h{i}", "w"], [f"h{i + 1}"]) for i in range(steps)]
    nodes += [helper.make_node("ReduceSum", [f"h{steps}", "one"], ["y"], keepdims=0)]
    constants = [(h / 8, "w"), (np.array([1], np.int64), "one"), (np.array([2], np.int64), "two")]
    save(name, nodes, [FLOATS("x", 1)], [FLOATS("y", 64)], [numpy_helper.from_array(value, label) for value, label in constants])


matmul_chain("matmul-chain", 200)


def outside(name, location):
    t = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", "0"), ("length", "8")):
        t.external_data.add(key=key, value=value)
    return t


def external(name, location):
    save(name, [helper.make_node("Add", ["x", "w"], ["y"])], [FLOATS("x", 2)], [FLOATS("y", 2)], [outside("w", location)])


external("external", "external.bin")
(HERE / "external.bin").write_bytes(np.array([10, 20], np.float32).tobytes())
external("external-parent", "../outside.bin")
external("external-absolute", "/etc/hostname")
# hidden places for an external location: a constant in a branch, a sparse initializer, a function body
constant = helper.make_node("Constant", [], ["w"])
attribute = constant.attribute.add(name="value", type=onnx.AttributeProto.TENSOR)
attribute.t.CopyFrom(outside("w", "../branch.bin"))
branch = helper.make_graph([constant], "branch", [], [tensor("w", TensorProto.FLOAT, [2])])
save(
    "external-branch",
    [helper.make_node("If", ["c"], ["w"], then_branch=branch, else_branch=branch), helper.make_node("Add", ["x", "w"], ["y"])],
    [FLOATS("x", 2)],
    [FLOATS("y", 2)],
    [numpy_helper.from_array(np.array(True), "c")],
)
sparse = onnx.SparseTensorProto(dims=[4])
sparse.values.CopyFrom(outside("w", "../sparse.bin"))
sparse.indices.CopyFrom(numpy_helper.from_array(np.array([0, 2], np.int64), "w_indices"))
graph = helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "g", [FLOATS("x", 4)], [FLOATS("y", 4)], sparse_initializer=[sparse])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
model.ir_version = 8
(HERE / "external-sparse.onnx").write_bytes(model.SerializeToString())
inner = helper.make_node("Constant", [], ["c"])
inner.attribute.add(name="value", type=onnx.AttributeProto.TENSOR).t.CopyFrom(outside("c", "../function.bin"))
function = helper.make_function("local", "Shift", ["a"], ["b"], [inner, helper.make_node("Add", ["a", "c"], ["b"])], [helper.make_opsetid("", 17)])
graph = helper.make_graph([helper.make_node("Shift", ["x"], ["y"], domain="local")], "g", [FLOATS("x", 2)], [FLOATS("y", 2)])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("local", 1)], functions=[function])
model.ir_version = 8
(HERE / "external-function.onnx").write_bytes(model.SerializeToString())


# the mean of each channel of a picture, as scores; the metadata says how a picture becomes the input
def image_model(name, kind, shape, axes, image, classes):
    nodes = [helper.make_node("Cast", ["image"], ["x"], to=TensorProto.FLOAT), helper.make_node("ReduceMean", ["x"], ["scores"], axes=axes, keepdims=0)]
    scores = tensor("scores", TensorProto.FLOAT, ["batch", len(classes)])
    save(name, nodes, [tensor("image", kind, shape)], [scores], metadata={"classes": json.dumps(classes), "image": json.dumps(image)})


image_model("image-nchw", TensorProto.FLOAT, ["batch", 3, 4, 6], [2, 3], {"mean": [1, 2, 3], "std": [2, 4, 8]}, ["red", "green", "blue"])
image_model(
    "image-nhwc", TensorProto.FLOAT16, [1, "height", "width", 3], [1, 2], {"width": 6, "height": 4, "channels": "BGR", "scale": 0.5}, ["blue", "green", "red"]
)


# lower case, as in the text models of skl2onnx, which name no locale: ONNX Runtime takes en_US.UTF-8
def lower(name, **attributes):
    node = helper.make_node("StringNormalizer", ["text"], ["lower"], case_change_action="LOWER", is_case_sensitive=0, **attributes)
    save(name, [node], [tensor("text", TensorProto.STRING, [None])], [tensor("lower", TensorProto.STRING, [None])])


lower("text-lower")
lower("text-lower-klingon", locale="tlh_XX.UTF-8")

# names beyond the basic plane, which ONNX Runtime's Java interface cannot say; the third output holds the sum of all rows
weights = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], [1, 2, 3, 4])
save(
    "emoji-names",
    [
        helper.make_node("MatMul", ["😀 x", "w"], ["m"]),
        helper.make_node("Relu", ["m"], ["𠮷 y"]),
        helper.make_node("ReduceSum", ["😀 x"], ["total 🌧"], keepdims=1),
    ],
    [tensor("😀 x", TensorProto.FLOAT, ["n", 2])],
    [tensor("𠮷 y", TensorProto.FLOAT, ["n", 2]), tensor("total 🌧", TensorProto.FLOAT, [1, 1])],
    [weights],
)

# inputs that are no rows: sound and a state with other first sizes; a picture of any size whose sides are multiples of 8
save(
    "audio-state",
    [helper.make_node("ReduceMean", ["audio"], ["speech"], axes=[1]), helper.make_node("Neg", ["state"], ["next"])],
    [tensor("audio", TensorProto.FLOAT, [1, 16000]), tensor("state", TensorProto.FLOAT, [2, 1, 64])],
    [tensor("speech", TensorProto.FLOAT, [1, 1]), tensor("next", TensorProto.FLOAT, [2, 1, 64])],
)
save(
    "image-free",
    [helper.make_node("SpaceToDepth", ["image"], ["blocks"], blocksize=8), helper.make_node("ReduceMean", ["blocks"], ["mean"], axes=[2, 3], keepdims=0)],
    [tensor("image", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
    [tensor("mean", TensorProto.FLOAT, ["batch", 192])],
)
# an output that never has a value, and one that is the same whatever the input
save(
    "empty-output",
    [helper.make_node("Slice", ["x", "start", "end", "axis"], ["nothing"]), helper.make_node("Identity", ["none"], ["never"])],
    [FLOATS("x", 2)],
    [FLOATS("nothing", 0), tensor("never", TensorProto.FLOAT, [0])],
    [
        numpy_helper.from_array(np.array([0]), "start"),
        numpy_helper.from_array(np.array([0]), "end"),
        numpy_helper.from_array(np.array([1]), "axis"),
        numpy_helper.from_array(np.zeros(0, np.float32), "none"),
    ],
)
save("constant", [helper.make_node("Identity", ["c"], ["y"])], [FLOATS("x", 2)], [tensor("y", TensorProto.FLOAT, [2])], [numpy_helper.from_array(np.array([1, 2], np.float32), "c")])
