"""Asks ONNX Runtime what the committed models answer, prints it, and exits 1 when an answer that the samples promise is missing.

The numbers in README.md come from here.
"""

import sys

import train
import numpy as np
import onnxruntime

SETOSA = [5.1, 3.5, 1.4, 0.2]
PROBE = [6.3, 2.8, 5.1, 1.5]
PATIENT = [65, 240]


def session(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(train.HERE / name, providers=["CPUExecutionProvider"])


def answer(name: str, row: list[float]) -> tuple[object, dict]:
    """The label and the probabilities by class that a model gives for one row."""
    model = session(name)
    labels, probabilities = model.run(None, {model.get_inputs()[0].name: np.array([row], np.float32)})
    first = probabilities[0]
    by_class = first if isinstance(first, dict) else dict(enumerate(first))
    return labels.tolist()[0], {key: round(float(value), 4) for key, value in by_class.items()}


def accuracy(name: str) -> float:
    """The share of the held-out rows that the exported file classifies correctly."""
    data, model = train.MODELS[name][0](), session(name)
    labels = model.run(None, {model.get_inputs()[0].name: data.x_test})[0]
    return float(np.mean(labels == data.y_test))


def main() -> int:
    for name in train.MODELS:
        model = session(name)
        rows = len(train.MODELS[name][0]().y_test)
        print(name, f"{(train.HERE / name).stat().st_size} bytes, accuracy {accuracy(name):.4f} on {rows} held-out rows")
        for direction, ends in (("input", model.get_inputs()), ("output", model.get_outputs())):
            for end in ends:
                print(f"  {direction} {end.name}: {end.type} {end.shape}")
        print("  metadata", model.get_modelmeta().custom_metadata_map)
    setosa_0, setosa_1 = answer("iris-v1.0.onnx", SETOSA), answer("iris-v1.1.onnx", SETOSA)
    probe_0, probe_1 = answer("iris-v1.0.onnx", PROBE), answer("iris-v1.1.onnx", PROBE)
    patient = answer("health-risk.onnx", PATIENT)
    zero = answer("digits-mlp.onnx", train.load_digits().data[0])
    print("setosa", SETOSA, "v1.0", setosa_0, "v1.1", setosa_1)
    print("probe", PROBE, "v1.0", probe_0, "v1.1", probe_1)
    print("patient", PATIENT, patient)
    print("first digit", zero)
    promises = {
        "both iris models call the setosa sample setosa": setosa_0[0] == setosa_1[0] == 0,
        "the iris models differ in the setosa probabilities": setosa_0[1] != setosa_1[1],
        "the probe row is versicolor in v1.0 and virginica in v1.1": (probe_0[0], probe_1[0]) == (1, 2),
        "the patient is High Risk with about 0.9": patient[0] == "High Risk" and abs(patient[1]["High Risk"] - 0.9) < 0.03,
        "the first digit is a 0": zero[0] == 0,
    }
    for promise, kept in promises.items():
        print("ok  " if kept else "FAIL", promise)
    return 0 if all(promises.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
