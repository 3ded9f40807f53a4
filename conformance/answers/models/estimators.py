"""scikit-learn's estimators, exported with skl2onnx's options."""

import warnings

import numpy as np
import onnx
import onnxruntime
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from sklearn import (
    cluster,
    cross_decomposition,
    decomposition,
    discriminant_analysis,
    ensemble,
    gaussian_process,
    linear_model,
    mixture,
    multiclass,
    multioutput,
    naive_bayes,
    neighbors,
    neural_network,
    preprocessing,
    svm,
    tree,
)
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import make_pipeline

from answers.models import Meaning, Model, NotExported, family
from answers.models.draws import chance, labels, pick
from answers.tensors import ARRAYS

warnings.filterwarnings("ignore")

CLASSIFIERS = {
    "LogisticRegression": lambda s: linear_model.LogisticRegression(max_iter=50),
    "SGD, log loss": lambda s: linear_model.SGDClassifier(loss="log_loss", random_state=s),
    "SGD, hinge": lambda s: linear_model.SGDClassifier(random_state=s),
    "Ridge": lambda s: linear_model.RidgeClassifier(),
    "Perceptron": lambda s: linear_model.Perceptron(random_state=s),
    "LinearSVC": lambda s: svm.LinearSVC(random_state=s),
    "SVC": lambda s: svm.SVC(random_state=s),
    "SVC with probabilities": lambda s: svm.SVC(probability=True, random_state=s),
    "NuSVC": lambda s: svm.NuSVC(nu=0.2, random_state=s),
    "DecisionTree": lambda s: tree.DecisionTreeClassifier(max_depth=4, random_state=s),
    "ExtraTree": lambda s: tree.ExtraTreeClassifier(max_depth=4, random_state=s),
    "RandomForest": lambda s: ensemble.RandomForestClassifier(7, max_depth=4, random_state=s),
    "RandomForest of 120": lambda s: ensemble.RandomForestClassifier(120, max_depth=3, random_state=s),
    "ExtraTrees": lambda s: ensemble.ExtraTreesClassifier(5, max_depth=4, random_state=s),
    "GradientBoosting": lambda s: ensemble.GradientBoostingClassifier(n_estimators=4, random_state=s),
    "HistGradientBoosting": lambda s: ensemble.HistGradientBoostingClassifier(max_iter=4, min_samples_leaf=5, random_state=s),
    "AdaBoost": lambda s: ensemble.AdaBoostClassifier(n_estimators=4, random_state=s),
    "Bagging": lambda s: ensemble.BaggingClassifier(n_estimators=3, random_state=s),
    "Voting, soft": lambda s: ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", naive_bayes.GaussianNB())], voting="soft"),
    "Voting, hard": lambda s: ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(max_depth=3, random_state=s))]),
    "Stacking": lambda s: ensemble.StackingClassifier([("a", naive_bayes.GaussianNB()), ("b", tree.DecisionTreeClassifier(max_depth=3, random_state=s))], cv=2),
    "KNeighbors": lambda s: neighbors.KNeighborsClassifier(3),
    "KNeighbors, weighted": lambda s: neighbors.KNeighborsClassifier(4, weights="distance"),
    "GaussianNB": lambda s: naive_bayes.GaussianNB(),
    "BernoulliNB": lambda s: naive_bayes.BernoulliNB(),
    "LDA": lambda s: discriminant_analysis.LinearDiscriminantAnalysis(),
    "QDA": lambda s: discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.1),
    "GaussianProcess": lambda s: gaussian_process.GaussianProcessClassifier(random_state=s),
    "MLP": lambda s: neural_network.MLPClassifier(hidden_layer_sizes=(8,), max_iter=20, random_state=s),
    "Calibrated": lambda s: CalibratedClassifierCV(linear_model.LogisticRegression(), cv=2),
    "OneVsRest": lambda s: multiclass.OneVsRestClassifier(linear_model.LogisticRegression()),
    "OneVsOne": lambda s: multiclass.OneVsOneClassifier(linear_model.LogisticRegression()),
    "scaled LogisticRegression": lambda s: make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()),
    "PCA and RandomForest": lambda s: make_pipeline(decomposition.PCA(1), ensemble.RandomForestClassifier(4, max_depth=3, random_state=s)),
}
REGRESSORS = {
    "Linear": lambda s: linear_model.LinearRegression(),
    "Ridge": lambda s: linear_model.Ridge(),
    "Lasso": lambda s: linear_model.Lasso(0.01),
    "BayesianRidge": lambda s: linear_model.BayesianRidge(),
    "Huber": lambda s: linear_model.HuberRegressor(),
    "SVR": lambda s: svm.SVR(),
    "tree": lambda s: tree.DecisionTreeRegressor(max_depth=4, random_state=s),
    "forest": lambda s: ensemble.RandomForestRegressor(6, max_depth=4, random_state=s),
    "GradientBoosting": lambda s: ensemble.GradientBoostingRegressor(n_estimators=4, random_state=s),
    "HistGradientBoosting": lambda s: ensemble.HistGradientBoostingRegressor(max_iter=4, min_samples_leaf=5, random_state=s),
    "KNeighbors": lambda s: neighbors.KNeighborsRegressor(3),
    "MLP": lambda s: neural_network.MLPRegressor(hidden_layer_sizes=(8,), max_iter=20, random_state=s),
    "GaussianProcess": lambda s: gaussian_process.GaussianProcessRegressor(random_state=s),
    "PLS": lambda s: cross_decomposition.PLSRegression(1),
    "Poisson": lambda s: linear_model.PoissonRegressor(),
}
OTHERS = {
    "KMeans": lambda s: cluster.KMeans(3, n_init=1, random_state=s),
    "MiniBatchKMeans": lambda s: cluster.MiniBatchKMeans(2, n_init=1, random_state=s),
    "IsolationForest": lambda s: ensemble.IsolationForest(n_estimators=4, random_state=s),
    "OneClassSVM": lambda s: svm.OneClassSVM(),
    "LocalOutlierFactor": lambda s: neighbors.LocalOutlierFactor(5, novelty=True),
    "GaussianMixture": lambda s: mixture.GaussianMixture(2, random_state=s),
    "PCA": lambda s: decomposition.PCA(1),
    "StandardScaler": lambda s: preprocessing.StandardScaler(),
    "MinMaxScaler": lambda s: preprocessing.MinMaxScaler(),
    "RobustScaler": lambda s: preprocessing.RobustScaler(),
    "Normalizer": lambda s: preprocessing.Normalizer(),
    "PolynomialFeatures": lambda s: preprocessing.PolynomialFeatures(2),
    "KBinsDiscretizer": lambda s: preprocessing.KBinsDiscretizer(3, encode="ordinal"),
    "Binarizer": lambda s: preprocessing.Binarizer(),
    "PowerTransformer": lambda s: preprocessing.PowerTransformer(),
}
OPSETS = [None, {"": 12, "ai.onnx.ml": 1}, {"": 15, "ai.onnx.ml": 2}, {"": 17, "ai.onnx.ml": 3}, {"": 21, "ai.onnx.ml": 3}]


