"""Where a model comes from, and what is said of one that cannot be served (items 12, 13, 14 and 24)."""

import contextlib
import gzip
import http.server
import io
import pickle
import socket
import threading
import zipfile

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType, StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from answers.cases import by_every_protocol, case, load_failure, outcome, refused, served
from answers.cases.labels import X, y
from answers.graphs import FLOAT, model, node, tensor

# Models are not fetched from loopback addresses; this one belongs to a network of the cases' own (__main__.py).
ADDRESS = "203.0.113.7"
PLAIN = [node("Relu", "x", "y")], [tensor("x", FLOAT, [None, 2])], [tensor("y", FLOAT, [None, 2])]


def said(name, content, *words, forbidden=(), **options):
    """One outcome: what is said of a file, which must have these words."""

    def ok(answer):
        return refused(500, *words)(answer) and not any(word.lower() in answer.said.lower() for word in forbidden)

    return outcome(name, lambda: load_failure(content, **options), ok)


@case(12, "TfidfVectorizer with its defaults", "served; where the locale en_US.UTF-8 is missing, those available are listed")
def text_model():
    texts, labels = ["good film", "bad film", "good book", "awful book"], ["good", "bad", "good", "bad"]
    estimator = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, labels)
    content = convert_sklearn(estimator, initial_types=[("text", StringTensorType([None, 1]))]).SerializeToString()

    def ask():
        with served(content) as client:
            return client.predict({"features": ["good"]})

    return [outcome('{"features": ["good"]}', lambda: attempt(ask), lambda a: (isinstance(a, dict) and a["class"] == "good") or ("en_US.UTF-8" in a and "C.utf8" in a))]


def attempt(ask):
    try:
        return ask()
    except Exception as e:  # what was said of it is the answer
        return str(e)


@contextlib.contextmanager
def web(answer):
    """A web server on this machine; `answer` gets the handler of each request."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer((ADDRESS, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{ADDRESS}:{server.server_port}"
    finally:
        server.shutdown()


def reply(handler, status, body, kind="application/octet-stream"):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


for status in (400, 501, 101):

    @case(13, f"a download from a server that answers {status} to an Upgrade", "downloaded: no Upgrade is sent over plain http")
    def upgrade(status=status):
        content = model(*PLAIN)

        def answer(handler):
            upgrade = handler.headers.get("Upgrade")
            reply(handler, status if upgrade else 200, b"" if upgrade else content)

        with web(answer) as url, served(content, uri=f"{url}/model.onnx") as client:
            return [outcome("GET model.onnx", lambda: client.predict({"features": [1, -2]}), lambda a: a["prediction"] == [1, 0])]


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("model.onnx", b"content")
    return out.getvalue()


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"
FILES = {
    "a Git LFS pointer": (POINTER, "lfs"),
    "an HTML page": (b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>", "html"),
    "an XML page": (b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>', "xml"),
    "gzip": (gzip.compress(model(*PLAIN)), "gzip"),
    "zip": (zipped(), "zip"),
    "pickle": (pickle.dumps({"estimator": [1, 2, 3]}, protocol=4), "pickle"),
    "pickle, protocol 0, which is text": (pickle.dumps({"estimator": [1, 2, 3]}, protocol=0), "text"),
    "an empty file": (b"", "empty"),
    "a JSON document": (b'{"error": "not found"}', "json"),
}


@case(14, "files that are no ONNX model", "each is recognised by its first bytes")
def recognised():
    return [said(name, content, word) for name, (content, word) in FILES.items()]


@case(14, "an IR version and an opset that are too new", "both numbers and the remedy, not cut")
def too_new():
    return [
        said("IR version 99", model(*PLAIN, ir=99), "99", "ir_version"),
        said("opset 99", model(*PLAIN, opset=99, ir=10), "99", "opset"),
    ]


SIGNED = {
    "Amazon": "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=ab",
    "Google": "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20200101T000000Z&X-Goog-Expires=60&X-Goog-Signature=ab",
    "Google, version 2": "GoogleAccessId=a&Expires=1577836800&Signature=ab",
    "Azure": "sv=2022-11-02&se=2020-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=ab",
}


@case(14, "expired signed URLs", "reported as expired")
def expired():
    with web(lambda handler: reply(handler, 403, b"<Error/>", "application/xml")) as url:
        return [said(f"{name}: {query}", b"", "expired", uri=f"{url}/model.onnx?{query}") for name, query in SIGNED.items()]


@case(14, "a literal address that does not answer", "not called unresolved")
def literal_address():
    with socket.socket() as silent:
        silent.bind((ADDRESS, 0))
        silent.listen(0)
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
            fillers.append(filler)
        uri = f"http://{ADDRESS}:{silent.getsockname()[1]}/model.onnx"
        outcomes = [said("a connection that is never taken", b"", ADDRESS, forbidden=("resolved",), uri=uri, patience=180)]
        for filler in fillers:
            filler.close()
        return outcomes


@case(14, "a wrong version in a V2 path", "404, and that the version may be omitted")
def wrong_version():
    with served(model(*PLAIN)) as client:
        path = "/v2/models/model/versions/1/infer"
        return [outcome(f"POST {path}", lambda: refusal(client.post(path, {"inputs": []})), refused(404, "version", "omit"))]


def refusal(answer):
    from answers.protocols import accepted

    return accepted(answer)


@case(24, "ONNX Runtime's messages: names of nodes, and remedies", "the node's name as the exporter wrote it, and what to do")
def messages():
    name = "/encoder/layer.0/attention/Reshape_3"
    unknown = model([node("Swoosh", "x", "y", name=name)], *PLAIN[1:])
    double = convert_sklearn(LogisticRegression(max_iter=500).fit(X, y), initial_types=[("X", DoubleTensorType([None, 4]))]).SerializeToString()
    outcomes = [
        said("an operator that does not exist", unknown, name),
        said("a double input with ZipMap", double, "zipmap"),
        said("an IR version that is too new", model(*PLAIN, ir=99), "ir_version"),
    ]
    failing = model([node("Add", "x z", "y", name=name)], [*PLAIN[1], tensor("z", FLOAT, [None, None])], [tensor("y", FLOAT, [None, None])])
    with served(failing) as client:
        inputs = {"x": np.zeros((1, 2), np.float32), "z": np.zeros((1, 3), np.float32)}
        outcomes += by_every_protocol(client, inputs, refused(400, name))
    return outcomes
