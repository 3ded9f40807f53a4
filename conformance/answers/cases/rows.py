"""Which part of an output belongs to which row, and that it is the row's own (items 2, 3, 4, 6, 7, 9)."""

import concurrent.futures
import itertools
import json

import numpy as np
import onnxruntime
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier

from answers import http1, protocols
from answers.cases import by_every_protocol, case, outcome, refused, served
from answers.cases.labels import F4, ROW, X, exported, y
from answers.graphs import DOUBLE, FLOAT, INT64, constant, model, node, tensor

ROWS = X[[0, 60, 140]].tolist()


def runtime(content, inputs):
    """What plain ONNX Runtime says."""
    session = onnxruntime.InferenceSession(content)
    return dict(zip([each.name for each in session.get_outputs()], session.run(None, inputs)))


@case(2, "MultiOutputClassifier, two binary targets, two rows", "each row has its own two labels, and its own scores per target")
def two_targets():
    estimator = MultiOutputClassifier(LogisticRegression(max_iter=500)).fit(X, np.c_[y % 2, (y > 0) * 1])
    return _targets(exported(estimator))


@case(2, "MultiOutputClassifier, targets of 2 and 3 classes", "200 with lists over every protocol")
def unequal_targets():
    estimator = MultiOutputClassifier(LogisticRegression(max_iter=500)).fit(X, np.c_[y % 2, y])
    return _targets(exported(estimator))


def _targets(content):
    with served(content) as client:
        label, scores = runtime(content, {"X": X[[0, 60]]}).values()
        body = {"features": ROWS[:2]}

        def row(i):
            return [np.asarray(target)[i].tolist() for target in scores]

        def ok(answer):
            text = [json.dumps(each) for each in answer["predictions"]]
            near = [[round(v, 5) for target in row(i) for v in target] for i in range(2)]
            found = [[round(v, 5) for v in numbers(each) if isinstance(v, float)] for each in answer["predictions"]]
            return len(text) == 2 and all(sorted(near[i]) == sorted(found[i]) for i in range(2)) and all(label[i].tolist() in (each.get("prediction"), each.get("outputs", {}).get("label")) for i, each in enumerate(answer["predictions"]))

        def ok_v1(answer):
            return [[round(v, 5) for v in numbers(each) if isinstance(v, float)] for each in answer] == [[round(v, 5) for target in row(i) for v in target] for i in range(2)]

        instances = {"instances": ROWS[:2]}
        return [
            outcome(body, lambda: client.predict(body), ok),
            outcome(instances, lambda: client.v1(instances), ok_v1),
            *by_every_protocol(client, {"X": X[[0, 60]]}, lambda a: isinstance(a, dict)),
        ]


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [number for each in value for number in numbers(each)] if isinstance(value, list) else [value]


@case(2, "output_class_labels=True, three rows", "the constant list of labels is not split: row i does not get label i of it")
def class_labels_output():
    estimator = LogisticRegression(max_iter=500).fit(X, np.array([3, 7, 9])[y])
    content = exported(estimator, {"output_class_labels": True, "zipmap": False})
    with served(content) as client:
        body = {"instances": ROWS}
        return [outcome(body, lambda: client.v1(body), lambda a: all(each["class_labels"] == [3, 7, 9] for each in a))]


@case(2, "a constant output of three values, three rows", "whole in every row")
def constant_output():
    content = model(
        [node("Relu", "X", "Y"), node("Identity", "c", "C")],
        [tensor("X", FLOAT, [None, 2])],
        [tensor("Y", FLOAT, [None, 2]), tensor("C", FLOAT, [3])],
        [constant("c", [1.5, 2.5, 3.5])],
    )
    with served(content) as client:
        body = {"instances": [[1, 2], [3, 4], [5, 6]]}
        return [outcome(body, lambda: client.v1(body), lambda a: all(each["C"] == [1.5, 2.5, 3.5] for each in a))]


