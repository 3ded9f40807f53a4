"""Which class a score belongs to, and whether it is a probability (items 1, 5 and 8)."""

import json
import pathlib
import tempfile

import catboost
import lightgbm
import numpy as np
import onnxmltools
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloats
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from answers.cases import case, outcome, served
from answers.graphs import FLOAT, constant, model, node, tensor

X, y = load_iris(return_X_y=True)
X = X.astype(np.float32)
ROW = X[0].tolist()
F4 = [("X", FloatTensorType([None, 4]))]


def exported(estimator, options=None, width=4):
    return convert_sklearn(estimator, initial_types=[("X", FloatTensorType([None, width]))], options=options).SerializeToString()


def without_zipmap(estimator):
    return exported(estimator, {"zipmap": False})


def says(prediction, name, probabilities, tolerance=1e-5):
    """Judges one prediction: the class, and its probability as confidence."""

    def ok(answer):
        given = answer["probabilities"]
        near = list(given) == list(probabilities) and all(abs(given[each] - probabilities[each]) <= tolerance for each in given)
        return near and answer["prediction"] == prediction and answer["class"] == name and answer["confidence"] == given[name]

    return ok


def forest(labels):
    return RandomForestClassifier(5, random_state=0).fit(X[:100], np.array(labels)[y[:100]])


def judged(estimator, model, row=ROW):
    """One row through /predict, held against the estimator's own prediction."""
    with served(model) as client:
        scores = estimator.predict_proba([row])[0]
        label = estimator.predict([row])[0]
        label = label.item() if isinstance(label, np.generic) else label
        expected = dict(zip(map(str, estimator.classes_), scores.tolist()))
        body = {"features": row}
        return [outcome(body, lambda: client.predict(body), says(label, str(label), expected))]


for names in ([1, 2], [-1, 1], [7, 3], ["no", "yes"], ["🌞", "🌧"], ["𠮷野", "高橋"]):

    @case(1, f"random forest, labels {names}, zipmap=False", "prediction, class, probabilities and confidence as the forest's own, keyed by its labels")
    def forest_without_zipmap(names=names):
        estimator = forest(names)
        return judged(estimator, without_zipmap(estimator))


@case(1, "random forest, labels {1,2}, zipmap=False, V1", "the outputs by name as ONNX Runtime has them, or probabilities by class 1 and 2; never by class 0")
def forest_over_v1():
    with served(without_zipmap(forest([1, 2]))) as client:
        body = {"instances": [ROW]}
        right = ({"label": 1, "probabilities": [1.0, 0.0]}, {"label": 1, "probabilities": {"1": 1.0, "2": 0.0}})
        return [outcome(body, lambda: client.v1(body), lambda answer: answer[0] in right)]


@case(1, "logistic regression in a pipeline, labels {3,7,9}, zipmap=False", "keyed by 3, 7 and 9")
def three_labels():
    estimator = LogisticRegression(max_iter=500).fit(X, np.array([3, 7, 9])[y])
    return judged(estimator, without_zipmap(estimator))


@case(1, "LightGBM, labels {1,2}, zipmap=False", "the booster's own: 0.695 for the class that it predicts, not 0.305")
def lightgbm_labels():
    estimator = lightgbm.LGBMClassifier(n_estimators=3, min_child_samples=5, verbose=-1).fit(X[:100], np.array([1, 2])[y[:100]])
    proto = onnxmltools.convert_lightgbm(estimator, initial_types=[("X", MlFloats([None, 4]))], zipmap=False, target_opset=15)
    return judged(estimator, proto.SerializeToString())


@case(1, "CatBoost, labels {1,2}", "prediction and class 2 with confidence 0.839 (the label output is a position)")
def catboost_labels():
    estimator = catboost.CatBoostClassifier(iterations=5, depth=3, verbose=0, allow_writing_files=False).fit(X[:100], np.array([1, 2])[y[:100]])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.onnx"
        estimator.save_model(str(file), format="onnx")
        return judged(estimator, file.read_bytes(), X[70].tolist())


@case(5, "random forest on breast cancer, defaults", "every one of 120 rows has probabilities and confidence")
def forest_probabilities():
    Z, z = load_breast_cancer(return_X_y=True)
    Z = Z.astype(np.float32)
    content = exported(RandomForestClassifier(20, random_state=0).fit(Z, z), width=30)
    with served(content) as client:
        body = {"features": Z[:120].tolist()}
        answer = client.predict(body)["predictions"]
        lacking = [each for each in answer if "probabilities" not in each or "confidence" not in each]
        return [outcome("120 rows", lambda: f"{len(lacking)} of {len(answer)} rows lack probabilities or confidence", lambda _: not lacking)]


