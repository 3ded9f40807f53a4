"""What users run today: FastAPI, KServe's SDK and MLServer, each from PyPI in an environment of its own."""

import json
import os
import shutil
from pathlib import Path

from harness import shell, venv
from harness.bench import Bench, Model
from harness.paths import BENCH, CACHE
from harness.process import Launch
from harness.server import Ports, Server

MODEL = "bench"
_APPS = BENCH / "apps"
# One process for each core, as for the JVM's event loops.
_WORKERS = os.cpu_count() or 1


class FastApi(Server):
    """An application of ../apps behind uvicorn with uvloop, as many workers as cores."""

    def __init__(self, app: str, model: Model | None = None, requirements: str = "fastapi"):
        self.key = app.replace("_", "-")
        self._requirements = requirements
        self._app = app
        self._model = model

    def prepare(self, bench: Bench) -> None:
        venv.python(self._requirements)
        self._file()

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        return Launch(
            [
                venv.python(self._requirements), "-m", "uvicorn", f"{self._app}:app", "--app-dir", _APPS, "--host", "127.0.0.1",
                "--port", ports.http, "--workers", _WORKERS, "--loop", "uvloop", "--http", "httptools", "--no-access-log",
                "--log-level", "warning",
            ],
            {"BENCH_MODEL": str(self._file())},
        )  # fmt: skip

    def _file(self) -> Path:
        if self._model:
            return self._model.file()
        file = CACHE / "models" / "iris.joblib"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            shell.run([venv.python(self._requirements), _APPS / f"{self._app}.py", file], log="train")
        return file


class KServe(Server):
    """KServe's SDK. With more than one worker it serves no gRPC."""

    def __init__(self, model: Model, key: str = "kserve", workers: int = _WORKERS):
        self.key = key
        self._model = model
        self._workers = workers

    def prepare(self, bench: Bench) -> None:
        venv.python("kserve")
        self._model.file()

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        return Launch(
            [venv.python("kserve"), _APPS / "kserve_onnx.py", "--log_config_file", _APPS / "kserve_logging.json"],
            {
                "BENCH_MODEL": str(self._model.file()),
                "BENCH_PORT": str(ports.http),
                "BENCH_GRPC_PORT": str(ports.grpc),
                "BENCH_WORKERS": str(self._workers),
            },
        )


class MlServer(Server):
    """MLServer with a runtime of its own for ONNX; settings replace its defaults."""

    def __init__(self, model: Model, key: str = "mlserver", **settings: object):
        self.key = key
        self._model = model
        self._settings = settings

    def prepare(self, bench: Bench) -> None:
        venv.python("mlserver")
        self._model.file()

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        shutil.copy(_APPS / "mlserver_onnx.py", folder)
        ports_and_more = {
            "host": "127.0.0.1",
            "http_port": ports.http,
            "grpc_port": ports.grpc,
            "metrics_port": ports.other,
            **self._settings,
        }
        model = {"name": MODEL, "implementation": "mlserver_onnx.OnnxModel", "parameters": {"uri": str(self._model.file())}}
        (folder / "settings.json").write_text(json.dumps(ports_and_more))
        (folder / "model-settings.json").write_text(json.dumps(model))
        return Launch([venv.python("mlserver").parent / "mlserver", "start", "."], cwd=folder)


def tuned_mlserver(model: Model) -> MlServer:
    """The fastest settings found for small models: the model inside the one process, no debugging, no compression."""
    return MlServer(model, "mlserver-tuned", parallel_workers=0, debug=False, gzip_enabled=False)
