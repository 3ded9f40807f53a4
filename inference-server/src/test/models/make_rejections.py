"""Writes models whose kernels reject values, with the names of nodes that exporters write.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from expectation import HERE, tensor

ML = helper.make_opsetid("ai.onnx.ml", 3)
FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING


def save(name, operator, inputs, outputs, initializers=(), domain="", **attributes):
    names = [i.name for i in inputs] + [n for n, _ in initializers]
    node = helper.make_node(operator, names, [o.name for o in outputs], name=f"/model/layer.0/{operator}", domain=domain, **attributes)
    graph = helper.make_graph([node], name, inputs, outputs, [numpy_helper.from_array(np.array(value), n) for n, value in initializers])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), ML], producer_name="modelserver-tests")
    model.ir_version = 8
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


# a category that the encoder does not know; text that is no number; an index beyond the table; a size that is not the exported one
save(
    "rejects-category", "OneHotEncoder", [tensor("x", STRING, [None])], [tensor("y", FLOAT, [None, 2])], domain="ai.onnx.ml",
    cats_strings=["a", "b"], zeros=0,
)
save("rejects-text", "Cast", [tensor("x", STRING, [None, 1])], [tensor("y", FLOAT, [None, 1])], to=FLOAT)
table = helper.make_node("Gather", ["table", "x"], ["y"], name="/model/layer.0/Gather")
graph = helper.make_graph(
    [table], "rejects-index", [tensor("x", INT64, [None, 1])], [tensor("y", FLOAT, [None, 1])], [numpy_helper.from_array(np.array([1, 2, 3], np.float32), "table")]
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="modelserver-tests")
model.ir_version = 8
(HERE / "rejects-index.onnx").write_bytes(model.SerializeToString(deterministic=True))
save("rejects-size", "Reshape", [tensor("x", FLOAT, [None, 2])], [tensor("y", FLOAT, [2, 2])], [("shape", np.array([2, 2]))])
# as much memory as is asked for
save("rejects-memory", "ConstantOfShape", [tensor("x", INT64, [1])], [tensor("y", FLOAT, [None])])
# no inputs are right
save("rejects-everything", "Reshape", [tensor("x", FLOAT, [None, 2])], [tensor("y", FLOAT, [7])], [("shape", np.array([7]))])
