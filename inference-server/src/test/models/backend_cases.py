"""Turns ONNX's own backend test cases into requests with the answers of plain ONNX Runtime, for BackendCases.

The cases ship with older releases of the package onnx; they are not kept here:

    pip download --no-deps onnx==1.19.0 && unzip onnx-1.19.0-*.whl 'onnx/backend/test/data/*'
    python backend_cases.py onnx/backend/test/data /tmp/cases
    mvn -pl inference-server test -Dtest=BackendCases -Donnx.cases=/tmp/cases

Writes a folder per case that ONNX Runtime answers: model.onnx and case.json, whose tensors are base64 of their bytes. Needs: pip install -r requirements.txt
"""

import base64
import collections
import json
import pathlib
import shutil
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from expectation import DATATYPES


def value(path, kind):
    data = path.read_bytes()
    if kind.HasField("sequence_type"):
        return numpy_helper.to_list(onnx.SequenceProto.FromString(data))
    if kind.HasField("optional_type"):
        return numpy_helper.to_optional(onnx.OptionalProto.FromString(data))
    return numpy_helper.to_array(onnx.TensorProto.FromString(data))


def described(name, array):
    if isinstance(array, list):
        if not array or len({a.shape for a in map(np.asarray, array)}) != 1:
            return {"name": name, "sequence": True}
        array = np.stack(array)
    array = np.asarray(array)
    if array.dtype.kind in "US":
        array = array.astype(object)
    entry = {"name": name, "datatype": DATATYPES[array.dtype], "shape": list(array.shape)}
    if array.dtype == object:
        entry["strings"] = [s.decode() if isinstance(s, bytes) else str(s) for s in array.ravel()]
    else:
        entry["bytes"] = base64.b64encode(array.tobytes()).decode()
    return entry


def convert(case, target):
    model = onnx.load(case / "model.onnx", load_external_data=False)
    session = onnxruntime.InferenceSession(case / "model.onnx", OPTIONS, providers=["CPUExecutionProvider"])
    requests = []
    for data in sorted(case.glob("test_data_set_*")):
        inputs = {}
        for i, declared in enumerate(session.get_inputs()):
            graph_input = next(g for g in model.graph.input if g.name == declared.name)
            inputs[declared.name] = value(data / f"input_{i}.pb", graph_input.type)
        answers = session.run(None, inputs)
        again = session.run(None, inputs)
        if not all(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=np.asarray(a).dtype.kind == "f") for a, b in zip(answers, again) if not isinstance(a, list)):
            return "random"
        if any(isinstance(v, list) or v is None for v in inputs.values()):
            return "sequence or optional as input"
        requests.append(
            {
                "name": data.name,
                "inputs": [described(n, v) for n, v in inputs.items()],
                "outputs": [described(o.name, v) for o, v in zip(session.get_outputs(), answers)],
            }
        )
    target.mkdir(parents=True)
    shutil.copy(case / "model.onnx", target / "model.onnx")
    (target / "case.json").write_text(json.dumps(requests))
    return "written"


OPTIONS = onnxruntime.SessionOptions()
OPTIONS.log_severity_level = 4
OPTIONS.intra_op_num_threads = 1


def main(source, target):
    counts = collections.Counter()
    for case in sorted(p.parent for p in source.glob("*/*/model.onnx")):
        try:
            result = convert(case, target / f"{case.parent.name}-{case.name}")
        except Exception as e:
            result = f"plain ONNX Runtime in Python does not answer ({type(e).__name__})"
        counts[result] += 1
    for result, count in counts.most_common():
        print(count, result)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
