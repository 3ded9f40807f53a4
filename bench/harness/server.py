"""A server that is measured: how it is prepared and started."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from . import shell
from .bench import Bench
from .paths import CACHE
from .process import Launch, Process, free_port


@dataclass(frozen=True)
class Ports:
    http: int
    management: int
    grpc: int
    other: int


class Server:
    """Subclasses say how. `prepare` may raise Unavailable: then the report says why the server is missing."""

    key = ""
    jvm = False

    def prepare(self, bench: Bench) -> None:
        """Builds or installs what it needs; called once."""

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        """How to start it in an empty folder of its own; it must listen on 127.0.0.1."""
        raise NotImplementedError


class Running:
    """A started server."""

    def __init__(self, bench: Bench, server: Server):
        self.server = server
        self.folder = CACHE / "run" / server.key
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.ports = Ports(*(free_port() for _ in range(4)))
        self._launch = server.launch(bench, self.ports, self.folder)
        self.before_seconds: float | None = None
        self.process = self._begin()

    def restart(self) -> None:
        """The same in the same folder, as processes of their own."""
        self.process.stop()
        self.process = self._begin()

    def stop(self) -> None:
        self.process.stop()

    def _begin(self) -> Process:
        launch = self._launch
        if launch.before:
            started = time.monotonic()
            shell.run(launch.before, log=f"{self.server.key}-before", cwd=launch.cwd, env=launch.env, timeout=120)
            self.before_seconds = time.monotonic() - started
        return Process(self.server.key, launch)
