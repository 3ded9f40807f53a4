"""Exports with ZipMap answer the same numbers through every protocol, and those are Python's own."""

import json
import urllib.request

import numpy as np
import tritonclient.grpc as grpc
import tritonclient.http as http

from clients import triton_grpc, triton_http
from clients.checks import must
from clients.expected import Expected, array, difference
from clients.server import Server

MODELS = [
    "sklearn-zipmap",
    "sklearn-zipmap-strings",
    "sklearn-zipmap-gaps",
    "lightgbm-zipmap",
    "lightgbm-zipmap-binary",
    "xgboost-zipmap",
    "xgboost-zipmap-binary",
]


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def run(checks):
    for model in MODELS:
        expected = Expected(model)
        with Server(model) as server:
            for path, read in PATHS.items():

                def call():
                    worst, labels = 0.0, 0
                    for case in expected.cases:
                        label, scores = (array(output) for output in case["outputs"])
                        got_label, got_scores = read(server, expected, case)
                        must([str(each) for each in got_label] == [str(each) for each in label.ravel().tolist()], f"{got_label} are not {label}")
                        worst = max(worst, difference(scores, got_scores))
                        labels += label.size
                    must(worst <= expected.tolerance, f"off by {worst}")
                    return f"{labels} labels equal, probabilities within {worst:.1e} of {expected.source}"

                checks.check(f"{model}", path, call)


def by_predict(server, expected, case):
    rows = array(case["inputs"][0]).tolist()
    answers = post(f"{server.url}/predict", {"features": rows})["predictions"]
    return [each["prediction"] for each in answers], scores(expected, [each["probabilities"] for each in answers])


def by_v1(server, expected, case):
    label, probabilities = (output["name"] for output in case["outputs"])
    rows = array(case["inputs"][0]).tolist()
    answers = post(f"{server.url}/v1/models/{expected.model}:predict", {"instances": rows})["predictions"]
    return [each[label] for each in answers], scores(expected, [each[probabilities] for each in answers])


def by_v2_json(server, expected, case):
    outputs = post(f"{server.url}/v2/models/{expected.model}/infer", {"inputs": case["inputs"]})["outputs"]
    label, probabilities = (array(output) for output in outputs)
    return texts(label), probabilities


def by_v2_binary(server, expected, case):
    with http.InferenceServerClient(server.http) as client:
        return tensors(case, client.infer(expected.model, triton_http.tensors(case, True)))


def by_grpc(server, expected, case):
    with grpc.InferenceServerClient(server.grpc) as client:
        return tensors(case, client.infer(expected.model, triton_grpc.tensors(case)))


def tensors(case, result):
    label, probabilities = (result.as_numpy(output["name"]) for output in case["outputs"])
    return texts(label), probabilities


def texts(label):
    return [each.decode() if isinstance(each, bytes) else each for each in label.ravel().tolist()]


def scores(expected, rows):
    must(all(list(row) == expected.classes for row in rows), f"the classes are {list(rows[0])}, not {expected.classes}")
    return np.array([list(row.values()) for row in rows], np.float32)


PATHS = {"/predict": by_predict, "V1": by_v1, "V2 JSON": by_v2_json, "V2 binary data": by_v2_binary, "gRPC": by_grpc}
