"""Tensors as numpy arrays, and how the Open Inference Protocol writes them."""

import json
import struct

import ml_dtypes
import numpy as np

# Strings are arrays of Python's own.
ARRAYS = {
    "BOOL": np.dtype(np.bool_),
    "UINT8": np.dtype(np.uint8),
    "UINT16": np.dtype(np.uint16),
    "UINT32": np.dtype(np.uint32),
    "UINT64": np.dtype(np.uint64),
    "INT8": np.dtype(np.int8),
    "INT16": np.dtype(np.int16),
    "INT32": np.dtype(np.int32),
    "INT64": np.dtype(np.int64),
    "FP16": np.dtype(np.float16),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "FP32": np.dtype(np.float32),
    "FP64": np.dtype(np.float64),
    "BYTES": np.dtype(object),
}
DATATYPES = {dtype: name for name, dtype in ARRAYS.items()}
FLOATS = ("FP16", "BF16", "FP32", "FP64")
CONTENTS = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


def datatype(array):
    return DATATYPES[array.dtype]


def pack(array):
    """The bytes of binary data: little-endian, each string after its length."""
    if array.dtype == object:
        return b"".join(struct.pack("<I", len(text)) + text for text in (each.encode() for each in array.ravel()))
    return np.ascontiguousarray(array).tobytes()


def unpack(datatype, shape, data):
    if datatype != "BYTES":
        return np.frombuffer(data, ARRAYS[datatype]).reshape(shape)
    texts, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        texts.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return strings(texts, shape)


def strings(texts, shape):
    array = np.empty(len(texts), object)
    array[:] = texts
    return array.reshape(shape)


def of_json(datatype, shape, values):
    """Flat values of a JSON answer; NaN and infinities arrive as the documented forms."""
    if datatype == "BYTES":
        return strings(values, shape)
    if datatype in FLOATS:
        return np.array([float(NOT_FINITE.get(value, value)) for value in values], np.float64).astype(ARRAYS[datatype]).reshape(shape)
    return np.array(values, ARRAYS[datatype]).reshape(shape)


NOT_FINITE = {None: "nan", "NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def spelled(value):
    """A number or text as JSON, as Python's own json module writes it: NaN and infinities as bare words."""
    if isinstance(value, np.generic):
        if value.dtype in (np.dtype(np.float32), np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)):
            if not np.isfinite(value):
                return json.dumps(float(value))
            return str(np.float32(value))  # the shortest decimal that is this one
        value = value.item()
    return json.dumps(value)


def flat(array):
    return "[" + ",".join(spelled(value) for value in array.ravel()) + "]"


def nested(array):
    if array.ndim == 0:
        return spelled(array[()])
    return "[" + ",".join(nested(each) for each in array) + "]"
