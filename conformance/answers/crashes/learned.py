"""Estimators of scikit-learn, and trees and kernels by hand."""

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC

from answers.crashes import FLOAT, Candidate, candidate, floats, graph
from answers.graphs import node

X = np.sin(np.arange(160)).reshape(40, 4).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64) + (X[:, 1] > 0.5)


def exported(estimator, target=Y, width=4):
    content = convert_sklearn(estimator.fit(X, target), initial_types=[("X", FloatTensorType([None, width]))], target_opset={"": 17, "ai.onnx.ml": 3}, options={"zipmap": False} if target is Y else None).SerializeToString()
    return Candidate(content, lambda rng: {"X": rng.uniform(-1, 1, (int(rng.integers(1, 4)), 4)).astype(np.float32)})


@candidate("KNeighborsClassifier")
def neighbours():
    return exported(KNeighborsClassifier(3))


@candidate("KNeighborsRegressor by distance")
def distances():
    return exported(KNeighborsRegressor(3, weights="distance"), X[:, 0])


@candidate("RandomForestClassifier of any width")
def forest():
    return exported(RandomForestClassifier(8, random_state=0), width=None)


@candidate("SVC with a polynomial kernel")
def vectors():
    return exported(SVC(kernel="poly"))


@candidate("TreeEnsembleRegressor that reads a far column")
def far():
    tree = {
        "nodes_treeids": [0, 0, 0],
        "nodes_nodeids": [0, 1, 2],
        "nodes_featureids": [3, 0, 0],
        "nodes_values": [0.5, 0.0, 0.0],
        "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"],
        "nodes_truenodeids": [1, 0, 0],
        "nodes_falsenodeids": [2, 0, 0],
        "target_treeids": [0, 0],
        "target_nodeids": [1, 2],
        "target_ids": [0, 0],
        "target_weights": [1.0, 2.0],
        "n_targets": 1,
    }
    nodes = [node("Identity", "x", "same"), node("TreeEnsembleRegressor", "same", "y", domain="ai.onnx.ml", **tree)]
    return graph(nodes, {"x": floats(["n", "m"], (2, 4))}, {"y": FLOAT})


@candidate("SVMRegressor and LinearRegressor of any width")
def kernels():
    support = {"kernel_type": "RBF", "kernel_params": [0.5, 0.0, 3.0], "n_supports": 2, "support_vectors": [float(each) for each in range(8)], "coefficients": [0.5, -0.5], "rho": [0.1]}
    nodes = [
        node("SVMRegressor", "x", "a", domain="ai.onnx.ml", **support),
        node("LinearRegressor", "x", "b", domain="ai.onnx.ml", coefficients=[0.1, 0.2, 0.3, 0.4], intercepts=[0.5], targets=1),
        node("Add", "a b", "y"),
    ]
    return graph(nodes, {"x": floats(["n", "m"], (2, 4))}, {"y": FLOAT})


@candidate("Scaler, Normalizer, Imputer and FeatureVectorizer of any width")
def prepared():
    nodes = [
        node("Imputer", "x", "i", domain="ai.onnx.ml", imputed_value_floats=[0.0, 1.0, 2.0, 3.0], replaced_value_float=float("nan")),
        node("Scaler", "i", "s", domain="ai.onnx.ml", offset=[0.0] * 4, scale=[1.0] * 4),
        node("Normalizer", "s", "n", domain="ai.onnx.ml", norm="L2"),
        node("FeatureVectorizer", "n s", "y", domain="ai.onnx.ml", inputdimensions=[4, 4]),
    ]
    return graph(nodes, {"x": floats(["n", "m"], (2, 4))}, {"y": FLOAT})
