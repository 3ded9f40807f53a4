"""The client that the protocol's working group generates from its specification."""

from open_inference.openapi.client import OpenInferenceClient
from open_inference.openapi.core.api_error import ApiError
from open_inference.openapi.errors import BadRequestError
from open_inference.openapi.types import InferenceRequest

from clients.checks import must
from clients.expected import Expected, array, difference
from clients.server import Server

NAME = "open-inference-openapi 2.0.0.1"


def run(checks):
    expected = Expected("sklearn-zipmap")
    with Server(expected.model) as server:
        client = OpenInferenceClient(base_url=server.url)
        case = expected.cases[0]
        given = InferenceRequest(id="o-1", inputs=[{**tensor} for tensor in case["inputs"]])

        def infer():
            answer = client.model_infer(model_name=expected.model, request=given)
            must(answer.id == "o-1", answer.id)
            got = {output.name: output for output in answer.outputs}
            worst = 0
            for output in case["outputs"]:
                found = got[output["name"]]
                data = array({"data": [unwrap(value) for value in unwrap(found.data)], "datatype": found.datatype, "shape": [int(n) for n in found.shape]})
                worst = max(worst, difference(array(output), data))
            must(worst <= expected.tolerance, f"off by {worst}")
            return f"largest difference {worst}"

        def unknown():
            try:
                client.read_model_metadata("other")
            except ApiError as e:  # for a model's metadata its specification has no exception of this status
                must(e.status_code == 404, e)
                return e.body
            raise AssertionError("no exception")

        def bad():
            wrong = InferenceRequest(inputs=[{**case["inputs"][0], "shape": [1, 1]}])
            try:
                client.model_infer(model_name=expected.model, request=wrong)
            except BadRequestError as e:
                return e.body
            raise AssertionError("no exception")

        checks.check(NAME, "server live", client.check_server_liveness)
        checks.check(NAME, "server ready", client.check_server_readiness)
        checks.check(NAME, "model ready", lambda: client.check_model_readiness(expected.model))
        checks.check(NAME, "server metadata", lambda: client.read_server_metadata().name)
        checks.check(NAME, "model metadata", lambda: client.read_model_metadata(expected.model).properties["digest"][:14])
        checks.check(NAME, "infer", infer)
        checks.check(NAME, "unknown model: 404", unknown)
        checks.check(NAME, "wrong shape: BadRequestError", bad)


def unwrap(value):
    return value.__root__ if hasattr(value, "__root__") else value
