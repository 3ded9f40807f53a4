"""KServe's own SDK: V1 and V2 over HTTP, V2 over gRPC."""

import asyncio

import kserve
from kserve.inference_client import RESTConfig

from clients.checks import must
from clients.expected import Expected, array, difference
from clients.server import Server

NAME = "kserve 0.21.0"


def request(expected, case, binary):
    inputs = []
    for tensor in case["inputs"]:
        each = kserve.InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        each.set_data_from_numpy(array(tensor), binary_data=binary)
        inputs.append(each)
    return kserve.InferRequest(model_name=expected.model, infer_inputs=inputs, request_id="k-1")


def compare(expected, case, response):
    outputs = {output.name: output.as_numpy() for output in response.outputs}
    worst = max(difference(array(each), outputs[each["name"]]) for each in case["outputs"])
    must(worst <= expected.tolerance, f"off by {worst}")
    must(response.id == "k-1", response.id)
    return f"largest difference {worst}"


def run(checks):
    for model in ("several", "type-fp16", "sklearn-zipmap"):
        with Server(model) as server:
            asyncio.run(calls(checks, server, Expected(model)))


async def calls(checks, server, expected):
    case = expected.cases[0]
    v2 = kserve.InferenceRESTClient(RESTConfig(protocol="v2"))
    v1 = kserve.InferenceRESTClient(RESTConfig(protocol="v1"))
    rpc = kserve.InferenceGRPCClient(server.grpc)

    async def check(what, call):
        try:
            value, error = await call(), None
        except Exception as e:
            value, error = None, e

        def outcome():
            if error is not None:
                raise error
            return value

        checks.check(NAME, f"{what} ({expected.model})", outcome)

    async def ready():
        must(await v2.is_server_live(server.url), "not live")
        must(await v2.is_server_ready(server.url), "not ready")
        must(await v2.is_model_ready(server.url, expected.model), "model not ready")
        must(await v1.is_model_ready(server.url, expected.model), "V1 model not ready")
        return "v2 and v1"

    async def rest(binary):
        return compare(expected, case, await v2.infer(server.url, request(expected, case, binary), model_name=expected.model))

    async def rpc_infer():
        return compare(expected, case, await rpc.infer(request(expected, case, True)))

    async def rpc_ready():
        must(await rpc.is_server_live() and await rpc.is_server_ready() and await rpc.is_model_ready(expected.model), "not ready")

    async def predict():
        rows = array(case["inputs"][0]).tolist()
        answer = await v1.infer(server.url, {"instances": rows}, model_name=expected.model)
        must(len(answer["predictions"]) == len(rows), answer)
        return f"{len(rows)} predictions"

    await check("REST health", ready)
    if expected.model != "type-fp16":
        await check("REST infer as JSON", lambda: rest(False))
    await check("REST infer as binary data", lambda: rest(True))
    if expected.model == "sklearn-zipmap":
        await check("REST V1 predict", predict)
    await check("gRPC health", rpc_ready)
    await check("gRPC infer", rpc_infer)
    await v1.close()
    await v2.close()
    await rpc.close()
