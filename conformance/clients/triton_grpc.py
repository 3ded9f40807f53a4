"""NVIDIA's tritonclient over gRPC."""

import asyncio
import queue

import grpc as grpc_core
import tritonclient.grpc as grpc
import tritonclient.grpc.aio as grpc_aio
from tritonclient.utils import InferenceServerException

from clients.checks import must
from clients.expected import Expected, array
from clients.server import Server
from clients.triton_http import TYPES, compare

NAME = "tritonclient 2.73.0 grpc"


def tensors(case):
    inputs = []
    for tensor in case["inputs"]:
        each = grpc.InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        each.set_data_from_numpy(array(tensor))
        inputs.append(each)
    return inputs


def run(checks):
    with Server("several") as server, grpc.InferenceServerClient(server.grpc) as client:
        several(checks, client, Expected("several"))
        aio(checks, server, Expected("several"))
    for kind in [*TYPES, "fp16", "bf16"]:
        expected = Expected(f"type-{kind}")
        with Server(expected.model) as server, grpc.InferenceServerClient(server.grpc) as client:

            def call():
                for case in expected.cases:
                    compare(expected, case, client.infer(expected.model, tensors(case)))
                return f"{len(expected.cases)} cases"

            checks.check(NAME, f"infer {kind.upper()}", call)


def several(checks, client, expected):
    case = expected.cases[0]
    name = expected.model

    def check(what, call):
        checks.check(NAME, what, call)

    def infer(**options):
        return lambda: compare(expected, case, client.infer(name, tensors(case), **options))

    def metadata():
        found = client.get_model_metadata(name, "v1")
        must([each.name for each in found.inputs] == [each["name"] for each in case["inputs"]], found)
        return found.platform

    def identity():
        found = client.infer(name, tensors(case), request_id="r-7").get_response()
        must((found.id, found.model_name, found.model_version) == ("r-7", name, "v1"), found)
        return "id, model_name, model_version"

    def one_output():
        wanted = case["outputs"][-1]["name"]
        result = client.infer(name, tensors(case), outputs=[grpc.InferRequestedOutput(wanted)])
        must([each.name for each in result.get_response().outputs] == [wanted], result.get_response())
        return wanted

    def asynchronous():
        answers = queue.Queue()
        for _ in range(64):
            client.async_infer(name, tensors(case), lambda result, error: answers.put((result, error)))
        worst = 0
        for _ in range(64):
            result, error = answers.get(timeout=30)
            must(error is None, error)
            worst = max(worst, compare(expected, case, result))
        return f"64 at once, largest difference {worst}"

    def failure(status, call):
        def run():
            try:
                call()
            except InferenceServerException as e:
                must(e.status() == f"StatusCode.{status}", e)
                return e.message()
            raise AssertionError("no exception")

        return run

    check("server live, server ready, model ready", lambda: must(client.is_server_live() and client.is_server_ready() and client.is_model_ready(name, "v1"), "not ready"))
    check("another model is not ready", lambda: other(client))
    check("server metadata", lambda: list(client.get_server_metadata().extensions))
    check("model metadata", metadata)
    check("infer (FP32, INT64, BYTES)", infer())
    check("request id, model name and version", identity)
    check("one output of several", one_output)
    for coding in ("gzip", "deflate"):
        check(f"request {coding}", infer(compression_algorithm=coding))
    check("deadline, timeout and priority", infer(client_timeout=5, timeout=5_000_000, priority=2))
    check("async infer", asynchronous)
    check("unknown model: NOT_FOUND", failure("NOT_FOUND", lambda: client.infer("other", tensors(case))))
    check("missing input: INVALID_ARGUMENT", failure("INVALID_ARGUMENT", lambda: client.infer(name, tensors(case)[1:])))
    check("model control is not offered", failure("UNIMPLEMENTED", lambda: client.unload_model(name)))


def other(client):
    try:
        must(not client.is_model_ready("other"), "ready")
        return "false"
    except InferenceServerException as e:
        must(e.status() == f"StatusCode.{grpc_core.StatusCode.NOT_FOUND.name}", e)
        return e.status()


def aio(checks, server, expected):
    case = expected.cases[0]

    async def calls():
        async with grpc_aio.InferenceServerClient(server.grpc) as client:
            results = await asyncio.gather(*(client.infer(expected.model, tensors(case)) for _ in range(32)))
        return f"32 at once, largest difference {max(compare(expected, case, each) for each in results)}"

    checks.check(NAME, "asyncio client", lambda: asyncio.run(calls()))
