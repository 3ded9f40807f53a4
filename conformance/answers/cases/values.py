"""What a value may be, and whose fault it is (items 10 and 11)."""

import json

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from answers import tensors
from answers.cases import by_every_protocol, case, outcome, refused, served
from answers.graphs import FLOAT, INT64, STRING, constant, model, node, tensor


@case(10, "OneHotEncoder with an unknown category", "400 with ONNX Runtime's message, over every protocol")
def unknown_category():
    words = np.array([["red"], ["green"], ["blue"]])
    content = convert_sklearn(OneHotEncoder(handle_unknown="error", sparse_output=False).fit(words), initial_types=[("colour", StringTensorType([None, 1]))]).SerializeToString()
    with served(content) as client:
        body, instances = {"features": ["violet"]}, {"instances": ["violet"]}
        return [
            outcome({"features": ["red"]}, lambda: client.predict({"features": ["red"]}), lambda a: isinstance(a, dict)),
            outcome(body, lambda: client.predict(body), refused(400)),
            outcome(instances, lambda: client.v1(instances), refused(400)),
            *by_every_protocol(client, {"colour": tensors.strings(["violet"], (1, 1))}, refused(400)),
        ]


@case(10, "Cast of text that is no number", "400 with ONNX Runtime's message")
def cast_of_text():
    content = model([node("Cast", "text", "number", to=FLOAT)], [tensor("text", STRING, [None, 1])], [tensor("number", FLOAT, [None, 1])])
    with served(content) as client:
        body = {"features": ["twelve"]}
        return [
            outcome({"features": ["12"]}, lambda: client.predict({"features": ["12"]}), lambda a: isinstance(a, dict)),
            outcome(body, lambda: client.predict(body), refused(400)),
            *by_every_protocol(client, {"text": tensors.strings(["twelve"], (1, 1))}, refused(400)),
        ]


@case(10, "an index out of range (Gather)", "400 with ONNX Runtime's message and without C++ file names")
def index_out_of_range():
    content = model(
        [node("Gather", "table index", "y")],
        [tensor("index", INT64, [None, 1])],
        [tensor("y", FLOAT, [None, 1, 2])],
        [constant("table", np.arange(6, dtype=np.float32).reshape(3, 2))],
    )

    def ok(answer):
        return refused(400, "out of data bounds")(answer) and ".cc" not in answer.said and "lambda" not in answer.said

    with served(content) as client:
        body = {"features": [3]}
        return [
            outcome(body, lambda: client.predict(body), ok),
            *by_every_protocol(client, {"index": np.array([[-4]], np.int64)}, ok),
            outcome({"features": [2]}, lambda: client.predict({"features": [2]}), lambda a: isinstance(a, dict)),
        ]


@case(10, "two inputs whose free sizes must be equal (Add)", "400 with ONNX Runtime's message")
def sizes_that_differ():
    content = model([node("Add", "a b", "c")], [tensor("a", FLOAT, [None, None]), tensor("b", FLOAT, [None, None])], [tensor("c", FLOAT, [None, None])])
    with served(content) as client:
        return by_every_protocol(client, {"a": np.zeros((1, 2), np.float32), "b": np.zeros((1, 3), np.float32)}, refused(400))


@case(10, "a reshape to a fixed size that does not fit", "400 with ONNX Runtime's message")
def reshape():
    content = model([node("Reshape", "x shape", "y")], [tensor("x", FLOAT, [None, None])], [tensor("y", FLOAT, [None, 3])], [constant("shape", [-1, 3], np.int64)])
    with served(content) as client:
        return by_every_protocol(client, {"x": np.zeros((1, 4), np.float32)}, refused(400)) + by_every_protocol(
            client, {"x": np.zeros((1, 6), np.float32)}, lambda a: a["y"].shape == (2, 3)
        )


@case(10, "a model of which no run has ever succeeded", "500, and preflight or /info warns")
def never_succeeds():
    content = model(
        [node("Expand", "x shape", "e"), node("Reshape", "e wrong", "y")],
        [tensor("x", FLOAT, [None, 2])],
        [tensor("y", FLOAT, [None, None])],
        [constant("shape", [1, 1], np.int64), constant("wrong", [7, 11], np.int64)],
        opset=17,
    )
    with served(content) as client:
        body = {"features": [1, 2]}
        return [outcome(body, lambda: client.predict(body), refused(500))]


@case(10, "an allocation that fails (Expand to 4 TiB)", "503")
def failed_allocation():
    content = model([node("Expand", "x size", "y")], [tensor("x", FLOAT, [1, 1]), tensor("size", INT64, [2])], [tensor("y", FLOAT, [None, None])])
    with served(content) as client:
        return by_every_protocol(client, {"x": np.ones((1, 1), np.float32), "size": np.array([1 << 20, 1 << 20], np.int64)}, refused(503))


IMPUTER = make_pipeline(SimpleImputer(), StandardScaler()).fit(np.array([[1, 2], [3, 4], [5, 9]], np.float32))
MISSING = ["[null, 2]", "[NaN, 2]", '["NaN", 2]']


@case(11, "missing values for an imputer", "null, NaN and \"NaN\" are accepted by /predict, V1 and V2 JSON, and the mean stands in")
def missing_values():
    content = convert_sklearn(IMPUTER, initial_types=[("X", FloatTensorType([None, 2]))]).SerializeToString()
    expected = [round(v, 5) for v in IMPUTER.transform([[np.nan, 2]])[0].tolist()]

    def right(values):
        return [round(v, 5) for v in values] == expected

    outcomes = []
    with served(content) as client:
        for row in MISSING:
            predict, v1 = f'{{"features": {row}}}', f'{{"instances": [{row}]}}'
            v2 = f'{{"inputs": [{{"name": "X", "datatype": "FP32", "shape": [1, 2], "data": {row}}}]}}'
            outcomes += [
                outcome(predict, lambda predict=predict: client.predict(predict), lambda a: right(a["prediction"])),
                outcome(v1, lambda v1=v1: client.v1(v1), lambda a: right(a[0])),
                outcome(v2, lambda v2=v2: client.post("/v2/models/model/infer", v2), lambda a: right(a.json["outputs"][0]["data"])),
            ]
    return outcomes


@case(11, "Infinity and -Infinity, as words and as strings", "accepted; the answer is valid JSON in the documented form")
def infinities():
    content = model([node("Identity", "X", "Y")], [tensor("X", FLOAT, [None, 2])], [tensor("Y", FLOAT, [None, 2])])

    def valid(answer):
        json.loads(answer.body, parse_constant=lambda word: 1 / 0)
        return answer.status == 200

    outcomes = []
    with served(content) as client:
        for row in ("[Infinity, -Infinity]", '["Infinity", "-Infinity"]', "[NaN, 1]"):
            v2 = f'{{"inputs": [{{"name": "X", "datatype": "FP32", "shape": [1, 2], "data": {row}}}]}}'
            for path, body in (("/predict", f'{{"features": {row}}}'), ("/v1/models/model:predict", f'{{"instances": [{row}]}}'), ("/v2/models/model/infer", v2)):
                outcomes.append(outcome(f"{path} {body}", lambda path=path, body=body: client.post(path, body), lambda a: valid(a)))
    return outcomes


@case(11, "null for an integer input", "400 with the place")
def null_for_integer():
    content = model([node("Identity", "X", "Y")], [tensor("X", INT64, [None, 2])], [tensor("Y", INT64, [None, 2])])
    with served(content) as client:
        body = {"features": [None, 2]}
        return [outcome(body, lambda: client.predict(body), refused(400))]
