"""One question to the server through each protocol, and what it answered."""

import json
import urllib.parse

import grpc
import numpy as np
from tritonclient.grpc import service_pb2, service_pb2_grpc

from answers import http1, tensors

CHANNEL = [("grpc.max_receive_message_length", 1 << 30), ("grpc.max_send_message_length", 1 << 30), ("grpc.use_local_subchannel_pool", 1)]
STATUSES = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.FAILED_PRECONDITION: 422,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 503,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
    grpc.StatusCode.INTERNAL: 500,
    grpc.StatusCode.UNKNOWN: 500,
}


class Refused(Exception):
    """An answer other than 200: its HTTP status, or the one that its gRPC status stands for."""

    def __init__(self, status, said):
        super().__init__(f"{status} {said}")
        self.status = status
        self.said = said


class Client:
    """Asks one server, over connections that are kept open.

    Inputs and outputs are arrays by name; outputs keep the order of the answer.
    """

    def __init__(self, server):
        self.server = server
        self.model = urllib.parse.quote(server.model, safe="")
        self.name = server.model
        self.connect()

    def connect(self):
        """Takes new connections, as after a restart of the server."""
        server = self.server
        self.http = http1.Connection(server.http_port)
        self.channel = grpc.insecure_channel(server.grpc, options=CHANNEL)
        self.stub = service_pb2_grpc.GRPCInferenceServiceStub(self.channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()
        self.channel.close()

    def get(self, path, headers=None):
        return self.http.ask(http1.request("GET", path, headers=headers))

    def post(self, path, body, headers=None):
        """Posts JSON: text, bytes, or what json.dumps takes."""
        return self.http.ask(http1.request("POST", path, encoded(body), headers))

    def predict(self, body, headers=None):
        """The JSON of /predict without what differs from call to call."""
        return prediction(self.post("/predict", body, headers))

    def v1(self, body):
        """The predictions of V1."""
        return accepted(self.post(f"/v1/models/{self.model}:predict", body)).json["predictions"]

    def v2_json(self, inputs, outputs=None):
        return of_v2(self.http.ask(v2_json(self.model, inputs, outputs)))

    def v2_binary(self, inputs, outputs=None):
        return of_v2(self.http.ask(v2_binary(self.model, inputs, outputs)))

    def grpc(self, inputs, raw=True, outputs=None):
        try:
            return of_grpc(self.stub.ModelInfer(grpc_request(self.name, inputs, raw, outputs), timeout=60))
        except grpc.RpcError as e:
            raise refused(e) from None

    def each(self, inputs):
        """The answer through each protocol of tensors: outputs, or Refused, or what broke the call."""
        calls = {"V2 JSON": self.v2_json, "V2 binary": self.v2_binary, "gRPC": self.grpc}
        answers = {}
        for protocol, call in calls.items():
            try:
                answers[protocol] = call(inputs)
            except (Refused, OSError) as e:
                answers[protocol] = e
        return answers


def encoded(body):
    return body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()


def accepted(answer):
    if answer.status != 200:
        raise Refused(answer.status, answer.error)
    return answer


def prediction(answer):
    whole = accepted(answer).json
    for name in ("processing_time_ms", "timestamp", "model", "model_version", "served_by_pod"):
        whole.pop(name, None)
    return whole


def head(array, name):
    return {"name": name, "datatype": tensors.datatype(array), "shape": list(array.shape)}


def v2_json(model, inputs, outputs=None, write=tensors.flat):
    """The bytes of a request with JSON data; `write` makes JSON of an array."""
    parts = [json.dumps(head(array, name))[:-1] + ', "data": ' + write(array) + "}" for name, array in inputs.items()]
    wanted = "" if outputs is None else f', "outputs": {json.dumps([{"name": name} for name in outputs])}'
    body = '{"inputs": [' + ", ".join(parts) + "]" + wanted + "}"
    return http1.request("POST", f"/v2/models/{model}/infer", body.encode())


def v2_binary(model, inputs, outputs=None):
    packed = [tensors.pack(array) for array in inputs.values()]
    document = {
        "inputs": [head(array, name) | {"parameters": {"binary_data_size": len(data)}} for (name, array), data in zip(inputs.items(), packed)],
        "parameters": {"binary_data_output": True},
    }
    if outputs is not None:
        document["outputs"] = [{"name": name} for name in outputs]
    text = json.dumps(document).encode()
    headers = {"Inference-Header-Content-Length": len(text), "Content-Type": "application/octet-stream"}
    return http1.request("POST", f"/v2/models/{model}/infer", text + b"".join(packed), headers)


def of_v2(answer):
    """The outputs of a V2 answer, in JSON or as binary data."""
    accepted(answer)
    length = int(answer.headers.get("inference-header-content-length", len(answer.body)))
    document, at, outputs = json.loads(answer.body[:length]), length, {}
    for output in document["outputs"]:
        size = output.get("parameters", {}).get("binary_data_size")
        if size is None:
            array = tensors.of_json(output["datatype"], output["shape"], output["data"])
        else:
            array, at = tensors.unpack(output["datatype"], output["shape"], answer.body[at : at + size]), at + size
        outputs[output["name"]] = array
    return outputs


def grpc_request(model, inputs, raw=True, outputs=None):
    message = service_pb2.ModelInferRequest(model_name=model)
    for name, array in inputs.items():
        tensor = message.inputs.add(**head(array, name))
        if raw:
            message.raw_input_contents.append(tensors.pack(array))
        else:
            values = [text.encode() for text in array.ravel()] if array.dtype == object else array.ravel().tolist()
            getattr(tensor.contents, tensors.CONTENTS[tensor.datatype]).extend(values)
    for name in outputs or []:
        message.outputs.add(name=name)
    return message


def of_grpc(message):
    outputs = {}
    for i, output in enumerate(message.outputs):
        if message.raw_output_contents:
            array = tensors.unpack(output.datatype, list(output.shape), message.raw_output_contents[i])
        else:
            values = getattr(output.contents, tensors.CONTENTS[output.datatype])
            array = typed(output.datatype, list(output.shape), values)
        outputs[output.name] = array
    return outputs


def typed(datatype, shape, values):
    if datatype == "BYTES":
        return tensors.strings([value.decode() for value in values], shape)
    return np.array(values, tensors.ARRAYS[datatype]).reshape(shape)


def refused(error):
    if error.code() == grpc.StatusCode.UNAVAILABLE and "Socket closed" in str(error.details()):
        return ConnectionError(error.details())
    return Refused(STATUSES.get(error.code(), 500), error.details())
