"""Prints the numbers of a model's first output, as JSON: `expected.py MODEL SHAPE < VALUES`, little-endian FP32 values."""

import json
import sys

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
values = np.frombuffer(sys.stdin.buffer.read(), dtype="<f4").reshape(json.loads(sys.argv[2]))
first = session.get_outputs()[0].name
print(json.dumps(session.run([first], {session.get_inputs()[0].name: values})[0].flatten().tolist()))
