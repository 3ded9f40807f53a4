"""Neural networks in the form that PyTorch and Keras write them."""

import numpy as np
from onnx import TensorProto

from answers import tensors
from answers.graphs import FLOAT, INT32, INT64, constant, model, node, tensor
from answers.models import Meaning, Model, family
from answers.models.draws import chance, numbers, pick

ACTIVATIONS = ["Relu", "Tanh", "Sigmoid", "Elu", "Gelu", "LeakyRelu", "Softplus", "HardSigmoid", "Selu", "Mish", "Softsign"]
ELEMENTS = {"FP32": TensorProto.FLOAT, "FP64": TensorProto.DOUBLE, "FP16": TensorProto.FLOAT16}


def weights(rng, shape, dtype=np.float32):
    return (rng.normal(size=shape) / np.sqrt(shape[0])).astype(dtype)


def drawn(specs, unusual=0.02):
    """Draws every input; a shape's None is the number of rows."""

    def draw(rng, rows):
        return {name: numbers(rng, datatype, [rows if size is None else size for size in shape], unusual) for name, datatype, shape in specs}

    return draw


@family(5)
def perceptron(rng):
    """Layers, with a head for classes, several labels, a number or a vector."""
    datatype = pick(rng, ["FP32"] * 4 + ["FP64", "FP16"])
    element, dtype = ELEMENTS[datatype], tensors.ARRAYS[datatype]
    sizes = [int(rng.integers(1, 9)), *(int(pick(rng, [3, 8, 16, 33, 128])) for _ in range(int(rng.integers(1, 4)))), int(rng.integers(1, 6))]
    nodes, constants, last = [], [], "x"
    for i, (width, out) in enumerate(zip(sizes, sizes[1:])):
        constants += [constant(f"w{i}", weights(rng, (width, out), dtype)), constant(f"b{i}", weights(rng, (out,), dtype))]
        if chance(rng, 0.5):
            nodes.append(node("Gemm", f"{last} w{i} b{i}", f"h{i}"))
        else:
            nodes += [node("MatMul", f"{last} w{i}", f"p{i}"), node("Add", f"p{i} b{i}", f"h{i}")]
        last = f"h{i}"
        if i < len(sizes) - 2:
            kind = pick(rng, ACTIVATIONS if datatype == "FP32" else ["Relu", "Tanh", "Sigmoid"])
            nodes.append(node(kind, last, f"a{i}"))
            last = f"a{i}"
    head = pick(rng, ["none", "Softmax", "LogSoftmax", "Sigmoid", "labels", "squeezed"])
    outputs = [tensor("y", element, [None, sizes[-1]])]
    if head == "labels":
        nodes += [node("Softmax", last, "y", axis=-1), node("ArgMax", "y", "label", axis=-1, keepdims=0)]
        outputs.insert(0, tensor("label", INT64, [None]))
    elif head == "squeezed" and sizes[-1] == 1:
        nodes.append(node("Squeeze", f"{last} axis", "y"))
        constants.append(constant("axis", [1], np.int64))
        outputs = [tensor("y", element, [None])]
    else:
        nodes.append(node(head if head in ("Softmax", "LogSoftmax", "Sigmoid") else "Identity", last, "y"))
    content = model(nodes, [tensor("x", element, [None, sizes[0]])], outputs, constants, opset=20, ir=9)
    if head == "labels" and sizes[-1] > 1:
        # ArgMax gives positions, and these are the classes.
        return Model(f"perceptron {datatype} {sizes}, labels", content, drawn([("x", datatype, [None, sizes[0]])]), Meaning("label", "y", tuple(range(sizes[-1])), True))
    classes = [f"class {i}" for i in range(sizes[-1])] if chance(rng, 0.3) else None
    return Model(f"perceptron {datatype} {sizes}, {head}", content, drawn([("x", datatype, [None, sizes[0]])]), Meaning() if not classes else None, {"classes": classes} if classes else {})


