"""Forms of requests that people and existing clients send (items 20 to 23 and 27)."""

import base64
import json
import struct
import zlib

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from answers import http1, tensors
from answers.cases import by_every_protocol, case, outcome, refused, served
from answers.cases.labels import ROW, X, exported, forest, without_zipmap, y
from answers.graphs import FLOAT, INT32, INT64, STRING, constant, model, node, tensor

IDS = model([node("Mul", "id two", "y")], [tensor("id", INT64, ["batch"])], [tensor("y", INT64, ["batch"])], [constant("two", 2, np.int64)])
TEXTS = model([node("StringConcat", "text mark", "y")], [tensor("text", STRING, ["batch"])], [tensor("y", STRING, ["batch"])], [constant("mark", "!", str)], opset=20, ir=10)


@case(20, "one input of shape [batch]: numbers", "one prediction for each, over /predict and V1, by name too")
def numbers_in_a_batch():
    with served(IDS) as client:
        forms = ({"features": [30, 19]}, {"id": [30, 19]})
        named = {"rows": [{"id": 30}, {"id": 19}]}
        return [
            *[outcome(body, lambda body=body: client.predict(body), lambda a: [each["prediction"] for each in a["predictions"]] == [60, 38]) for body in (*forms, named)],
            outcome({"id": 30}, lambda: client.predict({"id": 30}), lambda a: a["prediction"] == 60),
            *[
                outcome({"instances": instances}, lambda instances=instances: client.v1({"instances": instances}), lambda a: a == [60, 38])
                for instances in ([30, 19], [[30], [19]], [{"id": 30}, {"id": 19}])
            ],
        ]


@case(20, "one input of shape [batch]: texts", "one prediction for each")
def texts_in_a_batch():
    with served(TEXTS) as client:
        body, instances = {"features": ["a", "b"]}, {"instances": ["a", "b"]}
        return [
            outcome(body, lambda: client.predict(body), lambda a: [each["prediction"] for each in a["predictions"]] == ["a!", "b!"]),
            outcome(instances, lambda: client.v1(instances), lambda a: a == ["a!", "b!"]),
        ]


@case(21, "labels beyond the BMP in a ZipMap", "ready, and every request answered with them")
def emoji_labels():
    content = exported(LogisticRegression().fit(X[:100], np.array(["🌞 sun", "𠮷"])[y[:100]]))
    with served(content) as client:
        body, instances = {"features": ROW}, {"instances": [ROW]}
        return [
            outcome(body, lambda: client.predict(body), lambda a: set(a["probabilities"]) == {"🌞 sun", "𠮷"}),
            outcome(instances, lambda: client.v1(instances), lambda a: a[0]["output_label"] == "🌞 sun"),
            *by_every_protocol(client, {"X": X[:1]}, lambda a: a["output_label"].tolist() == ["🌞 sun"]),
        ]


@case(21, "names of inputs and outputs beyond the BMP, sent by Python's json.dumps", "read as raw UTF-8 and as an escaped surrogate pair")
def emoji_names():
    content = model([node("Add", ["🌡", "🌧"], ["𠮷"])], [tensor("🌡", FLOAT, [None, 1]), tensor("🌧", FLOAT, [None, 1])], [tensor("𠮷", FLOAT, [None, 1])])
    with served(content) as client:
        body = {"🌡": 1, "🌧": 2}
        plain, escaped = json.dumps(body, ensure_ascii=False), json.dumps(body)
        inputs = {name: np.array([[1]], np.float32) for name in body}
        return [
            outcome(plain, lambda: client.predict(plain), lambda a: a["prediction"] == 3),
            outcome(escaped, lambda: client.predict(escaped), lambda a: a["prediction"] == 3),
            outcome(escaped, lambda: client.v1({"instances": [body]}), lambda a: a == [3]),
            *by_every_protocol(client, inputs, lambda a: a["𠮷"].tolist() == [[2]]),
        ]


@case(21, "class names beyond the BMP in the description", "answered with them")
def emoji_description():
    content = model([node("Softmax", "X", "scores", axis=1)], [tensor("X", FLOAT, [None, 2])], [tensor("scores", FLOAT, [None, 2])])
    with served(content, description={"classes": ["🌞", "𠮷"]}) as client:
        body = {"features": [2, 1]}
        return [outcome(body, lambda: client.predict(body), lambda a: a["class"] == "🌞")]




