"""The packaged inference server as a process on free ports, with one of the test models."""

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
JAR = ROOT / "target/quarkus-app/quarkus-run.jar"


def _free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """`with Server("sklearn-zipmap") as server:` serves src/test/models/sklearn-zipmap.onnx as version v1."""

    def __init__(self, model):
        self.model = model
        self.http_port, self.management_port, self.grpc_port = _free_port(), _free_port(), _free_port()
        self.http = f"127.0.0.1:{self.http_port}"
        self.grpc = f"127.0.0.1:{self.grpc_port}"
        self.url = f"http://{self.http}"

    def __enter__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="conformance-"))
        (self._folder / "source").mkdir()
        shutil.copy(MODELS / f"{self.model}.onnx", self._folder / "source/model.onnx")
        config = {"contract": 1, "model": {"name": self.model, "version": "v1", "uri": "configmap://any/model.onnx"}, "server": {}}
        (self._folder / "config.json").write_text(json.dumps(config))
        self._start("preflight").wait(60)
        self._process = self._start("serve")
        end = time.monotonic() + 60
        while not self._ready():
            if time.monotonic() > end or self._process.poll() is not None:
                self._process.kill()
                raise RuntimeError((self._folder / "serve.log").read_text())
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, command):
        java = pathlib.Path(os.environ["JAVA_HOME"]) / "bin/java"
        variables = {
            "MODELSERVER_CONFIG": self._folder / "config.json",
            "MODELSERVER_PIN": self._folder / "pin",
            "MODELSERVER_SOURCE_DIR": self._folder / "source",
            "MODELSERVER_MODEL_DIR": self._folder / "model",
            "MODELSERVER_TERMINATION_LOG": self._folder / "termination",
            "MODELSERVER_HTTP_PORT": self.http_port,
            "MODELSERVER_MANAGEMENT_PORT": self.management_port,
            "MODELSERVER_GRPC_PORT": self.grpc_port,
            "POD_NAME": "conformance",
        }
        with open(self._folder / f"{command}.log", "w") as log:
            return subprocess.Popen(
                [java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-jar", JAR, command],
                env={**os.environ, **{name: str(value) for name, value in variables.items()}},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.management_port}/ready", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError):
            return False
