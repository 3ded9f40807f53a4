"""Pages of unusual models, and bodies that are too large (items 25 and 26)."""

import numpy as np

from answers.cases import by_every_protocol, case, outcome, refused, served
from answers.graphs import FLOAT, INT64, constant, model, node, tensor

PAGES = ["/", "/docs", "/openapi.json", "/info", "/v2", "/v2/models", "/v2/models/model", "/v2/models/model/config", "/v2/models/model/stats", "/v1/models", "/v1/models/model", "/metrics"]


def pages(client):
    return [outcome(f"GET {path}", lambda path=path: client.get(path).status, lambda status: status == 200) for path in PAGES]


@case(26, "a graph without inputs", "no page answers 500; V2 answers the constant")
def no_inputs():
    content = model([node("Identity", "c", "y")], [], [tensor("y", FLOAT, [2])], [constant("c", [1.5, 2])])
    with served(content) as client:
        return pages(client) + by_every_protocol(client, {}, lambda a: a["y"].tolist() == [1.5, 2], "no inputs")


@case(26, "an output that is always empty", "no page answers 500; the shape that was produced")
def always_empty():
    content = model(
        [node("Relu", "x", "y"), node("Identity", "none", "empty")],
        [tensor("x", FLOAT, [None, 2])],
        [tensor("y", FLOAT, [None, 2]), tensor("empty", INT64, [0])],
        [constant("none", np.zeros(0, np.int64))],
    )
    with served(content) as client:
        body = {"features": [1, -2]}
        return [
            *pages(client),
            *by_every_protocol(client, {"x": np.array([[1, -2]], np.float32)}, lambda a: a["empty"].shape == (0,) and a["y"].tolist() == [[1, 0]]),
            outcome(body, lambda: client.predict(body), lambda a: isinstance(a, dict)),
        ]


@case(26, "a constant model with an input that is not used", "no page answers 500; the constant")
def constant_model():
    content = model([node("Identity", "c", "y")], [tensor("x", FLOAT, [None, 2])], [tensor("y", FLOAT, [1])], [constant("c", [3])])
    with served(content) as client:
        body, instances = {"features": [1, 2]}, {"instances": [[1, 2], [3, 4], [5, 6]]}
        return [
            *pages(client),
            *by_every_protocol(client, {"x": np.ones((3, 2), np.float32)}, lambda a: a["y"].tolist() == [3]),
            outcome(body, lambda: client.predict(body), lambda a: isinstance(a, dict)),
            outcome(instances, lambda: client.v1(instances), lambda a: len(a) == 3),
        ]


@case(25, "a body above the limit", "413 that names binary tensors and spec.resources")
def too_large():
    content = model([node("Relu", "x", "y")], [tensor("x", FLOAT, [None, None])], [tensor("y", FLOAT, [None, None])])
    with served(content, java=["-Xmx128m"]) as client:
        body = '{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3000000], "data": [' + "0.5," * 2_999_999 + "0.5]}]}"
        return [outcome("12 MB of JSON", lambda: refusal(client.post("/v2/models/model/infer", body)), refused(413, "binary", "spec.resources"))]


def refusal(answer):
    from answers.protocols import accepted

    return accepted(answer)
