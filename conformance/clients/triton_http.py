"""NVIDIA's tritonclient over HTTP."""

import asyncio
import gzip
import urllib.request
import zlib

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as http_aio
from tritonclient.utils import InferenceServerException

from clients.checks import must
from clients.expected import Expected, array, difference
from clients.server import Server

NAME = "tritonclient 2.73.0 http"
TYPES = ["bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "fp32", "fp64", "bytes"]


def tensors(case, binary):
    inputs = []
    for tensor in case["inputs"]:
        each = http.InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        inputs.append(each.set_data_from_numpy(array(tensor), binary_data=binary))
    return inputs


def compare(expected, case, result):
    worst = max(difference(array(output), result.as_numpy(output["name"])) for output in case["outputs"])
    must(worst <= expected.tolerance, f"off by {worst}")
    return worst


def run(checks):
    with Server("several") as server, http.InferenceServerClient(server.http, concurrency=8) as client:
        several(checks, client, Expected("several"))
        aio(checks, server, Expected("several"))
    for kind in TYPES:
        model = f"type-{kind}"
        with Server(model) as server, http.InferenceServerClient(server.http) as client:
            every(checks, client, Expected(model), kind.upper(), [True, False])
            if kind == "fp32":
                large(checks, server)
    for kind in ("fp16", "bf16"):
        model = f"type-{kind}"
        with Server(model) as server, http.InferenceServerClient(server.http) as client:
            every(checks, client, Expected(model), kind.upper(), [True])
            if kind == "fp16":
                checks.check(NAME, "FP16 as JSON is refused with the remedy", lambda: refused_fp16(client))


def every(checks, client, expected, kind, forms):
    for binary in forms:

        def call():
            for case in expected.cases:
                for wanted in (True, False) if kind != "BF16" else (True,):
                    outputs = [http.InferRequestedOutput(output["name"], binary_data=wanted) for output in case["outputs"]]
                    compare(expected, case, client.infer(expected.model, tensors(case, binary), outputs=outputs))
            return f"{len(expected.cases)} cases, answers as binary data{' and JSON' if kind != 'BF16' else ''}"

        checks.check(NAME, f"infer {kind} as {'binary data' if binary else 'JSON'}", call)


def large(checks, server):
    """Large enough to be worth compressing; urllib shows what tritonclient hides: that the answer really was."""
    rows = np.arange(4000, dtype=np.float32).reshape(2000, 2) / 7

    def coded(coding, decode):
        given = http.InferInput("x", list(rows.shape), "FP32").set_data_from_numpy(rows)
        body, header = http.InferenceServerClient.generate_request_body([given])
        headers = {"Inference-Header-Content-Length": str(header), "Accept-Encoding": coding}
        with urllib.request.urlopen(urllib.request.Request(f"{server.url}/v2/models/type-fp32/infer", body, headers)) as answer:
            must(answer.headers["Content-Encoding"] == coding, answer.headers)
            sent = answer.read()
            plain = decode(sent)
            length = int(answer.headers["Inference-Header-Content-Length"])
        result = http.InferenceServerClient.parse_response_body(plain, header_length=length)
        must(np.array_equal(result.as_numpy("y"), rows), "other numbers")
        return f"{len(plain)} bytes in {len(sent)}"

    checks.check(NAME, "response really gzip, 2,000 rows", lambda: coded("gzip", gzip.decompress))
    checks.check(NAME, "response really deflate, 2,000 rows", lambda: coded("deflate", zlib.decompress))


def refused_fp16(client):
    given = http.InferInput("x", [1, 2], "FP16").set_data_from_numpy(np.ones((1, 2), np.float16), binary_data=False)
    try:
        client.infer("type-fp16", [given])
    except InferenceServerException as e:
        must("binary" in e.message() and e.status() == "400", e)
        return e.message()
    raise AssertionError("not refused")


def several(checks, client, expected):
    case = expected.cases[0]
    name = expected.model

    def check(what, call):
        checks.check(NAME, what, call)

    def infer(binary=True, **options):
        return lambda: compare(expected, case, client.infer(name, tensors(case, binary), **options))

    def metadata():
        found = client.get_model_metadata(name, "v1")
        must([each["name"] for each in found["inputs"]] == [each["name"] for each in case["inputs"]], found)
        must(found["properties"]["digest"].startswith("sha256:"), found)
        return found["platform"]

    def identity():
        found = client.infer(name, tensors(case, True), request_id="r-7").get_response()
        must(found["id"] == "r-7" and found["model_name"] == name and found["model_version"] == "v1", found)
        return "id, model_name, model_version"

    def one_output():
        wanted = case["outputs"][-1]["name"]
        result = client.infer(name, tensors(case, True), outputs=[http.InferRequestedOutput(wanted, binary_data=False)])
        must([each["name"] for each in result.get_response()["outputs"]] == [wanted], result.get_response())
        return wanted

    def asynchronous():
        started = [client.async_infer(name, tensors(case, n % 2 == 0)) for n in range(64)]
        worst = max(compare(expected, case, each.get_result()) for each in started)
        return f"64 at once, largest difference {worst}"

    def statistics():
        before = client.get_inference_statistics(name)["model_stats"][0]["inference_stats"]["success"]["count"]
        client.infer(name, tensors(case, True))
        after = client.get_inference_statistics(name)["model_stats"][0]["inference_stats"]["success"]["count"]
        must(after == before + 1, (before, after))
        return f"success count {before} to {after}"

    def failure(status, call):
        def run():
            try:
                call()
            except InferenceServerException as e:
                must(e.status() == str(status), e)
                return e.message()
            raise AssertionError("no exception")

        return run

    check("server live, server ready, model ready", lambda: must(client.is_server_live() and client.is_server_ready() and client.is_model_ready(name, "v1"), "not ready"))
    check("another model is not ready", lambda: must(not client.is_model_ready("other"), "ready"))
    check("server metadata", lambda: client.get_server_metadata()["extensions"])
    check("model metadata", metadata)
    check("model config", lambda: client.get_model_config(name)["backend"])
    check("repository index", lambda: client.get_model_repository_index())
    check("infer as binary data (FP32, INT64, BYTES)", infer(True))
    check("infer as JSON (FP32, INT64, BYTES)", infer(False))
    check("request id, model name and version", identity)
    check("one output of several", one_output)
    for coding in ("gzip", "deflate"):
        check(f"request {coding}", infer(True, request_compression_algorithm=coding))
        check(f"request {coding}, JSON", infer(False, request_compression_algorithm=coding))
        check(f"response {coding}", infer(True, response_compression_algorithm=coding))
    check("timeout and priority parameters", infer(True, timeout=5_000_000, priority=2))
    check("async infer", asynchronous)
    check("statistics", statistics)
    check("unknown model: 404", failure(404, lambda: client.infer("other", tensors(case, True))))
    check("unknown version: 404", failure(404, lambda: client.infer(name, tensors(case, True), model_version="9")))
    check("missing input: 400", failure(400, lambda: client.infer(name, tensors(case, True)[1:])))
    check("model control is not offered: 404", failure(404, lambda: client.unload_model(name)))


def aio(checks, server, expected):
    case = expected.cases[0]

    async def calls():
        async with http_aio.InferenceServerClient(server.http) as client:
            results = await asyncio.gather(*(client.infer(expected.model, tensors(case, True)) for _ in range(32)))
        return f"32 at once, largest difference {max(compare(expected, case, each) for each in results)}"

    checks.check(NAME, "asyncio client", lambda: asyncio.run(calls()))