def table(rng, classes=3):
    """Rows of a training set and the position of each one's class."""
    width = int(rng.integers(1, 7))
    y = np.arange(90) % classes
    centres = rng.normal(0, 2, (classes, width))
    return (centres[y] + rng.normal(0, 1, (90, width))).astype(np.float32), y


def exported(estimator, width, rng, options=None, kind=None):
    """A model with one input, the name of that input and its datatype."""
    kind = kind or pick(rng, [FloatTensorType] * 5 + [DoubleTensorType, Int64TensorType])
    shape = pick(rng, [[None, width]] * 4 + [[None, None]])
    name = pick(rng, ["X", "X", "input", "float_input", "data.1", "données"])
    opset = pick(rng, OPSETS)
    try:
        try:
            proto = convert_sklearn(estimator, initial_types=[(name, kind(shape))], options=options, target_opset=opset)
        except NameError:  # an option that this converter does not have
            proto = convert_sklearn(estimator, initial_types=[(name, kind(shape))], target_opset=opset)
    except Exception as e:  # converters raise anything
        raise NotExported(f"{type(e).__name__}: {e}") from None
    return proto, proto.graph.input[0].name, {FloatTensorType: "FP32", DoubleTensorType: "FP64", Int64TensorType: "INT64"}[kind]


