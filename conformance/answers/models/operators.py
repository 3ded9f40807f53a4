"""Classifiers and encoders of ai.onnx.ml written by hand, in the variants that converters of many kinds write."""

import numpy as np
from onnx import helper

from answers.graphs import BOOL, FLOAT, INT64, ML, STRING, constant, model, node, tensor
from answers.models import Meaning, Model, family
from answers.models.draws import chance, pick
from answers.models.networks import drawn, weights

NAMES = [["red", "green", "blue"], ["🌞", "𠮷", "é"], ["2", "0", "1"], ["b", "a", "c"]]
NUMBERS = [[0, 1, 2], [1, 2, 3], [-1, 0, 1], [7, 3, 9], [2**40, 0, -5]]


def drawn_labels(rng, count):
    """Labels as an attribute of a classifier, with its name, the labels and the type of the label output."""
    if chance(rng, 0.5):
        values = pick(rng, NAMES)[:count]
        return {"classlabels_strings": values}, values, STRING
    values = pick(rng, NUMBERS)[:count]
    return {"classlabels_ints": values}, values, INT64


@family(4)
def linear_classifier(rng):
    count = int(pick(rng, [2, 3]))
    attribute, values, kind = drawn_labels(rng, count)
    transform = pick(rng, ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"])
    classifier = node("LinearClassifier", "x", "label scores", domain=ML, coefficients=weights(rng, (count * 3,)).tolist(), intercepts=weights(rng, (count,)).tolist(), post_transform=transform, **attribute)
    end = pick(rng, ["plain", "normalised", "zipmap", "cast"])
    nodes, scores = [classifier], "scores"
    outputs = [tensor("label", kind, [None])]
    if end == "normalised":
        nodes.append(node("Normalizer", "scores", "shares", domain=ML, norm="L1"))
        scores = "shares"
    if end == "zipmap":
        keys = {"classlabels_strings": values} if kind == STRING else {"classlabels_int64s": values}
        nodes.append(node("ZipMap", "scores", "probabilities", domain=ML, **keys))
        element = helper.make_map_type_proto(8 if kind == STRING else 7, helper.make_tensor_type_proto(FLOAT, []))
        outputs.append(helper.make_value_info("probabilities", helper.make_sequence_type_proto(element)))
        scores = "probabilities"
    else:
        outputs.append(tensor(scores, FLOAT, [None, count]))
    if chance(rng, 0.2):
        outputs.reverse()
    content = model(nodes, [tensor("x", FLOAT, [None, 3])], outputs)
    meaning = Meaning("label", scores, tuple(values), True) if transform == "SOFTMAX" and end != "normalised" else None
    return Model(f"LinearClassifier {values}, {transform}, {end}", content, drawn([("x", "FP32", [None, 3])]), meaning)


@family(3)
def label_by_index(rng):
    """The label is picked from a constant by the position of the highest score."""
    count = 3
    strings = chance(rng, 0.5)
    values = pick(rng, NAMES) if strings else pick(rng, NUMBERS)
    how = pick(rng, ["ArrayFeatureExtractor", "Gather", "GatherFlat"])
    labels = constant("labels", values, str if strings else np.int64)
    nodes = [node("MatMul", "x w", "logits"), node("Softmax", "logits", "probabilities", axis=1)]
    if how == "ArrayFeatureExtractor":
        nodes += [node("ArgMax", "probabilities", "position", axis=1, keepdims=0), node("ArrayFeatureExtractor", "labels position", "picked", domain=ML), node("Reshape", "picked flat", "label")]
    elif how == "Gather":
        nodes += [node("ArgMax", "probabilities", "position", axis=1, keepdims=0), node("Gather", "labels position", "label")]
    else:
        nodes += [node("ArgMax", "probabilities", "column", axis=1, keepdims=1), node("Gather", "labels column", "two"), node("Reshape", "two flat", "label")]
    content = model(nodes, [tensor("x", FLOAT, [None, 4])], [tensor("label", STRING if strings else INT64, [None]), tensor("probabilities", FLOAT, [None, count])], [labels, constant("w", weights(rng, (4, count))), *([] if how == "Gather" else [constant("flat", [-1], np.int64)])])
    return Model(f"label by {how} of {values}", content, drawn([("x", "FP32", [None, 4])], 0), Meaning("label", "probabilities", tuple(values), True))


@family(3)
def trees(rng):
    """A TreeEnsemble with a few stumps: regressor or classifier, each aggregate and post_transform."""
    classify = chance(rng, 0.6)
    count = int(pick(rng, [1, 2, 3]))
    stumps = int(pick(rng, [1, 3, 40, 100]))
    ids, tree, modes, feature, values, yes, no = [], [], [], [], [], [], []
    for t in range(stumps):
        for n, mode in enumerate(("BRANCH_LEQ", "LEAF", "LEAF")):
            ids.append(n)
            tree.append(t)
            modes.append(mode)
            feature.append(int(rng.integers(3)) if n == 0 else 0)
            values.append(float(np.float32(rng.normal())) if n == 0 else 0.0)
            yes.append(1 if n == 0 else 0)
            no.append(2 if n == 0 else 0)
    leaves = [(t, n, c, float(np.float32(rng.normal()))) for t in range(stumps) for n in (1, 2) for c in range(count) if count == 1 or chance(rng, 0.8)] or [(0, 1, 0, 1.0)]
    common = dict(nodes_nodeids=ids, nodes_treeids=tree, nodes_modes=modes, nodes_featureids=feature, nodes_values=values, nodes_truenodeids=yes, nodes_falsenodeids=no, nodes_missing_value_tracks_true=[int(rng.integers(2))] * len(ids))
    x = tensor("x", FLOAT, [None, 3])
    if classify:
        count = max(count, 2)
        attribute, labels, kind = drawn_labels(rng, count)
        attribute = {"classlabels_int64s" if name == "classlabels_ints" else name: value for name, value in attribute.items()}
        transform = pick(rng, ["NONE", "SOFTMAX", "LOGISTIC"])
        sure = transform == "SOFTMAX" and len(leaves) == stumps * 2 * count
        position = kind == INT64 and count == 2
        if position and not sure:
            # Of two integer labels ONNX Runtime gives the position: where nothing tells so, they are positions.
            labels, attribute = [0, 1], {"classlabels_int64s": [0, 1]}
        which = dict(class_treeids=[e[0] for e in leaves], class_nodeids=[e[1] for e in leaves], class_ids=[e[2] for e in leaves], class_weights=[e[3] for e in leaves])
        content = model([node("TreeEnsembleClassifier", "x", "label scores", domain=ML, post_transform=transform, **common, **which, **attribute)], [x], [tensor("label", kind, [None]), tensor("scores", FLOAT, [None, count])])
        meaning = Meaning("label", "scores", tuple(labels), True, position=position) if sure else None
        return Model(f"TreeEnsembleClassifier of {stumps}, {labels}, {transform}", content, drawn([("x", "FP32", [None, 3])]), meaning)
    which = dict(target_treeids=[e[0] for e in leaves], target_nodeids=[e[1] for e in leaves], target_ids=[e[2] for e in leaves], target_weights=[e[3] for e in leaves])
    aggregate = pick(rng, ["SUM", "AVERAGE", "MIN", "MAX"])
    content = model([node("TreeEnsembleRegressor", "x", "y", domain=ML, n_targets=count, aggregate_function=aggregate, **common, **which)], [x], [tensor("y", FLOAT, [None, count])])
    return Model(f"TreeEnsembleRegressor of {stumps}, {aggregate}", content, drawn([("x", "FP32", [None, 3])]))


@family(2)
def preparation(rng):
    kind = pick(rng, ["Scaler", "Imputer", "Normalizer", "Binarizer", "OneHotEncoder", "FeatureVectorizer", "SVMRegressor", "LabelEncoder", "ArrayFeatureExtractor"])
    x, specs = tensor("x", FLOAT, [None, 3]), [("x", "FP32", [None, 3])]
    out = tensor("y", FLOAT, [None, 3])
    constants = []
    if kind == "Scaler":
        made = node(kind, "x", "y", domain=ML, offset=[0.5, 1.0, -1.0], scale=[2.0, 0.1, 3.0])
    elif kind == "Imputer":
        made = node(kind, "x", "y", domain=ML, imputed_value_floats=[1.0, 2.0, 3.0], replaced_value_float=float("nan"))
    elif kind == "Normalizer":
        made = node(kind, "x", "y", domain=ML, norm=pick(rng, ["L1", "L2", "MAX"]))
    elif kind == "Binarizer":
        made = node(kind, "x", "y", domain=ML, threshold=0.5)
    elif kind == "OneHotEncoder":
        x, specs, out = tensor("x", INT64, [None]), [("x", "INT64", [None])], tensor("y", FLOAT, [None, 4])
        made = node(kind, "x", "y", domain=ML, cats_int64s=[0, 1, 2, 5], zeros=int(rng.integers(2)))
    elif kind == "FeatureVectorizer":
        z = tensor("z", INT64, [None, 2])
        content = model([node("Cast", "z", "f", to=FLOAT), node(kind, "x f", "y", domain=ML, inputdimensions=[3, 2])], [x, z], [tensor("y", FLOAT, [None, 5])])
        return Model(f"ml {kind}", content, drawn([*specs, ("z", "INT64", [None, 2])]))
    elif kind == "SVMRegressor":
        out = tensor("y", FLOAT, [None, 1])
        made = node(kind, "x", "y", domain=ML, coefficients=weights(rng, (2,)).tolist(), kernel_type="RBF", kernel_params=[0.5, 0.0, 3.0], n_supports=2, rho=[0.1], support_vectors=weights(rng, (6,)).tolist())
    elif kind == "LabelEncoder":
        x, specs, out = tensor("x", INT64, [None, 1]), [("x", "INT64", [None, 1])], tensor("y", STRING, [None, 1])
        made = node(kind, "x", "y", domain=ML, keys_int64s=[0, 1, 2], values_strings=["🌞", "b", ""], default_string="?")
    else:
        out = tensor("y", FLOAT, [None, 2])
        constants = [constant("columns", [2, 0], np.int64)]
        made = node(kind, "x columns", "y", domain=ML)
    outputs = [out]
    nodes = [made]
    if chance(rng, 0.2) and x.type.tensor_type.elem_type == FLOAT:
        nodes.append(node("IsNaN", "x", "lacking"))
        outputs.append(tensor("lacking", BOOL, [None, 3]))
    return Model(f"ml {kind}", model(nodes, [x], outputs, constants), drawn(specs))
