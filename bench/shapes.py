"""How the memory of ONNX Runtime grows with the variety of shapes: a transformer layer and a small convolutional network, with shapes of one size and of many.

Needs Python 3.11 and: pip install -r inference-server/src/test/models/requirements.txt
"""

import resource
import subprocess
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

RUNS = 500
LIMIT = 190 << 20
SAME_AS_REQUESTED = 1
FLOAT = TensorProto.FLOAT


def weights(name, *shape):
    return numpy_helper.from_array((np.random.default_rng(1).standard_normal(shape) * 0.05).astype(np.float32), name)


def model(nodes, shape, inits):
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", FLOAT, shape)], [helper.make_tensor_value_info("y", FLOAT, None)], inits)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made.SerializeToString()


def attention():
    node = helper.make_node
    nodes = [node("MatMul", ["x", w], [w + "x"]) for w in ("q", "k", "v")]
    nodes += [node("Transpose", ["kx"], ["kt"], perm=[0, 2, 1]), node("MatMul", ["qx", "kt"], ["s"]), node("Softmax", ["s"], ["p"], axis=-1), node("MatMul", ["p", "vx"], ["a"])]
    nodes += [node("MatMul", ["a", "up"], ["u"]), node("Relu", ["u"], ["r"]), node("MatMul", ["r", "down"], ["y"])]
    return model(nodes, [None, None, 128], [weights(w, 128, 128) for w in "qkv"] + [weights("up", 128, 512), weights("down", 512, 128)])


def convolution():
    node = helper.make_node
    nodes = [node("Conv", ["x", "a"], ["c"], pads=[1] * 4), node("Relu", ["c"], ["r"]), node("Conv", ["r", "b"], ["y"], pads=[1] * 4)]
    return model(nodes, [None, 3, None, None], [weights("a", 16, 3, 3, 3), weights("b", 8, 16, 3, 3)])


def mlp():
    node = helper.make_node
    return model([node("MatMul", ["x", "a"], ["h"]), node("Relu", ["h"], ["r"]), node("MatMul", ["r", "b"], ["y"])], [None, 64], [weights("a", 64, 1024), weights("b", 1024, 8)])


CASES = {
    "mlp, rows": (mlp, lambda n: (n, 64), 512),
    "attention, tokens": (attention, lambda n: (1, n, 128), 512),
    "convolution, side": (convolution, lambda n: (1, 3, n, n), 384),
}


def mebibytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def measure(case, order):
    build, shape, most = CASES[case]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # as the server has it
    arena = onnxruntime.OrtMemoryInfo("Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT)
    onnxruntime.create_and_register_allocator(arena, onnxruntime.OrtArenaCfg(LIMIT, SAME_AS_REQUESTED, -1, -1))
    options.add_session_config_entry("session.use_env_allocators", "1")
    session = onnxruntime.InferenceSession(build(), options, providers=["CPUExecutionProvider"])
    largest = np.zeros(shape(most), np.float32)
    before = mebibytes()
    session.run(None, {"x": largest})
    one = mebibytes()
    sizes = {"one size": [most] * RUNS, "growing": np.linspace(1, most, RUNS).astype(int), "mixed": np.random.default_rng(2).integers(1, most + 1, RUNS)}[order]
    for size in sizes:
        session.run(None, {"x": np.zeros(shape(int(size)), np.float32)})
    print(f"| {case} up to {most} | {order} | {one - before:.0f} | {mebibytes() - before:.0f} | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before:.0f} |", flush=True)


if len(sys.argv) == 3:
    measure(*sys.argv[1:])
else:
    print("| model, size | sizes of the 500 requests | after one of the largest, MiB | after all | peak |\n| --- | --- | ---: | ---: | ---: |", flush=True)
    for case in CASES:
        for order in ("one size", "growing", "mixed"):
            subprocess.run([sys.executable, __file__, case, order], check=True)
