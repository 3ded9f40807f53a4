"""The requests that a load consists of, in the protocols of the field."""

import json
import struct
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Tensor:
    """One FP32 input: its name, its shape, its values as numbers, row by row."""

    name: str
    shape: tuple
    values: list

    def raw(self) -> bytes:
        return struct.pack(f"<{len(self.values)}f", *self.values)

    def numbers(self) -> str:
        """As JSON: the shortest digits that give the same FP32, which is what clients send."""
        return ",".join(_shortest(value) for value in self.values)


@dataclass(frozen=True)
class Request:
    """One HTTP request, the same for every call of a load."""

    path: str
    body: bytes
    headers: dict = field(default_factory=dict)
    method: str = "POST"
    grpc: bool = False
    secure: bool = False
    """Over TLS. The certificate is not checked: it is made for the measurement."""

    def url(self, port: int) -> str:
        return f"{'https' if self.secure else 'http'}://127.0.0.1:{port}{self.path}"

    def with_headers(self, **more: str) -> "Request":
        return replace(self, headers={**self.headers, **more})

    def over_tls(self) -> "Request":
        return replace(self, secure=True)


def predict(tensor: Tensor, path: str = "/predict") -> Request:
    """ModelServer's own, also FastAPI's usual one: {"features": [...]}."""
    return _json(path, '{"features":[' + tensor.numbers() + "]}")


def v1(tensor: Tensor, model: str) -> Request:
    return _json(f"/v1/models/{model}:predict", '{"instances":[[' + tensor.numbers() + "]]}")


def v2_json(tensor: Tensor, model: str) -> Request:
    head = json.dumps({"name": tensor.name, "shape": tensor.shape, "datatype": "FP32"}, separators=(",", ":"))
    return _json(f"/v2/models/{model}/infer", '{"inputs":[' + head[:-1] + ',"data":[' + tensor.numbers() + "]}]}")


def v2_binary(tensor: Tensor, model: str, path: str | None = None) -> Request:
    """The binary tensor extension, the answer binary too."""
    raw = tensor.raw()
    head = json.dumps(
        {
            "inputs": [
                {"name": tensor.name, "shape": tensor.shape, "datatype": "FP32", "parameters": {"binary_data_size": len(raw)}}
            ],
            "parameters": {"binary_data_output": True},
        },
        separators=(",", ":"),
    ).encode()
    headers = {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(head))}
    return Request(path or f"/v2/models/{model}/infer", head + raw, headers)


def grpc(tensor: Tensor, model: str) -> Request:
    """inference.GRPCInferenceService/ModelInfer with raw contents, as one uncompressed gRPC message."""
    described = _field(1, tensor.name.encode()) + _field(2, b"FP32") + _field(3, b"".join(_varint(dim) for dim in tensor.shape))
    message = _field(1, model.encode()) + _field(5, described) + _field(7, tensor.raw())
    body = b"\0" + struct.pack(">I", len(message)) + message
    headers = {"content-type": "application/grpc", "te": "trailers"}
    return Request("/inference.GRPCInferenceService/ModelInfer", body, headers, grpc=True)


def upload(file: bytes, path: str) -> Request:
    """An image as a form sends it, in the field `file`."""
    boundary = "bench-7a1f"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="image.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + file + f"\r\n--{boundary}--\r\n".encode()
    return Request(path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


def _json(path: str, text: str) -> Request:
    return Request(path, text.encode(), {"Content-Type": "application/json"})


def _shortest(value: float) -> str:
    exact = struct.unpack("<f", struct.pack("<f", value))[0]
    for digits in range(1, 10):
        text = f"{exact:.{digits}g}"
        if struct.unpack("<f", struct.pack("<f", float(text)))[0] == exact:
            return text
    return repr(exact)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value
