"""A pod: a server that is started again in its folder whenever its process ends, as the kubelet does."""

import concurrent.futures
import itertools
import json
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

import grpc

from answers import http1, protocols, tensors
from answers.crashes import judge
from clients.server import Server

HEAP = "256m"
# Of addresses: what asks for more gets no memory, and nothing of this machine is taken from others.
PREFIX = ("prlimit", f"--as={5 << 30}", "--core=0")
REQUEST_SECONDS = 5
ANSWER_SECONDS = 20
END_SECONDS = 150  # the JVM takes up to two minutes for its report
PROTOCOLS = ("V2 JSON", "V2 binary", "gRPC")
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Request:
    inputs: dict
    what: str  # in words
    innocent: bool
    protocol: str

    def by(self, protocol):
        return Request(self.inputs, self.what, self.innocent, protocol)


@dataclass(frozen=True)
class Answer:
    status: int
    said: str
    id: str


class Pod:
    def __init__(self, content, batching, java):
        serving = {"batching": batching, "drainDelayMillis": 0, "requestTimeoutMillis": REQUEST_SECONDS * 1000, "runtime": {"instances": 4}}
        self.server = Server(content, serving=serving, java=[f"-Xmx{HEAP}", *java], prefix=PREFIX, patience=120)
        self.crashes = 0
        self.refusals = 0  # by the process that runs now
        self.answered = False  # whether that one has answered with 200
        self._mark = 0
        self._channel = None

    def __enter__(self):
        self.server.__enter__()
        self._connect()
        return self

    def __exit__(self, *_):
        self._channel.close()
        self.server.__exit__()

    @property
    def recording(self):
        return self.crashes > 0

    def restart(self):
        """Serves again; returns what the new process wrote until it was ready."""
        self._channel.close()
        self._mark, self.refusals, self.answered = len(self.server.log()), 0, False
        self.server.start()
        self._connect()
        return self.log()

    def kill(self):
        self.server.signal(signal.SIGKILL)
        self.server.ended(10)

    def log(self):
        """What the process that runs now, or ended last, wrote."""
        return self.server.log()[self._mark :]

    def line(self, pattern, seconds=3):
        """The line of the log that has a pattern, which may come a moment after the answer; "" where none does."""
        end = time.monotonic() + seconds
        while True:
            found = next((line for line in self.log().splitlines() if re.search(pattern, line)), "")
            if found or time.monotonic() > end:
                return found
            time.sleep(0.05)

    def info(self):
        return self._get(self.server.http_port, "/info").json

    def metrics(self):
        return self._get(self.server.management_port, "/metrics").body.decode()

    def alive(self):
        """Whether the liveness probe is content."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server.management_port}/health", timeout=10):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def send(self, requests):
        """Sends requests at the same moment; their answers in this order."""
        together = threading.Barrier(len(requests))
        with concurrent.futures.ThreadPoolExecutor(len(requests)) as pool:
            answers = list(pool.map(lambda request: self._ask(request, together), requests))
        self.refusals += sum(each.status == judge.REFUSED for each in answers)
        self.answered |= any(each.status == 200 for each in answers)
        return answers

    def _connect(self):
        self._channel = grpc.insecure_channel(self.server.grpc, options=protocols.CHANNEL)
        self._stub = protocols.service_pb2_grpc.GRPCInferenceServiceStub(self._channel)

    def _get(self, port, path):
        connection = http1.Connection(port, ANSWER_SECONDS)
        try:
            return connection.ask(http1.request("GET", path))
        finally:
            connection.close()

    def _ask(self, request, together):
        name = f"trial-{next(_NUMBERS)}"
        call = self._grpc if request.protocol == "gRPC" else self._http
        prepared = message(self.server.model, request, name)
        together.wait(30)
        try:
            code, said = call(prepared, name)
        except OSError as e:
            code, said = judge.BROKEN, f"{type(e).__name__}: {e}"
        return Answer(judge.status(code, said), said, name)

    def _http(self, data, _):
        connection = http1.Connection(self.server.http_port, ANSWER_SECONDS)
        try:
            answer = connection.ask(data)
            return answer.status, "" if answer.status == 200 else answer.error
        finally:
            connection.close()

    def _grpc(self, data, name):
        try:
            self._stub.ModelInfer(data, timeout=ANSWER_SECONDS, metadata=[("x-request-id", name)])
            return 200, ""
        except grpc.RpcError as e:
            if e.code() == grpc.StatusCode.UNAVAILABLE:
                return judge.BROKEN, str(e.details())
            refused = protocols.refused(e)
            return getattr(refused, "status", judge.BROKEN), str(getattr(refused, "said", refused))


def message(model, request, name):
    """What is sent: bytes of HTTP, or a message of gRPC."""
    if request.protocol == "gRPC":
        return protocols.grpc_request(model, request.inputs)
    if request.protocol == "/predict":
        body = '{"features": ' + tensors.nested(next(iter(request.inputs.values()))) + "}"
        data = http1.request("POST", "/predict", body.encode())
    else:
        write = protocols.v2_json if request.protocol == "V2 JSON" else protocols.v2_binary
        data = write(model, request.inputs)
    return data.replace(b"\r\n", f"\r\nX-Request-Id: {name}\r\n".encode(), 1)


def shortened(line, most=400):
    text = " ".join(line.split()) if isinstance(line, str) else json.dumps(line)
    return text if len(text) <= most else text[: most - 1] + "…"
