"""
Makes the models that the benchmarks use beside those of samples/: the same bytes every time.

mlp.onnx     784-512-512-10 with ReLU and softmax, 2.7 MB: a row costs tens of microseconds, and a batch is cheaper by the row
linear.onnx  4-3 and softmax: next to nothing to compute, so that everything but the model is measured
reduce.onnx  the means of the channels of [n, 3, 224, 224]: reads a large tensor once and answers three numbers
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save_model

OPSET = 17
IR_VERSION = 8


def save(name: str, folder: Path, nodes: list, inputs: list, outputs: list, weights: dict) -> None:
    initializers = [numpy_helper.from_array(array, key) for key, array in weights.items()]
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="modelserver-bench")
    model.ir_version = IR_VERSION
    checker.check_model(model)
    save_model(model, str(folder / f"{name}.onnx"))


def floats(name: str, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def dense(sizes: list[int]) -> tuple[list, dict]:
    """Layers of Gemm with ReLU between and softmax at the end."""
    random = np.random.default_rng(0)
    nodes, weights, last = [], {}, "X"
    for layer, (rows, columns) in enumerate(zip(sizes, sizes[1:])):
        weights[f"w{layer}"] = (random.standard_normal((rows, columns)) * np.sqrt(2 / rows)).astype(np.float32)
        weights[f"b{layer}"] = (random.standard_normal(columns) * 0.01).astype(np.float32)
        nodes.append(helper.make_node("Gemm", [last, f"w{layer}", f"b{layer}"], [f"z{layer}"]))
        final = layer == len(sizes) - 2
        last = "probabilities" if final else f"a{layer}"
        nodes.append(helper.make_node("Softmax" if final else "Relu", [f"z{layer}"], [last], **({"axis": 1} if final else {})))
    return nodes, weights


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, sizes in {"mlp": [784, 512, 512, 10], "linear": [4, 3]}.items():
        nodes, weights = dense(sizes)
        save(name, folder, nodes, [floats("X", "n", sizes[0])], [floats("probabilities", "n", sizes[-1])], weights)
    mean = helper.make_node("ReduceMean", ["X"], ["means"], axes=[2, 3], keepdims=0)
    save("reduce", folder, [mean], [floats("X", "n", 3, 224, 224)], [floats("means", "n", 3)], {})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
