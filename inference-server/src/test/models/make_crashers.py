"""Writes models that end the process of ONNX Runtime 1.28.0 with some inputs, or with all. Needs Python 3.11 and: pip install -r requirements.txt

A future version may answer such inputs with an error: then the tests that use these models say so.
"""

import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, values, kind=np.float32):
    return numpy_helper.from_array(np.array(values, kind), name)


def save(name, nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="modelserver-tests")
    model.ir_version = 8
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


# a frame of 0 samples: SIGFPE; the step is 1
SIGNAL, SPECTRUM = tensor("signal", FLOAT, ["batch", 16, 1]), tensor("spectrum", FLOAT, None)
STFT = helper.make_node("STFT", ["signal", "step", "", "frame"], ["spectrum"])
STEP = constant("step", 1, np.int64)
save("crash-frame", [STFT], [SIGNAL, tensor("frame", INT64, [])], [SPECTRUM], [STEP])

# with every input: the frame has as many samples as a number times 0
ZERO = [
    helper.make_node("Mul", ["signal", "zero"], ["zeros"]),
    helper.make_node("ReduceMax", ["zeros"], ["max"], keepdims=0),
    helper.make_node("Cast", ["max"], ["frame"], to=INT64),
]
save("crash-always", [*ZERO, STFT], [SIGNAL], [SPECTRUM], [STEP, constant("zero", 0)])

# with numbers below 1: y = x + the samples of a frame, which is the largest x, cut to an integer
save(
    "crash-below-one",
    [
        helper.make_node("ReduceMax", ["x"], ["max"], keepdims=0),
        helper.make_node("Cast", ["max"], ["frame"], to=INT64),
        helper.make_node("STFT", ["ones", "step", "", "frame"], ["constant"]),
        helper.make_node("ReduceMax", ["constant"], ["sum"], keepdims=0),
        helper.make_node("Add", ["x", "sum"], ["y"]),
    ],
    [tensor("x", FLOAT, ["batch", 1])],
    [tensor("y", FLOAT, ["batch", 1])],
    [constant("ones", np.ones((1, 16, 1))), STEP],
)

# while the model is loaded, when constants are computed
save(
    "crash-load",
    [helper.make_node("STFT", ["noise", "step", "", "frame"], ["constant"]), helper.make_node("Add", ["x", "constant"], ["y"])],
    [tensor("x", FLOAT, ["batch", 1])],
    [tensor("y", FLOAT, None)],
    [constant("noise", np.ones((1, 16, 1))), STEP, constant("frame", 0, np.int64)],
)

# no time steps, or no batch: SIGABRT; the past may be empty, as in the first step of a decoder
LSTM = helper.make_node("LSTM", ["x", "w", "r"], ["h"], hidden_size=2)
WEIGHTS = [constant("w", np.full((1, 8, 3), 0.1)), constant("r", np.full((1, 8, 2), 0.1))]
save(
    "crash-empty",
    [LSTM, helper.make_node("Concat", ["past_a", "past_b"], ["past"], axis=1)],
    [tensor("x", FLOAT, ["time", "batch", 3]), tensor("past_a", FLOAT, [2, "past"]), tensor("past_b", FLOAT, [2, "past"])],
    [tensor("h", FLOAT, None), tensor("past", FLOAT, None)],
    WEIGHTS,
)
