"""Graphs written with onnx.helper."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FLOAT, DOUBLE, INT64, INT32, STRING, BOOL = (
    TensorProto.FLOAT,
    TensorProto.DOUBLE,
    TensorProto.INT64,
    TensorProto.INT32,
    TensorProto.STRING,
    TensorProto.BOOL,
)
ML = "ai.onnx.ml"


def tensor(name, kind, shape):
    """An input or output; a shape of None is not declared, an axis of None has any size."""
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, values, dtype=np.float32):
    if isinstance(values, np.ndarray):
        return numpy_helper.from_array(values, name)
    array = np.array(values, object if dtype is str else dtype)
    return numpy_helper.from_array(array, name)


def node(kind, inputs, outputs, **attributes):
    """A node; inputs and outputs are names with blanks between, or lists where a name is empty or has blanks."""
    names = [each.split() if isinstance(each, str) else each for each in (inputs, outputs)]
    return helper.make_node(kind, *names, **attributes)


def model(nodes, inputs, outputs, constants=(), opset=17, ml=3, ir=8, metadata=None, functions=(), opsets=()):
    """The bytes of a model."""
    graph = helper.make_graph(nodes, "graph", inputs, outputs, list(constants))
    versions = [helper.make_opsetid("", opset), helper.make_opsetid(ML, ml), *opsets]
    proto = helper.make_model(graph, opset_imports=versions, ir_version=ir, functions=list(functions))
    if metadata:
        helper.set_model_props(proto, metadata)
    return proto.SerializeToString()