@case(2, "a square matrix of 3 x 3 (distances to constants, transposed), three rows", "row i has column i of the transposed output")
def transposed():
    content = model(
        [node("MatMul", "X W", "Z"), node("Transpose", "Z", "T", perm=[1, 0])],
        [tensor("X", FLOAT, [None, 2])],
        [tensor("T", FLOAT, [3, None])],
        [constant("W", np.arange(6, dtype=np.float32).reshape(2, 3))],
    )
    with served(content) as client:
        rows = [[1, 2], [3, 4], [5, 6]]
        expected = (np.array(rows, np.float32) @ np.arange(6, dtype=np.float32).reshape(2, 3)).tolist()
        whole = np.array(expected).T.tolist()
        body = {"instances": rows}
        return [outcome(body, lambda: client.v1(body), lambda a: a == expected or a == [whole] * 3)]


@case(3, "y = Relu(x), output id = input id", "id 7 over every protocol")
def passed_through():
    content = model(
        [node("Relu", "x", "y")],
        [tensor("x", FLOAT, [None, 2]), tensor("id", INT64, [None, 1])],
        [tensor("y", FLOAT, [None, 2]), tensor("id", INT64, [None, 1])],
    )
    with served(content) as client:
        inputs = {"x": np.array([[1, -2]], np.float32), "id": np.array([[7]], np.int64)}
        body = {"instances": [{"x": [1, -2], "id": [7]}]}
        row = {"features": [1, -2, 7]}
        return [
            *by_every_protocol(client, inputs, lambda a: a["id"].tolist() == [[7]] and a["y"].tolist() == [[1, 0]]),
            outcome(body, lambda: client.v1(body), lambda a: numbers(a[0]["id"]) == [7]),
            outcome(row, lambda: client.predict(row), lambda a: "7" in json.dumps(a)),
        ]


def quantised():
    """A category's row of a table, through layers that are quantised by the range of the whole batch."""
    rng = np.random.default_rng(4)
    table = rng.normal(size=(50, 512)).astype(np.float32) * np.geomspace(0.01, 30, 50, dtype=np.float32)[:, None]
    table[1] = table[0]  # as rows of padding and of unknown words often are
    nodes = [node("Squeeze", "category axis", "index"), node("Gather", "table index", "layer0")]
    constants = [constant("table", table), constant("axis", [1], np.int64)]
    for i, width in enumerate((512, 512, 3)):
        nodes += [
            node("DynamicQuantizeLinear", f"layer{i}", f"q{i} scale{i} zero{i}"),
            node("MatMulInteger", f"q{i} weights{i} zero{i}", f"product{i}"),
            node("Cast", f"product{i}", f"whole{i}", to=FLOAT),
            node("Mul", f"whole{i} scale{i}", f"layer{i + 1}"),
        ]
        constants.append(constant(f"weights{i}", rng.integers(-120, 120, (512, width)).astype(np.int8)))
    nodes.append(node("Identity", "layer3", "y"))
    return model(nodes, [tensor("category", INT64, [None, 1])], [tensor("y", FLOAT, [None, 3])], constants)


def mean_of_batch():
    return model(
        [node("ReduceMean", "x", "m", axes=[0], keepdims=1), node("Sub", "x m", "y")],
        [tensor("x", FLOAT, [None, 2])],
        [tensor("y", FLOAT, [None, 2])],
    )


CROWDS = {
    "a quantised table with category inputs": (quantised(), lambda i: {"category": np.array([[i % 50]], np.int64)}),
    "the mean of the batch": (mean_of_batch(), lambda i: {"x": np.array([[i, 2 * i]], np.float32)}),
}
BATCHINGS = {"by default": {}, "maxBatchSize 32": {"maxBatchSize": 32, "maxDelayMicroseconds": 2000}}


for (title, (content, inputs)), (how, batching) in itertools.product(CROWDS.items(), BATCHINGS.items()):

    @case(4, f"{title}, {how}, beside 48 other callers", "each caller's answer is that of its request alone, bit for bit")
    def crowd(content=content, inputs=inputs, batching=batching):
        session = onnxruntime.InferenceSession(content)
        expected = [session.run(None, inputs(i))[0] for i in range(49)]
        with served(content, serving={"batching": batching}) as client:
            connections = [http1.Connection(client.server.http_port) for _ in range(49)]
            requests = [protocols.v2_binary(client.model, inputs(i)) for i in range(49)]
            wrong = 0
            for _ in range(40):
                for connection, request in zip(connections, requests):
                    connection.send(request)
                answers = [protocols.of_v2(connection.receive())["y"] for connection in connections]
                wrong += sum(not np.array_equal(a, e) for a, e in zip(answers, expected))
            statistics = client.get("/v2/models/stats").json["model_stats"][0]
            said = f"{wrong} of 1960 answers differ; {statistics['inference_count']} rows in {statistics['execution_count']} runs"
            return [outcome("49 requests at once, 40 times", lambda: said, lambda _: wrong == 0)]


