"""Writes models that take as much memory as a value asks for, and answer with one number.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from expectation import HERE, tensor

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def save(name, nodes, initializers):
    nodes = [*nodes, helper.make_node("ReduceMax", ["large"], ["y"], keepdims=0)]
    constants = [numpy_helper.from_array(value, n) for n, value in initializers.items()]
    graph = helper.make_graph(nodes, name, [tensor("x", INT64, [1])], [tensor("y", FLOAT, [])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="modelserver-tests")
    model.ir_version = 8
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


node = helper.make_node
# so many zeros; two tensors of that size at a time
save("memory-fill", [node("ConstantOfShape", ["x"], ["zeros"]), node("Softplus", ["zeros"], ["large"])], {})
save(
    "memory-range",
    [node("Squeeze", ["x"], ["limit"]), node("Cast", ["limit"], ["end"], to=FLOAT), node("Range", ["start", "end", "step"], ["large"])],
    {"start": np.array(0, np.float32), "step": np.array(1, np.float32)},
)
save("memory-expand", [node("Expand", ["one", "x"], ["large"])], {"one": np.array([2], np.float32)})
