"""The workloads. Every server of one runs beside the others, and every round asks each of them."""

import functools

from harness import bench, request, secrets
from harness.bench import Model
from harness.request import Request, Tensor
from harness.workload import Contestant, Workload

from .floor import Floor
from .modelserver import MODEL, ModelServer
from .nginx import Nginx
from .python_servers import FastApi, KServe, MlServer, tuned_mlserver

# The memory limit of a pod that the JVM sizes its heap by: the product's default, and more for large bodies.
_DEFAULT = "512m"
_LARGE = "2g"


def _constant(tensor: Tensor) -> Request:
    return request.predict(tensor, "/constant")


def _ignored(asked: Request) -> Request:
    return Request("/ignored-body", asked.body, asked.headers)


def _iris() -> Workload:
    model = bench.iris()
    x = model.input
    floor, fastapi, sklearn = Floor(_DEFAULT), FastApi("fastapi_onnx", model), FastApi("fastapi_sklearn")
    kserve = KServe(model)
    return Workload(
        "iris",
        "One iris row: a scikit-learn forest of ten trees, exported with ZipMap",
        [
            Contestant("nginx", "nginx, constant answer", Nginx(), _constant(x)),
            Contestant("floor", "floor: constant answer, same stack", floor, _constant(x)),
            Contestant("modelserver", "**ModelServer** `/predict`", ModelServer(model, _DEFAULT), request.predict(x), model),
            Contestant("fastapi-onnx-async", "FastAPI + onnxruntime, `async def`", fastapi, request.predict(x, "/async"), model),
            Contestant("fastapi-onnx-def", "FastAPI + onnxruntime, `def`", fastapi, request.predict(x, "/def"), model),
            Contestant("fastapi-sklearn-async", "FastAPI + scikit-learn, `async def`", sklearn, request.predict(x, "/async"), model),
            Contestant("fastapi-sklearn-def", "FastAPI + scikit-learn, `def`", sklearn, request.predict(x, "/def"), model),
            Contestant("kserve-v1", "KServe SDK, V1", kserve, request.v1(x, MODEL), model),
            Contestant("kserve-v2", "KServe SDK, V2", kserve, request.v2_json(x, MODEL), model),
            Contestant("mlserver-tuned", "MLServer, fastest settings", tuned_mlserver(model), request.v2_json(x, MODEL), model),
            Contestant("mlserver", "MLServer, defaults", MlServer(model), request.v2_json(x, MODEL), model),
        ],
    )


def _linear() -> Workload:
    model = bench.linear()
    x = model.input
    return Workload(
        "linear",
        "One row of a linear model with plain tensors: next to nothing to compute",
        [
            Contestant("floor", "floor: constant answer, same stack", Floor(_DEFAULT), _constant(x)),
            Contestant("modelserver", "**ModelServer** `/predict`", ModelServer(model, _DEFAULT), request.predict(x), model),
            Contestant("modelserver-v2", "**ModelServer** V2 JSON", ModelServer(model, _DEFAULT), request.v2_json(x, MODEL), model),
        ],
    )


def _mlp(key: str, title: str, ask, others: list[Contestant]) -> Workload:
    model = bench.mlp()
    asked = ask(model.input, MODEL)
    unbatched = ModelServer(model, _DEFAULT, "modelserver-unbatched", batching={"maxBatchSize": 1})
    return Workload(
        key,
        title,
        [
            Contestant("floor", "floor: body ignored, same stack", Floor(_DEFAULT, model), _ignored(asked)),
            Contestant("modelserver", "**ModelServer**", ModelServer(model, _DEFAULT), asked, model),
            Contestant("modelserver-unbatched", "ModelServer, batching off", unbatched, asked, model),
            *others,
        ],
    )


def _mlp_binary() -> Workload:
    model = bench.mlp()
    naive = request.v2_binary(model.input, MODEL, path="/naive")
    kserve = KServe(model)
    return _mlp(
        "mlp",
        "Multi-layer perceptron 784-512-512-10, binary bodies",
        request.v2_binary,
        [
            Contestant("naive", "the naive call on the same stack", Floor(_DEFAULT, model), naive, model),
            Contestant("kserve-v2", "KServe SDK, V2 binary", kserve, request.v2_binary(model.input, MODEL), model),
        ],
    )


def _mlp_json() -> Workload:
    model = bench.mlp()
    x = model.input
    fastapi = FastApi("fastapi_onnx", model)
    return _mlp(
        "mlp-json",
        "The same perceptron, JSON bodies",
        request.v2_json,
        [
            Contestant("fastapi-onnx-async", "FastAPI + onnxruntime, `async def`", fastapi, request.predict(x, "/async"), model),
            Contestant("kserve-v2", "KServe SDK, V2", KServe(model), request.v2_json(x, MODEL), model),
            Contestant("mlserver-tuned", "MLServer, fastest settings", tuned_mlserver(model), request.v2_json(x, MODEL), model),
        ],
    )