def rows_like(X, name, datatype):
    """Draws rows near those of the training set, some far from it."""

    def draw(rng, rows):
        chosen = X[rng.integers(len(X), size=rows)] + rng.normal(0, 0.3, (rows, X.shape[1]))
        if chance(rng, 0.2):
            chosen = np.where(rng.random(chosen.shape) < 0.1, rng.choice([0.0, -0.0, 1e30, -1e30, 1e-40, 1e9], chosen.shape), chosen)
        dtype = {"FP32": np.float32, "FP64": np.float64, "INT64": np.int64}[datatype]
        return {name: np.clip(chosen, -(2**60), 2**60).astype(dtype) if datatype == "INT64" else chosen.astype(dtype)}

    return draw


def outputs(proto):
    """The names of the label and the scores among the outputs of a classifier."""
    found = [each.name for each in proto.graph.output]
    return found[0], found[1] if len(found) > 1 else None


def sums_to_one(proto, inputs):
    """Whether a converter that knows no raw scores, as those of trees and naive Bayes, gave probabilities all the same."""
    try:
        scores = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, inputs)[1]
    except Exception:  # what it does not load or run is the trial's to report
        return False
    rows = np.array([list(row.values()) for row in scores]) if isinstance(scores, list) else scores
    return bool((rows >= 0).all() and np.allclose(rows.sum(axis=1), 1, atol=1e-5))


def classes_of(estimator):
    """As the file can hold them: truth values and whole floats are integers there."""
    values = np.asarray(estimator.classes_)
    return tuple(values.astype(np.int64).tolist() if values.dtype.kind in "bfiu" else values.tolist())


def cut(proto, classes):
    """
    The classes as labels of 32 bits, where the file has them so: some converters keep integers so, whatever they are, and
    ONNX Runtime answers with what is left of them. None where the file has them whole.
    """
    if not all(isinstance(each, int) for each in classes):
        return None
    short = np.array(classes, np.int64).astype(np.int32)
    kept = any(tensor.data_type == onnx.TensorProto.INT32 and np.array_equal(onnx.numpy_helper.to_array(tensor), short) for tensor in proto.graph.initializer)
    return tuple(short.tolist()) if kept and tuple(short.tolist()) != tuple(classes) else None


def asked(estimator, name, method="predict_proba"):
    """Asks the estimator itself, for values within its range."""

    def predict(inputs):
        X = inputs[name]
        if not len(X) or np.abs(X.astype(np.float64)).max() > 1e6:
            return None
        return estimator.predict(X), getattr(estimator, method)(X)

    return predict


@family(9)
def classifier(rng):
    kinds, _ = labels(rng, int(rng.integers(2, 4)))
    X, y = table(rng, len(kinds))
    title = pick(rng, list(CLASSIFIERS))
    seed = int(rng.integers(1 << 30))
    try:
        estimator = CLASSIFIERS[title](seed).fit(X, kinds[y])
    except Exception as e:
        raise NotExported(f"{type(e).__name__}: {e}") from None
    options = pick(rng, [None, None, {"zipmap": False}, {"zipmap": False}, {"zipmap": False}, {"zipmap": "columns"}, {"zipmap": False, "output_class_labels": True}, {"raw_scores": True}, {"zipmap": False, "raw_scores": True}])
    proto, name, datatype = exported(estimator, X.shape[1], rng, options)
    label, scores = outputs(proto)
    raw = (options or {}).get("raw_scores") and not sums_to_one(proto, {name: X.astype(ARRAYS[datatype])})
    likely = hasattr(estimator, "predict_proba") and not raw
    columns = (options or {}).get("zipmap") == "columns"
    method = "predict_proba" if hasattr(estimator, "predict_proba") else "decision_function"
    classes = classes_of(estimator)
    short = cut(proto, classes)
    if short and not any(node.op_type == "ZipMap" for node in proto.graph.node):  # which has names of its own for the scores
        classes = short
    itself = likely and hasattr(estimator, method) and not short
    meaning = Meaning(
        label=label,
        scores=None if columns else scores,
        classes=classes,
        probabilities=likely,
        predict=asked(estimator, name, method) if itself else None,
    )
    return Model(f"{title}, classes {kinds.tolist()}, {options}, {datatype}", proto.SerializeToString(), rows_like(X, name, datatype), None if columns else meaning)