@case(22, "audio [1,16] and state [2,1,8]", "V2 answers; /predict names V2; every page answers; every example is one that the model accepted")
def fixed_first_dimensions():
    nodes = [node("ReduceSum", "state axes", "s", keepdims=0), node("Add", "audio s", "y"), node("Mul", "state half", "state_out")]
    content = model(
        nodes,
        [tensor("audio", FLOAT, [1, 16]), tensor("state", FLOAT, [2, 1, 8])],
        [tensor("y", FLOAT, [1, 16]), tensor("state_out", FLOAT, [2, 1, 8])],
        [constant("half", 0.5), constant("axes", [0, 1, 2], np.int64)],
        opset=13,
    )
    inputs = {"audio": np.ones((1, 16), np.float32), "state": np.ones((2, 1, 8), np.float32)}
    with served(content) as client:
        body = {"features": [1.0] * 24}
        return [
            *by_every_protocol(client, inputs, lambda a: a["y"].tolist() == [[17.0] * 16]),
            outcome("/predict with 24 values", lambda: client.predict(body), refused(400, "v2")),
            outcome("GET /openapi.json", lambda: client.get("/openapi.json"), lambda a: a.status == 200),
            outcome("GET /docs", lambda: client.get("/docs"), lambda a: a.status == 200),
        ]


@case(22, "an input without a shape", "V2 answers; /predict answers, or names V2")
def no_shape():
    content = model([node("Relu", "x", "y")], [tensor("x", FLOAT, None)], [tensor("y", FLOAT, None)])
    with served(content) as client:
        body = {"features": [1, -2]}
        return [
            *by_every_protocol(client, {"x": np.array([[1, -2]], np.float32)}, lambda a: a["y"].tolist() == [[1, 0]]),
            outcome(body, lambda: client.predict(body), lambda a: refused(400, "v2")(a) or a.get("prediction") == [1, 0]),
            outcome("GET /openapi.json", lambda: client.get("/openapi.json"), lambda a: a.status == 200),
        ]


@case(22, "an image model with free height and width", "/predict with values names the protocol that accepts them")
def free_image():
    content = model(
        [node("GlobalAveragePool", "image", "pooled"), node("Flatten", "pooled", "y", axis=1)],
        [tensor("image", FLOAT, [None, 3, None, None])],
        [tensor("y", FLOAT, [None, 3])],
    )
    with served(content) as client:
        body = {"features": [1, 2, 3]}
        return [
            outcome(body, lambda: client.predict(body), refused(400, "v2")),
            *by_every_protocol(client, {"image": np.ones((1, 3, 2, 5), np.float32)}, lambda a: a["y"].tolist() == [[1, 1, 1]]),
            outcome("GET /openapi.json", lambda: client.get("/openapi.json"), lambda a: a.status == 200),
        ]


TABLE = model(
    [node("Concat", "age dose", "both", axis=1), node("ReduceSum", "both axes", "y", keepdims=1)],
    [tensor("age", FLOAT, [None, 1]), tensor("dose", FLOAT, [None, 1])],
    [tensor("y", FLOAT, [None, 1])],
    [constant("axes", [1], np.int64)],
)


@case(23, "a top-level list of objects (to_dict(\"records\"))", "one prediction for each")
def records():
    with served(TABLE) as client:
        body = [{"age": 1, "dose": 2}, {"dose": 4, "age": 3}]
        return [outcome(body, lambda: client.predict(body), lambda a: [each["prediction"] for each in a["predictions"]] == [3, 7])]


@case(23, "the input's own name as key", "as features")
def own_name():
    with served(without_zipmap(forest([1, 2]))) as client:
        many, one = {"X": [ROW, ROW]}, {"X": ROW}
        return [
            outcome(many, lambda: client.predict(many), lambda a: len(a["predictions"]) == 2),
            outcome(one, lambda: client.predict(one), lambda a: "prediction" in a or len(a["predictions"]) == 1),
        ]


