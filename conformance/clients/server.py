"""The packaged inference server as a process on free ports, with one model."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2] / "inference-server"
MODELS = ROOT / "src/test/models"
# MODELSERVER_BUILD names another build's folder, to ask an older server the same.
BUILD = pathlib.Path(os.environ.get("MODELSERVER_BUILD", ROOT / "target/quarkus-app"))
JAVA_OPTIONS = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC"]


class NotServed(Exception):
    """Preflight or the server ended; the message is what it said."""


def _free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Server:
    """`with Server("sklearn-zipmap") as server:` serves src/test/models/sklearn-zipmap.onnx as version v1.

    model: the name of a test model, or the path or the bytes of any model
    name: of the model; without it that of the file
    serving, description: the fields `server` and `model.description` of the configuration
    java, serve_java: further options of both Java processes, and of the server's alone
    uri: where preflight takes the model from; without it, from the file
    prefix: a command that runs both processes, such as prlimit

    Its folder plays the pod's volumes: what a crashed process left there is known to the next `start`.
    """

    def __init__(self, model, name=None, serving=None, description=None, java=(), serve_java=(), uri=None, patience=60, prefix=()):
        self._bytes = model if isinstance(model, bytes) else None
        self._file = MODELS / f"{model}.onnx" if isinstance(model, str) else model
        self.model = name or ("model" if self._bytes is not None else self._file.stem)
        self._config = {
            "contract": 1,
            "model": {"name": self.model, "version": "v1", **self._source(uri), "description": description or {}},
            "server": serving or {},
        }
        self._java = {"preflight": list(java), "serve": [*java, *serve_java]}
        self._prefix = list(prefix)
        self._patience = patience
        self.preflight = None
        self._process = None

    @staticmethod
    def _source(uri):
        return {"uri": uri} if uri else {"configMap": {"name": "any", "key": "model.onnx"}}

    def __enter__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="conformance-"))
        try:
            (self._folder / "source").mkdir()
            if self._bytes is None:
                shutil.copy(self._file, self._folder / "source/model.onnx")
            else:
                (self._folder / "source/model.onnx").write_bytes(self._bytes)
            (self._folder / "config.json").write_text(json.dumps(self._config))
            self._ports()
            self._check()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ports(self):
        self.http_port, self.management_port, self.grpc_port = _free_ports(3)
        self.http = f"127.0.0.1:{self.http_port}"
        self.grpc = f"127.0.0.1:{self.grpc_port}"
        self.url = f"http://{self.http}"

    def _check(self):
        """Runs preflight; its report becomes `preflight`."""
        process = self._start("preflight")
        try:
            code = process.wait(self._patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise NotServed(f"preflight did not end within {self._patience} s") from None
        report = self._folder / "termination"
        if report.is_file():
            self.preflight = json.loads(report.read_text())
        if code != 0:
            said = self.preflight["message"] if self.preflight else f"preflight ended with {code}: {self.log('preflight')[-2000:]}"
            raise NotServed(said)

    def start(self):
        """Starts the server on the model that preflight put in place; also again, after its end."""
        if self._process is not None:
            self._ports()
        self._process = self._start("serve")
        end = time.monotonic() + self._patience
        while not self._ready():
            if time.monotonic() > end or self._process.poll() is not None:
                self._process.kill()
                raise NotServed(f"the server ended with {self._process.wait()}: {self.log('serve')[-2000:]}")
            time.sleep(0.02)

    def signal(self, number):
        """Sends the process a signal."""
        self._process.send_signal(number)

    def ended(self, seconds=0.0):
        """The exit code of the process; None while it runs (a negative one is a signal)."""
        try:
            return self._process.wait(seconds) if seconds else self._process.poll()
        except subprocess.TimeoutExpired:
            return None

    def log(self, command="serve"):
        """What preflight or the server wrote."""
        file = self._folder / f"{command}.log"
        return file.read_text(errors="replace") if file.is_file() else ""

    def _start(self, command):
        java = pathlib.Path(os.environ["JAVA_HOME"]) / "bin/java"
        variables = {
            "MODELSERVER_CONFIG": self._folder / "config.json",
            "MODELSERVER_PIN": self._folder / "pin",
            "MODELSERVER_SOURCE_DIR": self._folder / "source",
            "MODELSERVER_MODEL_DIR": self._folder / "model",
            "MODELSERVER_STATE_DIR": self._folder / "state",
            "MODELSERVER_TERMINATION_LOG": self._folder / "termination",
            "MODELSERVER_HTTP_PORT": self.http_port,
            "MODELSERVER_MANAGEMENT_PORT": self.management_port,
            "MODELSERVER_GRPC_PORT": self.grpc_port,
            "POD_NAME": "conformance",
        }
        with open(self._folder / f"{command}.log", "a") as log:
            return subprocess.Popen(
                [*self._prefix, java, f"-XX:ErrorFile={self._folder / 'state/fatal-error.log'}", f"-Djava.io.tmpdir={self._folder}", *self._java[command], *JAVA_OPTIONS, "-jar", BUILD / "quarkus-run.jar", command],
                env={**os.environ, **{name: str(value) for name, value in variables.items()}},
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.management_port}/ready", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
