"""A server that is measured: how it is prepared and started."""

import shutil
from dataclasses import dataclass
from pathlib import Path

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
        self.launch = server.launch(bench, self.ports, self.folder)
        self.process = Process(server.key, self.launch)

    def restart(self) -> None:
        """The same command in the same folder, as a process of its own."""
        self.process.stop()
        self.process = Process(self.server.key, self.launch)

    def stop(self) -> None:
        self.process.stop()
