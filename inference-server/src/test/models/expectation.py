"""Writes expected/NAME.json beside a model: requests and the answers that are right. README.md there has the format."""

import json
import pathlib

import numpy as np
import onnxruntime
from ml_dtypes import bfloat16
from onnx import helper

BY_HAND = "by hand"
HERE = pathlib.Path(__file__).parent
DATATYPES = {
    np.dtype(np.bool_): "BOOL",
    np.dtype(np.uint8): "UINT8",
    np.dtype(np.uint16): "UINT16",
    np.dtype(np.uint32): "UINT32",
    np.dtype(np.uint64): "UINT64",
    np.dtype(np.int8): "INT8",
    np.dtype(np.int16): "INT16",
    np.dtype(np.int32): "INT32",
    np.dtype(np.int64): "INT64",
    np.dtype(np.float16): "FP16",
    np.dtype(bfloat16): "BF16",
    np.dtype(np.float32): "FP32",
    np.dtype(np.float64): "FP64",
    np.dtype(object): "BYTES",
}


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def strings(values):
    return np.array(values, dtype=object)


def case(name, inputs, outputs):
    """Arrays by name; strings as arrays of objects."""
    return {"name": name, "inputs": inputs, "outputs": outputs}


def described(arrays):
    return [{"name": name, "datatype": DATATYPES[a.dtype], "shape": list(a.shape), "data": values(a)} for name, a in arrays.items()]


def values(array):
    # a 16-bit float has few digits, its nearest 64-bit float has many: JSON gets the exact value either way
    flat = array.ravel()
    return [float(v) for v in flat] if array.dtype.kind in "fV" else flat.tolist()


def write(model, source, cases, tolerance=0.0, classes=None):
    document = {"model": f"{model}.onnx", "source": source, "tolerance": tolerance}
    if classes is not None:
        document["classes"] = [str(c) for c in classes]
    document["cases"] = [{"name": c["name"], "inputs": described(c["inputs"]), "outputs": described(c["outputs"])} for c in cases]
    folder = HERE / "expected"
    folder.mkdir(exist_ok=True)
    # one line per list of values: the files are read by people too
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (folder / f"{model}.json").write_text(joined(text) + "\n", encoding="utf-8")


def joined(text):
    lines, inside = [], False
    for line in text.split("\n"):
        stripped = line.strip()
        if inside:
            lines[-1] += (" " if not stripped.startswith("]") and not lines[-1].endswith("[") else "") + stripped
            inside = not stripped.startswith("]")
        else:
            lines.append(line)
            inside = line.endswith(('"data": [', '"shape": [', '"classes": ['))
    return "\n".join(lines)


def check(model, cases, tolerance=0.0, library=None):
    """Plain ONNX Runtime, with a library of custom operators if one is named, must give the expected answers too; sequences of maps read as their values."""
    options = onnxruntime.SessionOptions()
    if library:
        options.register_custom_ops_library(library)
    session = onnxruntime.InferenceSession(HERE / f"{model}.onnx", options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    for c in cases:
        for name, got in zip(names, session.run(None, c["inputs"])):
            want = c["outputs"][name]
            if isinstance(got, list) and got and isinstance(got[0], dict):
                got = np.array([[row[k] for k in sorted(row)] for row in got], np.float32)
            elif isinstance(got, list):
                got = np.stack(got)
            assert got.shape == want.shape, f"{model}: {name} {got.shape} {want.shape}"
            same = (got == want).all() if got.dtype == object or not tolerance else np.allclose(got, want, rtol=0, atol=tolerance)
            assert same, f"{model}: {name}\n{got}\n{want}"
