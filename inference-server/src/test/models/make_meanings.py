"""Models whose outputs are easily taken for what they are not, and what /predict and V1 must answer: meaning/NAME.onnx and NAME.json.

Needs Python 3.11 and: pip install -r requirements.txt
The expected classes, probabilities and labels are those of the framework that trained the model, the numbers ONNX Runtime's.
"""

import json
import pathlib
import tempfile

import catboost
import lightgbm
import numpy as np
import onnx
import onnxmltools
import onnxruntime
from onnx import TensorProto, helper
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloats
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

FOLDER = pathlib.Path(__file__).parent / "meaning"
X, Y = load_iris(return_X_y=True)
X = X.astype(np.float32)
ROWS = X[[0, 60, 120]]
OPSET = {"": 17, "ai.onnx.ml": 3}


def converted(model, width=4, **options):
    given = {id(model): options} if options else None
    return convert_sklearn(model, initial_types=[("X", FloatTensorType([None, width]))], options=given, target_opset=OPSET)


def run(model, rows):
    """One thread, as the server: an ensemble adds up in another order with several."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip((o.name for o in session.get_outputs()), session.run(None, {session.get_inputs()[0].name: rows})))


def number(value):
    return json.loads(np.format_float_positional(np.float32(value), unique=True, trim="0"))


def numbers(values):
    return [number(value) for value in values]


def write(name, model, rows, predict, v1=None, together=False):
    """together: the answers are those of all rows in one request, not of each alone"""
    model.ir_version = 8
    model.graph.name = name
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    cases = {"rows": [numbers(row) for row in rows], "predict": predict}
    if v1 is not None:
        cases["v1"] = v1
    if together:
        cases["together"] = True
    (FOLDER / f"{name}.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n")
    print(name, (FOLDER / f"{name}.onnx").stat().st_size, predict[0])


def by_class(classes, scores):
    return {str(c): number(score) for c, score in zip(classes, scores)}


def classified(predicted, classes, scores, kind="probabilities"):
    """One answer for a row; confidence is the probability of the class that the framework predicts."""
    predicted = predicted.item() if hasattr(predicted, "item") else predicted
    row = {"prediction": predicted, "class": str(predicted), kind: by_class(classes, scores)}
    if kind == "probabilities":
        row["confidence"] = row[kind][str(predicted)]
    return row


def two_classes():
    """Labels 1 and 2, without ZipMap: key 0 exists nowhere."""
    y = np.array([1, 2])[Y[:100]]
    forest = RandomForestClassifier(5, random_state=0).fit(X[:100], y)
    model = converted(forest, zipmap=False)
    scores = list(run(model, ROWS).values())[1]
    write("labels-forest", model, ROWS, [classified(p, forest.classes_, s) for p, s in zip(forest.predict(ROWS), scores)])

    boosted = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1, deterministic=True, num_threads=1).fit(X[:100], y)
    model = onnxmltools.convert_lightgbm(boosted, initial_types=[("X", MlFloats([None, 4]))], target_opset=15, zipmap=False)
    scores = list(run(model, ROWS).values())[1]
    write("labels-lightgbm", model, ROWS, [classified(p, boosted.classes_, s) for p, s in zip(boosted.predict(ROWS), scores)])

    cat = catboost.CatBoostClassifier(iterations=3, verbose=False, random_seed=0, thread_count=1, allow_writing_files=False).fit(X[:100], y)
    with tempfile.TemporaryDirectory() as folder:
        cat.save_model(f"{folder}/m.onnx", format="onnx", export_parameters={"onnx_domain": "ai.catboost"})
        model = onnx.load(f"{folder}/m.onnx")
    maps = list(run(model, ROWS).values())[1]
    predicted = [int(p) for p in cat.predict(ROWS)]
    write(
        "labels-catboost",
        model,
        ROWS,
        [classified(p, cat.classes_, [m[c] for c in cat.classes_]) for p, m in zip(predicted, maps)],
        [{"label": p, "probabilities": by_class(cat.classes_, [m[c] for c in cat.classes_])} for p, m in zip(predicted, maps)],
    )

    words = LogisticRegression(max_iter=500).fit(X[:100], np.array(["no", "\U0001f600 yes"])[Y[:100]])
    model = converted(words, zipmap=False)
    scores = list(run(model, ROWS).values())[1]
    write("labels-strings", model, ROWS, [classified(p, words.classes_, s) for p, s in zip(words.predict(ROWS), scores)])

    # The class that a support vector machine predicts need not be the one of the highest probability.
    machine = SVC(probability=True, random_state=0).fit(X, np.array([3, 7, 9])[Y])
    model = converted(machine, zipmap=False)
    scores = list(run(model, ROWS).values())[1]
    write("labels-svc", model, ROWS, [classified(p, machine.classes_, s) for p, s in zip(machine.predict(ROWS), scores)])


def batch_axes():
    """As many rows as targets, or as classes: sizes that are equal by chance."""
    rows = X[[0, 60]]
    for name, targets in (("targets-equal", np.c_[Y % 2, (Y > 0) * 1]), ("targets-ragged", np.c_[Y % 2, Y])):
        multi = MultiOutputClassifier(LogisticRegression(max_iter=500)).fit(X, targets)
        model = converted(multi)
        labels, probabilities = run(model, rows).values()
        answers = [
            {"label": labels[i].tolist(), "probabilities": [numbers(target[i]) for target in probabilities]} for i in range(len(rows))
        ]
        write(name, model, rows, [{"outputs": a} for a in answers], answers)

    logistic = LogisticRegression(max_iter=500).fit(X, Y)
    model = converted(logistic, output_class_labels=True, zipmap=False)
    given = run(model, ROWS)
    names = list(given)
    rows = []
    for p, s in zip(logistic.predict(ROWS), given[names[1]]):
        rows.append({**classified(p, logistic.classes_, s), "outputs": {names[2]: given[names[2]].tolist()}})
    write("labels-output", model, ROWS, rows)


def other_axes():
    """Labels whose rows lie along the second axis, a shape that has as many sizes as the request has rows, targets as the only output."""
    quadratic = QuadraticDiscriminantAnalysis().fit(X, np.array(["", "b", 'c"'])[Y])
    model = converted(quadratic, zipmap=False)
    given = run(model, ROWS)
    assert given["label"].shape == (1, 3)
    write("labels-turned", model, ROWS, [classified(p, quadratic.classes_, s) for p, s in zip(quadratic.predict(ROWS), given["probabilities"])])

    value = lambda name, kind, shape: helper.make_tensor_value_info(name, kind, shape)
    opsets = [helper.make_opsetid("", 17)]
    graph = helper.make_graph([helper.make_node("Shape", ["X"], ["sizes"])], "sizes", [value("X", TensorProto.FLOAT, ["n", 4])], [value("sizes", TensorProto.INT64, [2])])
    rows = X[[0, 60]]
    write("sizes", helper.make_model(graph, opset_imports=opsets), rows, [{"outputs": {"sizes": [2, 4]}}] * 2, [[2, 4]] * 2, together=True)

    parts = [helper.make_node("Split", ["X", "sizes"], ["a", "b"], axis=1), helper.make_node("SequenceConstruct", ["a", "b"], ["targets"])]
    sizes = helper.make_tensor("sizes", TensorProto.INT64, [2], [1, 3])
    sequence = helper.make_tensor_sequence_value_info("targets", TensorProto.FLOAT, None)
    graph = helper.make_graph(parts, "targets", [value("X", TensorProto.FLOAT, ["n", 4])], [sequence], [sizes])
    answers = [[numbers(row[:1]), numbers(row[1:])] for row in rows]
    write("targets-alone", helper.make_model(graph, opset_imports=opsets), rows, [{"prediction": a} for a in answers], answers)


def scores():
    """Probabilities or not: one answer for all rows."""
    data, target = load_breast_cancer(return_X_y=True)
    data = data.astype(np.float32)
    forest = RandomForestClassifier(20, random_state=0).fit(data, target)
    model = converted(forest, 30)
    maps = list(run(model, data[:120]).values())[1]
    write("scores-forest", model, data[:120], [classified(p, [0, 1], [m[0], m[1]]) for p, m in zip(forest.predict(data[:120]), maps)])

    # Classes that are hardly apart: far from all of them the difference of two likelihoods has few digits, and the probabilities miss 1.
    noise = np.random.default_rng(0).normal(size=(90, 3)).astype(np.float32)
    bayes = GaussianNB().fit(noise, np.arange(90) % 3)
    model = converted(bayes, 3, zipmap=False)
    given = list(run(model, noise[:3]).values())[1]
    write("scores-bayes", model, noise[:3], [classified(p, bayes.classes_, s) for p, s in zip(bayes.predict(noise[:3]), given)])

    clusters = KMeans(2, random_state=0, n_init=1).fit(X[:, :2])
    model = converted(clusters, 2)
    rows = np.float32([[5, 3.5], [6.5, 3], [clusters.cluster_centers_[0][0] + 0.3, clusters.cluster_centers_[0][1]]])
    distances = list(run(model, rows).values())[1]
    write("scores-kmeans", model, rows, [classified(p, [0, 1], d, "scores") for p, d in zip(clusters.predict(rows), distances)])

    logistic = LogisticRegression(max_iter=500).fit(X, Y)
    model = converted(logistic, raw_scores=True)
    maps = list(run(model, ROWS).values())[1]
    raw = [classified(p, [0, 1, 2], [m[c] for c in (0, 1, 2)], "scores") for p, m in zip(logistic.predict(ROWS), maps)]
    write("scores-raw", model, ROWS, raw)

    outliers = IsolationForest(n_estimators=10, random_state=0).fit(X)
    model = convert_sklearn(outliers, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=OPSET)
    label, score = run(model, ROWS).values()
    write(
        "scores-outlier",
        model,
        ROWS,
        [{"prediction": int(l), "class": str(int(l)), "scores": number(s)} for l, s in zip(label.ravel(), score.ravel())],
    )

    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 3], np.float32(np.random.default_rng(0).normal(size=12)))
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "w"], ["m"]), helper.make_node("Sigmoid", ["m"], ["tags"])],
        "sigmoids",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("tags", TensorProto.FLOAT, ["n", 3])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.metadata_props.add(key="classes", value='["red", "green", "blue"]')
    tags = run(model, ROWS)["tags"]
    write("scores-sigmoids", model, ROWS, [{"probabilities": by_class(["red", "green", "blue"], t)} for t in tags])


two_classes()
batch_axes()
other_axes()
scores()
