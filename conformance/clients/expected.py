"""The requests and right answers of inference-server/src/test/models/expected, as numpy arrays."""

import json

import ml_dtypes
import numpy as np

from clients.server import MODELS

DTYPES = {
    "BOOL": np.bool_,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP16": np.float16,
    "BF16": ml_dtypes.bfloat16,
    "FP32": np.float32,
    "FP64": np.float64,
    "BYTES": np.object_,
}


class Expected:
    def __init__(self, model):
        document = json.loads((MODELS / "expected" / f"{model}.json").read_text())
        self.model = model
        self.source = document["source"]
        self.tolerance = document["tolerance"]
        self.classes = document.get("classes", [])
        self.cases = document["cases"]


def array(tensor):
    return np.array(tensor["data"], dtype=DTYPES[tensor["datatype"]]).reshape(tensor["shape"])


def difference(want, got):
    """The largest difference between numbers; raises where types, shapes or texts differ."""
    got = np.asarray(got)
    if want.shape != got.shape:
        raise AssertionError(f"the shape is {got.shape}, not {want.shape}")
    if want.dtype == np.object_:
        texts = [value.decode() if isinstance(value, bytes) else value for value in got.ravel().tolist()]
        if texts != want.ravel().tolist():
            raise AssertionError(f"{texts} are not {want.ravel().tolist()}")
        return 0.0
    if want.size == 0:
        return 0.0
    return float(np.max(np.abs(want.astype(np.float64) - got.astype(np.float64))))
