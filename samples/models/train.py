"""Trains the sample models and writes them, with SHA256SUMS, beside this file; the same bytes on every run.

train.py           retrain and overwrite the committed files
train.py --check   retrain into a temporary folder and compare the digests; exit 1 when one differs
"""

import os
import sys

# skl2onnx lists operator sets and attributes in the order of Python sets, which the hash seed of the process decides.
if __name__ == "__main__" and os.environ.get("PYTHONHASHSEED") != "0":
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])

# Floating-point sums depend on the order of additions, which BLAS and NumPy choose by the CPU and the number of
# threads. Pinning both to what every x86-64 server since 2013 has keeps the trained weights identical.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["NPY_DISABLE_CPU_FEATURES"] = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"

import argparse
import hashlib
import json
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from skl2onnx import to_onnx

HERE = Path(__file__).resolve().parent
SEED = 0


class Split(NamedTuple):
    """One data set, divided into rows to train on and rows held out."""

    x_train: np.ndarray
    x_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray


def split(x, y, held_out: float) -> Split:
    return Split(*train_test_split(x.astype(np.float32), y, test_size=held_out, random_state=SEED, stratify=y))


def iris_data() -> Split:
    return split(*load_iris(return_X_y=True), held_out=0.3)


def health_data() -> Split:
    """4,000 invented patients; the odds of a high risk rise with age and cholesterol. Of no medical meaning."""
    random = np.random.default_rng(SEED)
    age, cholesterol = random.integers(20, 91, 4000), random.integers(120, 321, 4000)
    log_odds = 0.08 * (age - 55) + 0.025 * (cholesterol - 185)
    high = random.random(4000) < 1 / (1 + np.exp(-log_odds))
    return split(np.column_stack([age, cholesterol]), np.where(high, "High Risk", "Low Risk"), held_out=0.25)


def digits_data() -> Split:
    return split(*load_digits(return_X_y=True), held_out=0.25)


def iris_v1_0(data: Split):
    """Ten shallow trees, exported exactly as skl2onnx does by default: ZipMap, integer labels, no metadata."""
    model = RandomForestClassifier(n_estimators=10, max_depth=2, max_features=1, random_state=SEED)
    return to_onnx(model.fit(data.x_train, data.y_train), data.x_train[:1])


def iris_v1_1(data: Split):
    """More and deeper trees that answer differently, and a description of the model inside the file."""
    model = RandomForestClassifier(n_estimators=20, max_depth=4, max_features=2, random_state=SEED)
    model.fit(data.x_train, data.y_train)
    onnx = to_onnx(model, data.x_train[:1])
    description = {
        "title": "Iris species",
        "dataset": "Fisher's iris, 150 flowers",
        "accuracy": json.dumps(round(model.score(data.x_test, data.y_test), 4)),
        "features": json.dumps(["sepal_length", "sepal_width", "petal_length", "petal_width"]),
        "classes": json.dumps(["setosa", "versicolor", "virginica"]),
    }
    for key, value in description.items():
        onnx.metadata_props.add(key=key, value=value)
    return onnx


def health_risk(data: Split):
    """A logistic regression with string labels, exported with ZipMap."""
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return to_onnx(model.fit(data.x_train, data.y_train), data.x_train[:1])


def digits_mlp(data: Split):
    """A multi-layer perceptron 64-512-512-10 (1.2 MB); its probabilities are a plain tensor, without ZipMap."""
    model = make_pipeline(MinMaxScaler(), MLPClassifier((512, 512), random_state=SEED))
    return to_onnx(model.fit(data.x_train, data.y_train), data.x_train[:1], options={"zipmap": False})


MODELS: dict[str, tuple[Callable, Callable]] = {
    "iris-v1.0.onnx": (iris_data, iris_v1_0),
    "iris-v1.1.onnx": (iris_data, iris_v1_1),
    "health-risk.onnx": (health_data, health_risk),
    "digits-mlp.onnx": (digits_data, digits_mlp),
}


def train_into(folder: Path) -> str:
    """Writes every model into the folder and returns the text of SHA256SUMS, which is written there too."""
    sums = ""
    for name, (data, train) in MODELS.items():
        content = train(data()).SerializeToString(deterministic=True)
        (folder / name).write_bytes(content)
        sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    (folder / "SHA256SUMS").write_text(sums)
    return sums


def check() -> int:
    """Compares the files as they lie here, SHA256SUMS and a fresh training run: all three must agree."""
    listed = (HERE / "SHA256SUMS").read_text()
    committed = "".join(f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n" for name in MODELS)
    with tempfile.TemporaryDirectory() as folder:
        retrained = train_into(Path(folder))
    if listed == committed == retrained:
        print(f"{len(MODELS)} models: the files, SHA256SUMS and a new training run agree")
        return 0
    print(f"the digests differ\n\nSHA256SUMS:\n{listed}\nfiles:\n{committed}\nretrained:\n{retrained}", file=sys.stderr)
    if platform.machine() not in ("x86_64", "AMD64"):
        print(f"the digests are reproducible on x86-64 only; this is {platform.machine()}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare digests, change nothing")
    if arguments.parse_args().check:
        sys.exit(check())
    print(train_into(HERE), end="")