def _large(key: str, title: str, ask, others: list[Contestant]) -> Workload:
    model = bench.large()
    asked = ask(model.input, MODEL)
    return Workload(
        key,
        title,
        [
            Contestant("floor", "floor: body ignored, same stack", Floor(_LARGE), _ignored(asked)),
            Contestant("modelserver", "**ModelServer**", ModelServer(model, _LARGE), asked, model),
            *others,
            Contestant("kserve-v2", "KServe SDK, V2", KServe(model), asked, model),
        ],
        connections=(2, 64),
    )


def _large_binary() -> Workload:
    return _large("large-binary", "A tensor of 1x3x224x224 in binary, reduced to three numbers", request.v2_binary, [])


def _large_json() -> Workload:
    model = bench.large()
    mlserver = tuned_mlserver(model)
    asked = request.v2_json(model.input, MODEL)
    return _large(
        "large-json",
        "The same tensor in JSON",
        request.v2_json,
        [Contestant("mlserver-tuned", "MLServer, fastest settings", mlserver, asked, model)],
    )


def _grpc(key: str, title: str, model: Model) -> Workload:
    asked = request.grpc(model.input, MODEL)
    return Workload(
        key,
        title,
        [
            Contestant("modelserver", "**ModelServer**", ModelServer(model, _DEFAULT), asked, model),
            Contestant("kserve-grpc", "KServe SDK, one process", KServe(model, "kserve-grpc", workers=1), asked, model),
            Contestant("mlserver-tuned", "MLServer, fastest settings", tuned_mlserver(model), asked, model),
        ],
    )


def _secured() -> Workload:
    """The same server four times: what TLS and tokens cost is the ratio to the first."""
    model = bench.iris()
    plain = request.predict(model.input)
    with_token = plain.with_headers(Authorization=f"Bearer {secrets.TOKEN}")
    alone = {"Connection": "close"}
    server, tls = ModelServer(model, _DEFAULT), ModelServer(model, _DEFAULT, "modelserver-tls", tls=True)
    tokens = ModelServer(model, _DEFAULT, "modelserver-tokens", tokens=True)
    both = ModelServer(model, _DEFAULT, "modelserver-tls-tokens", tls=True, tokens=True)
    return Workload(
        "secured",
        "TLS and tokens: one iris row by `/predict`",
        [
            Contestant("modelserver", "**ModelServer**, neither", server, plain, model),
            Contestant("modelserver-tokens", "with tokens", tokens, with_token, model),
            Contestant("modelserver-tls", "with TLS", tls, plain.over_tls(), model),
            Contestant("modelserver-tls-tokens", "with both", both, with_token.over_tls(), model),
            Contestant("modelserver-new", "neither, a new connection for each request", server, plain.with_headers(**alone), model),
            Contestant("modelserver-tls-new", "with TLS, a new connection for each request", tls, plain.over_tls().with_headers(**alone), model),
        ],
        connections=(2, 64),
    )


def _image() -> Workload:
    model = bench.image_classifier()
    uploaded = request.upload(bench.photograph(), "/predict")
    tensor = request.v2_binary(model.input, MODEL)
    server = ModelServer(model, _LARGE)
    return Workload(
        "image",
        "EfficientNet-Lite0, 1,000 classes: a JPEG of 600 by 400 pixels, or its tensor of 1x3x224x224",
        [
            Contestant("modelserver", "**ModelServer** `/predict`, JPEG as a form", server, uploaded),
            Contestant("modelserver-tensor", "**ModelServer** V2, the tensor in binary", server, tensor, model),
            Contestant(
                "fastapi-image", "FastAPI + Pillow + onnxruntime, `def`, JPEG as the body",
                FastApi("fastapi_image", model, "fastapi-image"), Request("/def", bench.photograph(), {"Content-Type": "image/jpeg"}),
            ),
            Contestant("kserve-v2", "KServe SDK, V2, the tensor in binary", KServe(model), tensor, model),
        ],
        connections=(2, 64),
    )  # fmt: skip


# By key, in the order of the report.
WORKLOADS = {
    "iris": _iris,
    "linear": _linear,
    "mlp": _mlp_binary,
    "mlp-json": _mlp_json,
    "large-binary": _large_binary,
    "large-json": _large_json,
    "image": _image,
    "secured": _secured,
    "grpc": functools.partial(_grpc, "grpc", "gRPC `ModelInfer`, one row of the linear model", bench.linear()),
    "grpc-mlp": functools.partial(_grpc, "grpc-mlp", "gRPC `ModelInfer`, the perceptron", bench.mlp()),
}
