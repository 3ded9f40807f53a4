"""Interleaved rounds: A B C A B C, each time beginning with another, all servers up all the time."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass

from . import answers, http, java, load, profile
from .bench import Bench
from .server import Running, Server
from .unavailable import Unavailable
from .workload import Contestant, Workload


@dataclass(frozen=True)
class Options:
    """How long and how often. Seconds are those of one measurement."""

    rounds: int = 5
    seconds: float = 8
    warm_up: float = 8
    starts: int = 10
    connections: tuple | None = None


class Measurement:
    """One workload, measured; `result` can be written as JSON at any time."""

    def __init__(self, bench: Bench, workload: Workload, options: Options):
        self._bench = bench
        self._options = options
        self._workload = workload
        self._connections = tuple(options.connections or workload.connections)
        self._running: dict[str, Running] = {}
        self._left = list(workload.contestants)
        self.result: dict = {
            "title": workload.title,
            "connections": self._connections,
            "contestants": {},
            "skipped": {},
            "measured": [],
            "memory": {},
        }

    def run(self) -> None:
        with ExitStack() as stack:
            self._start(stack)
            for contestant in list(self._left):
                self._try(contestant, lambda c=contestant: self._first(c))
            for number in range(self._options.rounds):
                for connections in self._connections:
                    turn = number % max(1, len(self._left))
                    for contestant in self._left[turn:] + self._left[:turn]:
                        self._try(contestant, lambda c=contestant: self._measure(c, connections, number))
            for key, running in self._running.items():
                self.result["memory"][key] = {
                    "rss": running.process.memory_bytes("VmRSS"),
                    "peak": running.process.memory_bytes("VmHWM"),
                }
        if self._bench.profile:
            say(profile.views(key for key in self._running if key.startswith("modelserver")))

    def _start(self, stack: ExitStack) -> None:
        failed: dict[str, str] = {}
        for contestant in self._workload.contestants:
            server = contestant.server
            if server.key not in self._running and server.key not in failed:
                try:
                    self._running[server.key] = start(self._bench, server)
                    stack.callback(self._running[server.key].stop)
                except Unavailable as reason:
                    failed[server.key] = str(reason)
            if server.key in failed:
                self._skip(contestant, failed[server.key])

    def _first(self, contestant: Contestant) -> None:
        """Waits for a first good answer, then lets it run until it is compiled and its caches are full."""
        running = self._running[contestant.server.key]
        size = first_answer(self._bench, running, contestant)
        self.result["contestants"][contestant.key] = {
            "title": contestant.title,
            "server": contestant.server.key,
            "body_bytes": len(contestant.request.body),
            "answer_bytes": size,
        }
        if self._options.warm_up:
            load.run(self._bench.tools, port(running, contestant), contestant.request, 64, self._options.warm_up)

    def _measure(self, contestant: Contestant, connections: int, number: int) -> None:
        running = self._running[contestant.server.key]
        process = running.process
        allocated = java.allocated_bytes(process.pid) if contestant.server.jvm else None
        cpu = process.cpu_seconds()
        size = self.result["contestants"][contestant.key]["answer_bytes"]
        seen = load.run(
            self._bench.tools, port(running, contestant), contestant.request, connections, self._options.seconds, size
        )
        cpu = process.cpu_seconds() - cpu
        process.check_alive()
        after = java.allocated_bytes(process.pid) if contestant.server.jvm else None
        done = max(1, seen.requests)
        self.result["measured"].append(
            {
                "contestant": contestant.key,
                "connections": connections,
                "round": number,
                **seen.fields(),
                "cpu_us": cpu / done * 1e6,
                "allocated": None if allocated is None or after is None else (after - allocated) / done,
            }
        )
        say(f"  round {number + 1}, {connections:3} connections, {contestant.key:24} {seen.rate:9.0f}/s, {seen.errors} errors")

    def _try(self, contestant: Contestant, step) -> None:
        if contestant in self._left:
            try:
                step()
            except Unavailable as reason:
                self._skip(contestant, str(reason))

    def _skip(self, contestant: Contestant, reason: str) -> None:
        self._left.remove(contestant)
        self.result["skipped"][contestant.key] = {"title": contestant.title, "reason": reason}
        say(f"  {contestant.key} is left out: {reason}")


def start(bench: Bench, server: Server) -> Running:
    server.prepare(bench)
    return Running(bench, server)


def port(running: Running, contestant: Contestant) -> int:
    return running.ports.grpc if contestant.request.grpc else running.ports.http


def first_answer(bench: Bench, running: Running, contestant: Contestant) -> int:
    """Bytes of the body of a good answer."""
    request = contestant.request
    if request.grpc:
        return load.first_grpc_answer(bench.tools, running.process, running.ports.grpc, request)
    http.wait_for(running.process, running.ports.http, request, patience=90)
    answer = http.send(running.ports.http, request)
    if answer is None or answer.status != 200:
        raise Unavailable(f"{contestant.key} answered once and then no more")
    if contestant.model:
        answers.check(contestant.model, answer.body)
    return len(answer.body)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
