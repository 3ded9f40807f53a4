"""What is measured: the same question asked of several servers."""

from dataclasses import dataclass

from .bench import Model
from .request import Request
from .server import Server


@dataclass(frozen=True)
class Contestant:
    """One way to ask: a server and a request to it. The key is what goals and reports name."""

    key: str
    title: str
    server: Server
    request: Request
    model: Model | None = None
    """Whose numbers the answer must hold; None for one that thinks nothing."""


@dataclass(frozen=True)
class Workload:
    key: str
    title: str
    contestants: list[Contestant]
    connections: tuple = (2, 64, 256)