@case(6, "identity: 1.0000000596046448 and -0.0", "1.0000001 and -0.0 over every protocol")
def rounded_once():
    content = model([node("Identity", "X", "Y")], [tensor("X", FLOAT, [None, 2])], [tensor("Y", FLOAT, [None, 2])])
    with served(content) as client:
        row = "[1.0000000596046448, -0.0]"
        v2 = '{"inputs":[{"name":"X","datatype":"FP32","shape":[1,2],"data":%s}]}' % row

        def right(text):
            return "1.0000001" in text and "-0.0" in text

        return [
            outcome(f'{{"features": {row}}}', lambda: client.post("/predict", f'{{"features": {row}}}').body.decode(), right),
            outcome(f'{{"instances": [{row}]}}', lambda: client.post("/v1/models/model:predict", f'{{"instances": [{row}]}}').body.decode(), right),
            outcome(v2, lambda: client.post("/v2/models/model/infer", v2).body.decode(), right),
        ]


@case(6, "identity of doubles: 9007199254740993 and 1e-320", "the nearest double, over every protocol")
def doubles():
    content = model([node("Identity", "X", "Y")], [tensor("X", DOUBLE, [None, 2])], [tensor("Y", DOUBLE, [None, 2])])
    with served(content) as client:
        row = "[9007199254740993, 1e-320]"

        def right(answer):
            return answer["prediction"] == [9007199254740992.0, 1e-320]

        return [outcome(f'{{"features": {row}}}', lambda: client.predict(f'{{"features": {row}}}'), right)]


@case(7, "linear models of [None, None]: a row of three values where there are four coefficients", "400 over every protocol")
def too_short():
    outcomes = []
    for estimator in (LinearRegression().fit(X, y), LogisticRegression(max_iter=500).fit(X, y)):
        content = convert_sklearn(estimator, initial_types=[("X", FloatTensorType([None, None]))]).SerializeToString()
        with served(content) as client:
            body, instances = {"features": ROW[:3]}, {"instances": [ROW[:3]]}
            outcomes += [
                outcome(body, lambda: client.predict(body), refused(400)),
                outcome(instances, lambda: client.v1(instances), refused(400)),
                *by_every_protocol(client, {"X": X[:1, :3]}, refused(400)),
            ]
    return outcomes


@case(9, "Compress drops rows", "200 with the shape that was produced, over every protocol")
def dropped_rows():
    content = model(
        [node("ReduceSum", "x axes", "s", keepdims=0), node("Greater", "s zero", "keep"), node("Compress", "x keep", "y", axis=0)],
        [tensor("x", FLOAT, [None, 2])],
        [tensor("y", FLOAT, [None, 2])],
        [constant("axes", [1], np.int64), constant("zero", 0.0)],
    )
    x = np.array([[1, 2], [-3, 1], [4, 0]], np.float32)
    with served(content) as client:
        body, instances = {"features": x.tolist()}, {"instances": x.tolist()}
        return [
            *by_every_protocol(client, {"x": x}, lambda a: a["y"].tolist() == [[1, 2], [4, 0]]),
            *by_every_protocol(client, {"x": x[1:2]}, lambda a: a["y"].shape == (0, 2)),
            outcome(body, lambda: client.predict(body), lambda a: not isinstance(a, Exception)),
            outcome(instances, lambda: client.v1(instances), lambda a: not isinstance(a, Exception)),
        ]


@case(9, "NonZero: more rows than the input", "200 with the shape that was produced")
def positions():
    content = model([node("NonZero", "x", "y")], [tensor("x", FLOAT, [None, 2])], [tensor("y", INT64, [2, None])])
    with served(content) as client:
        x = np.array([[1, 2], [0, 1]], np.float32)
        return [
            *by_every_protocol(client, {"x": x}, lambda a: a["y"].tolist() == [[0, 0, 1], [0, 1, 1]]),
            *by_every_protocol(client, {"x": x[:1] * 0}, lambda a: a["y"].shape == (2, 0)),
        ]
