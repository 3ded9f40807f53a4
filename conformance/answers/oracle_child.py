"""`python -m answers.oracle_child`: runs models with plain ONNX Runtime for answers.oracle, which reads what it says from a pipe.

A program of its own because some inputs end the process that runs them.
"""

import ctypes
import pickle
import struct
import sys

import ml_dtypes
import numpy as np
import onnxruntime
import onnxruntime_extensions

BFLOAT16 = 16  # of onnx.TensorProto
EXTENSIONS = (b"ai.onnx.contrib", b"com.microsoft.extensions")  # the domains of ONNX Runtime Extensions


def session(content):
    """As the server has it: one thread in a run. With several, sums over trees are added up in another order."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if any(domain in content for domain in EXTENSIONS):
        options.register_custom_ops_library(onnxruntime_extensions.get_library_path())
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def signature(model):
    def of(each):
        return each.name, each.type, list(each.shape)

    given = [model.get_inputs(), model.get_overridable_initializers(), model.get_outputs()]
    return [[of(each) for each in part] for part in given]


def run(model, inputs):
    if any("bfloat16" in each.type for each in [*model.get_inputs(), *model.get_outputs()]):
        values = model.run_with_ort_values(None, {name: value(array) for name, array in inputs.items()})
        return [array_of(each) for each in values]
    return model.run(None, inputs)


def value(array):
    if array.dtype == ml_dtypes.bfloat16:
        return onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(np.ascontiguousarray(array).view(np.uint16), BFLOAT16)
    return onnxruntime.OrtValue.ortvalue_from_numpy(array)


def array_of(value):
    if value.data_type() != "tensor(bfloat16)":
        return value.numpy()
    count = int(np.prod(value.shape()))
    data = bytes((ctypes.c_char * (2 * count)).from_address(value.data_ptr())) if count else b""
    return np.frombuffer(data, ml_dtypes.bfloat16).reshape(value.shape())


def main():
    onnxruntime.disable_telemetry_events()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    model = None
    while header := source.read(8):
        command, argument = pickle.loads(source.read(struct.unpack("<Q", header)[0]))
        try:
            if command == "load":
                model = None
                model = session(argument)
                answer = ("ok", signature(model))
            else:
                answer = ("ok", run(model, argument))
        except Exception as e:  # ONNX Runtime has exceptions of many kinds, and all of them are answers
            answer = ("error", str(e))
        data = pickle.dumps(answer)
        sink.write(struct.pack("<Q", len(data)) + data)
        sink.flush()


main()
