"""ModelServer itself, started as its image starts it: preflight, then serve."""

import json
from pathlib import Path

from harness import profile, secrets
from harness.bench import Bench, Model
from harness.process import Launch
from harness.server import Ports, Server

MODEL = "bench"


class ModelServer(Server):
    """
    memory stands for the memory limit of the pod, from which the JVM sizes its heap; with tls and tokens the data port
    takes nothing else (mode Strict); settings are those of the configuration file's "server".
    """

    jvm = True

    def __init__(
        self, model: Model, memory: str, key: str = "modelserver", tls: bool = False, tokens: bool = False, **settings: object
    ):
        self.key = key
        self._model = model
        self._memory = memory
        self._tls = tls
        self._tokens = tokens
        self._settings = settings

    def prepare(self, bench: Bench) -> None:
        self._model.file()
        bench.image  # noqa: B018 - builds it

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        secured, mounts = self._secured(bench, folder)
        config = folder / "config.json"
        config.write_text(
            json.dumps(
                {
                    "contract": 1,
                    "model": {"name": MODEL, "version": "v1.0.0", "uri": f"file://{self._model.file()}"},
                    "server": {"logLevel": "INFO", "drainDelayMillis": 0, **secured, **self._settings},
                }
            )
        )
        java, *flags = bench.image.entrypoint
        command = [java, f"-XX:MaxRAM={self._memory}", *flags]
        at = command.index("-jar")
        command[at:at] = ["-Dquarkus.http.host=127.0.0.1"]
        env = {
            **bench.image.env,
            "MODELSERVER_CONFIG": str(config),
            "MODELSERVER_PIN": str(folder / "pin"),
            "MODELSERVER_SOURCE_DIR": str(folder / "source"),
            "MODELSERVER_MODEL_DIR": str(folder / "model"),
            "MODELSERVER_TERMINATION_LOG": str(folder / "termination-log"),
            "MODELSERVER_HTTP_PORT": str(ports.http),
            "MODELSERVER_MANAGEMENT_PORT": str(ports.management),
            "MODELSERVER_GRPC_PORT": str(ports.grpc),
            "POD_NAME": "bench-pod",
            **mounts,
        }
        (folder / "model").mkdir()
        serve = profile.recorded(command, self.key) if bench.profile else command
        return Launch([*serve, "serve"], env, before=[*command, "preflight"])

    def _secured(self, bench: Bench, folder: Path) -> tuple[dict, dict]:
        """The settings and the environment of TLS and tokens."""
        settings, mounts = {}, {}
        if self._tls:
            settings["tls"] = {"mode": "Strict", "secretName": "bench-tls", "names": [secrets.CERTIFICATE_NAME]}
            mounts["MODELSERVER_TLS_DIR"] = str(secrets.certificate(bench.tools, folder / "tls"))
        if self._tokens:
            settings["authentication"] = {"mode": "Strict", "secretName": "bench-tokens"}
            mounts["MODELSERVER_TOKENS_DIR"] = str(secrets.tokens(folder / "tokens"))
        return settings, mounts