@case(5, "KMeans: distances 0.7 and 0.3, and 3 and 2", "scores in both rows, no confidence")
def distances():
    points = np.array([[0, 0], [1, 0], [0, 0.01], [1, 0.01]], np.float32)
    estimator = KMeans(2, n_init=1, random_state=0).fit(points)
    content = exported(estimator, width=2)
    with served(content) as client:
        first = estimator.cluster_centers_.mean(axis=0).tolist()
        rows = [[first[0] + 0.2, first[1]], [first[0] + 2.5, first[1]]]

        def ok(answer):
            return all("probabilities" not in each and "confidence" not in each for each in answer["predictions"])

        body = {"features": rows}
        return [outcome(body, lambda: client.predict(body), ok)]


@case(5, "ZipMap of raw scores (raw_scores=True)", "scores, no confidence, also where a row's scores happen to sum to 1")
def raw_scores():
    estimator = LogisticRegression(max_iter=500).fit(X[:100], y[:100])
    content = exported(estimator, {"raw_scores": True})
    with served(content) as client:
        body = {"features": [ROW, X[70].tolist()]}
        return [outcome(body, lambda: client.predict(body), lambda a: all("scores" in each and "confidence" not in each for each in a["predictions"]))]


@case(5, "scores that sum to 1 by chance", "one decision for the model: scores for both rows")
def scores_by_chance():
    content = model([node("Identity", "X", "scores")], [tensor("X", FLOAT, [None, 3])], [tensor("scores", FLOAT, [None, 3])])
    with served(content, description={"classes": ["a", "b", "c"]}) as client:
        body = {"features": [[0.2, 0.3, 0.5], [3, 2, 1]]}
        return [outcome(body, lambda: client.predict(body), lambda a: all("confidence" not in each and "scores" in each for each in a["predictions"]))]


@case(5, "independent sigmoids (three labels)", "probabilities without prediction or confidence")
def sigmoids():
    content = model([node("Sigmoid", "X", "scores")], [tensor("X", FLOAT, [None, 3])], [tensor("scores", FLOAT, [None, 3])])
    with served(content, description={"classes": ["a", "b", "c"]}) as client:
        body = {"features": [[0, 1, 2]]}

        def ok(answer):
            only = answer["predictions"][0]
            return list(only.get("probabilities", {})) == ["a", "b", "c"] and "prediction" not in only and "confidence" not in only

        return [outcome(body, lambda: client.predict(body), ok)]


@case(5, "one-against-rest decision scores of a linear SVM", "scores by class, no confidence")
def decision_scores():
    content = exported(LinearSVC().fit(X, y))
    with served(content) as client:
        body = {"features": ROW}
        return [outcome(body, lambda: client.predict(body), lambda a: "scores" in a and "confidence" not in a and a["prediction"] == 0)]


@case(5, "isolation forest", "the score is a number, not {\"0\": s}")
def outlier():
    content = convert_sklearn(IsolationForest(n_estimators=5, random_state=0).fit(X), initial_types=F4, target_opset={"": 17, "ai.onnx.ml": 3}).SerializeToString()
    with served(content) as client:
        body = {"features": ROW}
        return [outcome(body, lambda: client.predict(body), lambda a: '"0":' not in json.dumps(a) and "confidence" not in a and a["prediction"] in (1, -1))]


@case(5, "one-vs-rest multi-label logistic regression", "no prediction made up from the highest score")
def multilabel():
    content = exported(OneVsRestClassifier(LogisticRegression()).fit(X, np.c_[y % 2, (y > 0) * 1, (y > 1) * 1]), {"zipmap": False})
    with served(content) as client:
        body = {"features": ROW}
        return [outcome(body, lambda: client.predict(body), lambda a: "confidence" not in a and not isinstance(a.get("prediction"), int))]


CLASSES = ["setosa", "versicolor", "virginica"]
SPELLINGS = {
    "a JSON object": json.dumps({str(i): name for i, name in enumerate(CLASSES)}),
    "a JSON object by name": json.dumps({name: i for i, name in enumerate(CLASSES)}),
    "a Python dict": str(dict(enumerate(CLASSES))),
    "a Python list": str(CLASSES),
    "one per line": "\n".join(CLASSES),
    "JSON list": json.dumps(CLASSES),
    "with commas": ",".join(CLASSES),
    "half a literal": "{0: 'setosa', 1: 'versi",
}


for title, text in SPELLINGS.items():

    @case(8, f"classes in the metadata as {title}", "the three names, or none of them and a word about it in /info")
    def metadata(title=title, text=text):
        content = model(
            [node("Softmax", "X", "scores", axis=1)],
            [tensor("X", FLOAT, [None, 3])],
            [tensor("scores", FLOAT, [None, 3])],
            metadata={"classes": text},
        )

        def ok(answer):
            given = list(answer.get("probabilities", answer.get("scores", {})))
            return given == CLASSES if title != "half a literal" else not any("versi" in name or "{" in name for name in given)

        with served(content) as client:
            body = {"features": [0.5, 1, 2]}
            return [outcome(f"classes = {text}", lambda: client.predict(body), ok)]
