"""Writes models that end in a ZipMap in every way that matters, with answers worked out by hand: the numbers of the input, under labels.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
from onnx import TensorProto, helper

import expectation
from expectation import BY_HAND, HERE, case, tensor

ML = helper.make_opsetid("ai.onnx.ml", 3)
PLAIN = helper.make_opsetid("", 17)
INTS, STRINGS = TensorProto.INT64, TensorProto.STRING


def maps(name, key):
    value = helper.make_tensor_type_proto(TensorProto.FLOAT, [])
    return helper.make_value_info(name, helper.make_sequence_type_proto(helper.make_map_type_proto(key, value)))


def zipmap(source, target, labels):
    attribute = "classlabels_int64s" if isinstance(labels[0], int) else "classlabels_strings"
    return helper.make_node("ZipMap", [source], [target], domain="ai.onnx.ml", **{attribute: labels})


def save(name, nodes, inputs, outputs, cases, labels, opsets=(PLAIN, ML), initializers=(), hints=(), functions=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers), value_info=list(hints))
    model = helper.make_model(graph, opset_imports=list(opsets), producer_name="modelserver-tests", functions=list(functions))
    model.ir_version = 8
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    if cases:
        expectation.write(name, BY_HAND, cases, classes=labels)


rows = np.array([[0.25, 0.5, 0.25], [0, 1, 0]], np.float32)
X, NEGATED = tensor("x", TensorProto.FLOAT, [None, 3]), helper.make_node("Neg", ["x"], ["n"])
simple = [case("rows", {"x": rows}, {"scores": -rows}), case("no rows", {"x": rows[:0]}, {"scores": -rows[:0]})]

# the labels in an order of their own: the first number belongs to the first label
save("zipmap-unsorted", [NEGATED, zipmap("n", "scores", [20, -1, 3])], [X], [maps("scores", INTS)], simple, [20, -1, 3])
save("zipmap-unsorted-strings", [NEGATED, zipmap("n", "scores", ["z", "a", "ä"])], [X], [maps("scores", STRINGS)], simple, ["z", "a", "ä"])
save("emoji-labels", [NEGATED, zipmap("n", "scores", ["🙁", "😐", "🙂"])], [X], [maps("scores", STRINGS)], simple, ["🙁", "😐", "🙂"])
# the numbers are outputs as well, and the type of the maps is written down twice
save(
    "zipmap-beside-tensor",
    [NEGATED, zipmap("n", "scores", [0, 1, 2])],
    [X],
    [maps("scores", INTS), tensor("n", TensorProto.FLOAT, [None, 3])],
    [case("rows", {"x": rows}, {"scores": -rows, "n": -rows})],
    [0, 1, 2],
    hints=[maps("scores", INTS)],
)
# nothing between input and ZipMap
save("zipmap-of-input", [zipmap("x", "scores", [0, 1, 2])], [X], [maps("scores", INTS)], [case("rows", {"x": rows}, {"scores": rows})], [0, 1, 2])
# two, with labels of their own
save(
    "zipmap-two",
    [NEGATED, zipmap("n", "negative", ["a", "b", "c"]), zipmap("x", "positive", [7, 8, 9])],
    [X],
    [maps("negative", STRINGS), maps("positive", INTS)],
    [case("rows", {"x": rows}, {"negative": -rows, "positive": rows})],
    ["a", "b", "c"],
)
# one row without an axis for rows
save(
    "zipmap-vector",
    [helper.make_node("Neg", ["x"], ["n"]), zipmap("n", "scores", [0, 1, 2])],
    [tensor("x", TensorProto.FLOAT, None)],
    [maps("scores", INTS)],
    [case("one", {"x": rows[0]}, {"scores": -rows[:1]}), case("rows", {"x": rows}, {"scores": -rows})],
    [0, 1, 2],
)
# no operators of the default domain, which CatBoost's models do not import
save("zipmap-ml-only", [zipmap("x", "scores", [2, 1, 0])], [X], [maps("scores", INTS)], [case("rows", {"x": rows}, {"scores": rows})], [2, 1, 0], opsets=[ML])
# those that stay as they are: a function, one label twice, data in another file
save(
    "zipmap-function",
    [helper.make_node("Name", ["x"], ["scores"], domain="local")],
    [X],
    [maps("scores", INTS)],
    [case("rows", {"x": rows}, {"scores": rows})],
    [0, 1, 2],
    opsets=[PLAIN, ML, helper.make_opsetid("local", 1)],
    functions=[helper.make_function("local", "Name", ["v"], ["named"], [zipmap("v", "named", [0, 1, 2])], [PLAIN, ML])],
)
save("zipmap-duplicate", [NEGATED, zipmap("n", "scores", [1, 1, 2])], [X], [maps("scores", INTS)], [], None)
outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
for key, value in (("location", "external.bin"), ("offset", "0"), ("length", "8")):
    outside.external_data.add(key=key, value=value)
save(
    "zipmap-external",
    [helper.make_node("Add", ["x", "w"], ["sum"]), zipmap("sum", "scores", [1, 0])],
    [tensor("x", TensorProto.FLOAT, [None, 2])],
    [maps("scores", INTS)],
    [case("rows", {"x": rows[:, :2]}, {"scores": rows[:, :2] + np.array([10, 20], np.float32)})],
    [1, 0],
    initializers=[outside],
)
# as wide as the caller makes it: only three numbers have labels
save(
    "zipmap-width",
    [NEGATED, zipmap("n", "scores", [0, 1, 2])],
    [tensor("x", TensorProto.FLOAT, [None, None])],
    [maps("scores", INTS)],
    [case("rows", {"x": rows}, {"scores": -rows})],
    [0, 1, 2],
)