@family(3)
def convolution(rng):
    channels, size = int(pick(rng, [1, 3])), int(pick(rng, [5, 8, 12]))
    last_axis = chance(rng, 0.3)
    shape = [None, size, size, channels] if last_axis else [None, channels, size, size]
    filters = int(pick(rng, [2, 4, 16]))
    nodes, last = [], "x"
    if last_axis:
        nodes.append(node("Transpose", "x", "planes", perm=[0, 3, 1, 2]))
        last = "planes"
    group = channels if channels == 3 and chance(rng, 0.3) else 1
    filters = filters // group * group or group
    constants = [
        constant("w", weights(rng, (filters, channels // group, 3, 3))),
        constant("b", weights(rng, (filters,))),
        *(constant(name, np.abs(weights(rng, (filters,))) + 0.5) for name in ("scale", "shift", "mean", "variance")),
        constant("dense", weights(rng, (filters, 4))),
    ]
    nodes += [
        node("Conv", f"{last} w b", "c", group=group, pads=[1, 1, 1, 1], strides=[int(pick(rng, [1, 2]))] * 2),
        node("BatchNormalization", "c scale shift mean variance", "n"),
        node(pick(rng, ["Relu", "Clip", "HardSwish"]), "n", "r"),
        node(pick(rng, ["MaxPool", "AveragePool"]), "r", "p", kernel_shape=[2, 2]),
        node(pick(rng, ["GlobalAveragePool", "GlobalMaxPool"]), "p", "g"),
        node("Flatten", "g", "f", axis=1),
        node("MatMul", "f dense", "m"),
        node("Softmax", "m", "y", axis=1),
    ]
    outputs = [tensor("y", FLOAT, [None, 4])]
    if chance(rng, 0.2):
        outputs.append(tensor("g", FLOAT, [None, filters, 1, 1]))
    content = model(nodes, [tensor("x", FLOAT, shape)], outputs, constants)
    return Model(f"convolution of {shape}", content, drawn([("x", "FP32", shape)]))


@family(3)
def recurrent(rng):
    kind, gates = pick(rng, [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
    steps, width, hidden = int(rng.integers(1, 5)), int(rng.integers(1, 5)), int(rng.integers(1, 6))
    both = chance(rng, 0.3)
    directions = 2 if both else 1
    first = chance(rng, 0.75)  # whether the batch is the first axis
    free = chance(rng, 0.3)
    sizes = "steps" if free else steps
    shape = [None, sizes, width] if first else [sizes, None, width]
    nodes = [node("Transpose", "x", "t", perm=[1, 0, 2])] if first else [node("Identity", "x", "t")]
    all_steps = chance(rng, 0.5)
    nodes.append(node(kind, "t W R B", "all last", hidden_size=hidden, direction="bidirectional" if both else "forward"))
    if all_steps:
        nodes += [node("Transpose", "all", "s", perm=[2, 0, 1, 3]), node("Reshape", "s flat", "y")]
        y = [None, sizes, directions * hidden]
    else:
        nodes += [node("Transpose", "last", "s", perm=[1, 0, 2]), node("Reshape", "s flat", "y")]
        y = [None, directions * hidden]
    constants = [
        constant("W", weights(rng, (directions, gates * hidden, width))),
        constant("R", weights(rng, (directions, gates * hidden, hidden))),
        constant("B", weights(rng, (directions, 2 * gates * hidden))),
        constant("flat", [0, 0, directions * hidden] if all_steps else [0, directions * hidden], np.int64),
    ]
    content = model(nodes, [tensor("x", FLOAT, shape)], [tensor("y", FLOAT, y)], constants)
    given = [steps if size == "steps" else size for size in shape]
    return Model(f"{kind} of {shape}, both={both}, all={all_steps}", content, drawn([("x", "FP32", given)]), by_row=first)


@family(4)
def embedding(rng):
    """Token ids and a mask; sometimes an id beyond the table."""
    vocabulary, width, steps = int(pick(rng, [5, 50, 300])), int(pick(rng, [2, 8, 64])), int(rng.integers(1, 7))
    element, datatype = pick(rng, [(INT64, "INT64"), (INT32, "INT32")])
    shape = [None, "sequence"] if chance(rng, 0.5) else [None, steps]
    masked = chance(rng, 0.6)
    table = weights(rng, (vocabulary, width)) * np.geomspace(0.1, 20, vocabulary, dtype=np.float32)[:, None]
    nodes = [node("Gather", "table ids", "e")]
    inputs = [tensor("ids", element, shape)]
    if masked:
        inputs.append(tensor("mask", element, shape))
        nodes += [
            node("Cast", "mask", "m", to=FLOAT),
            node("Unsqueeze", "m last", "m3"),
            node("Mul", "e m3", "em"),
            node("ReduceSum", "em one", "sum", keepdims=0),
            node("ReduceSum", "m one", "count", keepdims=1),
            node("Div", "sum count", "pooled"),
        ]
    else:
        nodes.append(node("ReduceMean", "e", "pooled", axes=[1], keepdims=0))
    nodes += [node("MatMul", "pooled dense", "y")]
    constants = [constant("table", table), constant("dense", weights(rng, (width, 3))), constant("last", [2], np.int64), constant("one", [1], np.int64)]
    outputs = [tensor("y", FLOAT, [None, 3])]
    if chance(rng, 0.3):
        outputs.append(tensor("e", FLOAT, [*shape, width]))
    content = model(nodes, inputs, outputs, constants)
    dtype = tensors.ARRAYS[datatype]

    def draw(rng, rows):
        ids = rng.integers(0, vocabulary, (rows, steps))
        if chance(rng, 0.15):
            ids = np.where(rng.random(ids.shape) < 0.3, pick(rng, [vocabulary, -1, -vocabulary - 1, 2**31 - 1, -(2**31)]), ids)
        given = {"ids": ids.astype(dtype)}
        return given | ({"mask": (rng.random((rows, steps)) < 0.8).astype(dtype)} if masked else {})

    return Model(f"embedding of {vocabulary} x {width}, {datatype} {shape}, mask={masked}", content, draw)


@family(2)
def attention(rng):
    """One transformer layer, with or without the keys and values of former steps."""
    width, steps = int(pick(rng, [4, 16, 64])), int(rng.integers(1, 6))
    past = chance(rng, 0.4)
    inputs = [tensor("x", FLOAT, ["batch", "sequence", width])]
    nodes = [node("LayerNormalization", "x scale shift", "n", axis=-1), node("MatMul", "n q", "Q"), node("MatMul", "n k", "K0"), node("MatMul", "n v", "V0")]
    outputs = [tensor("y", FLOAT, ["batch", "sequence", width])]
    specs = [("x", "FP32", [None, steps, width])]
    if past:
        inputs += [tensor("past_key", FLOAT, ["batch", "past", width]), tensor("past_value", FLOAT, ["batch", "past", width])]
        nodes += [node("Concat", "past_key K0", "present_key", axis=1), node("Concat", "past_value V0", "present_value", axis=1)]
        outputs += [tensor(name, FLOAT, ["batch", "total", width]) for name in ("present_key", "present_value")]
        specs += [(name, "FP32", [None, int(rng.integers(0, 4)), width]) for name in ("past_key", "past_value")]
        specs[2] = ("past_value", "FP32", specs[1][2])
    keys, values = ("present_key", "present_value") if past else ("K0", "V0")
    nodes += [
        node("Transpose", keys, "KT", perm=[0, 2, 1]),
        node("MatMul", "Q KT", "s"),
        node("Mul", "s half", "scaled"),
        node("Softmax", "scaled", "p", axis=-1),
        node("MatMul", f"p {values}", "a"),
        node("Add", "x a", "r"),
        node("LayerNormalization", "r scale shift", "y", axis=-1),
    ]
    constants = [*(constant(name, weights(rng, (width, width))) for name in "qkv"), constant("scale", np.ones(width, np.float32)), constant("shift", weights(rng, (width,))), constant("half", 0.5)]
    return Model(f"attention of {width}, past={past}", model(nodes, inputs, outputs, constants), drawn(specs))