@family(2)
def several_targets(rng):
    X, y = table(rng)
    targets = np.c_[y % 2, (y > 0) * 1, y][:, rng.permutation(3)[: int(rng.integers(2, 4))]]
    many = pick(
        rng,
        [
            lambda: multioutput.MultiOutputClassifier(linear_model.LogisticRegression()),
            lambda: multioutput.MultiOutputClassifier(tree.DecisionTreeClassifier(max_depth=3, random_state=1)),
            lambda: tree.DecisionTreeClassifier(max_depth=3, random_state=1),
            lambda: ensemble.RandomForestClassifier(4, max_depth=3, random_state=1),
            lambda: neighbors.KNeighborsClassifier(3),
            lambda: ensemble.ExtraTreesClassifier(3, max_depth=3, random_state=1),
        ],
    )
    estimator = many().fit(X, targets)
    proto, name, datatype = exported(estimator, X.shape[1], rng, pick(rng, [None, {"zipmap": False}]))
    return Model(f"{estimator}, {targets.max(axis=0) + 1} classes", proto.SerializeToString(), rows_like(X, name, datatype), Meaning())


@family(1.5)
def several_labels(rng):
    X, y = table(rng)
    targets = np.c_[y % 2, (y > 0) * 1, (y > 1) * 1]
    many = pick(rng, [lambda: multiclass.OneVsRestClassifier(linear_model.LogisticRegression()), lambda: neural_network.MLPClassifier(hidden_layer_sizes=(6,), max_iter=20, random_state=1)])
    estimator = many().fit(X, targets)
    proto, name, datatype = exported(estimator, X.shape[1], rng, {"zipmap": False})
    return Model(f"{estimator}, multi-label", proto.SerializeToString(), rows_like(X, name, datatype), Meaning())


@family(4)
def regressor(rng):
    X, y = table(rng)
    title = pick(rng, list(REGRESSORS))
    target = np.abs(X.sum(axis=1)) + 0.1 * y
    if chance(rng, 0.3):
        target = np.c_[target, X[:, 0], y]
    try:
        estimator = REGRESSORS[title](int(rng.integers(1 << 30))).fit(X, target)
    except Exception as e:
        raise NotExported(f"{type(e).__name__}: {e}") from None
    proto, name, datatype = exported(estimator, X.shape[1], rng)
    return Model(f"{title} regression, target {target.shape[1:]}, {datatype}", proto.SerializeToString(), rows_like(X, name, datatype), Meaning())


@family(4)
def other(rng):
    X, _ = table(rng)
    title = pick(rng, list(OTHERS))
    estimator = OTHERS[title](int(rng.integers(1 << 30))).fit(X)
    options = {"score_samples": True} if title in ("GaussianMixture", "IsolationForest") and chance(rng, 0.5) else None
    proto, name, datatype = exported(estimator, X.shape[1], rng, options and {id(estimator): options})
    # A mixture's component is the one of the highest probability: a confidence may be told.
    meaning = None if title == "GaussianMixture" else Meaning()
    return Model(f"{title}, {datatype}, {options}", proto.SerializeToString(), rows_like(X, name, datatype), meaning)


@family(1)
def tree_paths(rng):
    """Decision paths and leaves as further outputs: strings and integers per tree."""
    X, y = table(rng)
    estimator = pick(rng, [lambda: tree.DecisionTreeClassifier(max_depth=3, random_state=1), lambda: ensemble.RandomForestClassifier(3, max_depth=2, random_state=1), lambda: tree.DecisionTreeRegressor(max_depth=3, random_state=1)])().fit(X, y)
    options = {"decision_path": chance(rng, 0.5), "decision_leaf": True}
    if hasattr(estimator, "classes_"):
        options["zipmap"] = False
    proto, name, datatype = exported(estimator, X.shape[1], rng, {id(estimator): options}, FloatTensorType)
    meaning = Meaning(*outputs(proto), classes_of(estimator), True) if "zipmap" in options else Meaning()
    return Model(f"{estimator}, {options}", proto.SerializeToString(), rows_like(X, name, datatype), meaning)


def renamed(content, names):
    """The model with other names of inputs and outputs of its graph."""
    proto = onnx.load_from_string(content)

    def change(graph):
        for each in [*graph.input, *graph.output, *graph.initializer, *graph.value_info]:
            each.name = names.get(each.name, each.name)
        for each in graph.node:
            each.input[:] = [names.get(name, name) for name in each.input]
            each.output[:] = [names.get(name, name) for name in each.output]
            for attribute in each.attribute:
                if attribute.HasField("g"):
                    change(attribute.g)

    change(proto.graph)
    return proto.SerializeToString()