@case(23, "curl -d without a Content-Type", "/predict, V1 and V2 accept it")
def curl():
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    v2 = {"inputs": [{"name": "id", "datatype": "INT64", "shape": [1], "data": [3]}]}
    with served(IDS) as client:
        return [
            outcome(f"{path} {json.dumps(body)}", lambda path=path, body=body: client.post(path, body, headers), lambda a: a.status == 200)
            for path, body in (("/predict", {"features": [3]}), ("/v1/models/model:predict", {"instances": [3]}), ("/v2/models/model/infer", v2))
        ]


@case(23, "what /predict refuses", "one sentence that says what it accepts")
def refusals():
    with served(without_zipmap(forest([1, 2]))) as client:
        bodies = (({"rows": ROW}, "features"), ("5.1", "features"), ({}, "features"), ({"features": {"a": 1}}, "the inputs are X"))
        return [outcome(body, lambda body=body: client.predict(body), refused(400, said)) for body, said in bodies]


@case(23, "the rows under the names of other servers", "answered")
def names_of_rows():
    with served(without_zipmap(forest([1, 2]))) as client:
        bodies = ({"data": ROW}, {"inputs": [ROW]}, {"instances": [ROW]})
        return [outcome(body, lambda body=body: client.predict(body), lambda a: a.get("predictions", [a])[0]["confidence"] == 1.0) for body in bodies]


@case(23, "a multi-label model", "the labels as they are, not an index of the highest score")
def multilabel():
    content = exported(OneVsRestClassifier(LogisticRegression()).fit(X, np.c_[y % 2, (y > 0) * 1, (y > 1) * 1]), {"zipmap": False})
    with served(content) as client:
        body = {"features": ROW}
        return [outcome(body, lambda: client.predict(body), lambda a: "prediction" not in a or isinstance(a["prediction"], list))]


@case(27, "V1 inputs, the column form", "predictions as for instances, or outputs, not 400")
def columns():
    with served(TABLE) as client:
        body = {"inputs": {"age": [[1], [3]], "dose": [[2], [4]]}}
        return [outcome(body, lambda: client.post("/v1/models/model:predict", body), lambda a: a.status == 200 and b"3" in a.body and b"7" in a.body)]


def png(width, height, colour):
    row = b"\0" + bytes(colour) * width
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(row * height)), (b"IEND", b"")]
    chunks = b"".join(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + chunks


IMAGE = model(
    [node("GlobalAveragePool", "image", "pooled"), node("Flatten", "pooled", "y", axis=1)],
    [tensor("image", FLOAT, [None, 3, 8, 8])],
    [tensor("y", FLOAT, [None, 3])],
    metadata={"image": json.dumps({"scale": 1})},
)


@case(27, 'V1 with {"b64": …} images', "decoded as /predict does")
def base64_image():
    with served(IMAGE) as client:
        body = {"instances": [{"b64": base64.b64encode(png(8, 8, (10, 20, 30))).decode()}]}
        return [outcome('{"instances": [{"b64": …}]}', lambda: client.v1(body), lambda a: a == [[10, 20, 30]])]


@case(27, "an int32 input of [batch, sequence] beside others, by V1", "one instance for each row")
def token_columns():
    content = model(
        [node("Mul", "ids mask", "y")],
        [tensor("ids", INT32, ["batch", "sequence"]), tensor("mask", INT32, ["batch", "sequence"])],
        [tensor("y", INT32, ["batch", "sequence"])],
    )
    with served(content) as client:
        body = {"instances": [{"ids": [5, 6, 7], "mask": [1, 1, 0]}, {"ids": [8, 9, 1], "mask": [1, 0, 0]}]}
        return [outcome(body, lambda: client.v1(body), lambda a: a == [[5, 6, 0], [8, 0, 0]])]


@case(27, "HEAD on /v2/health/live and /v2/health/ready", "200 without a body")
def head():
    with served(IDS) as client:
        return [
            outcome(f"HEAD {path}", lambda path=path: client.http.ask(http1.request("HEAD", path)), lambda a: a.status == 200 and not a.body)
            for path in ("/v2/health/live", "/v2/health/ready", "/v2/models/model/ready")
        ]
