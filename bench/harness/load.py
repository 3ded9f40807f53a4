"""Load from wrk (HTTP/1.1) and h2load (gRPC over HTTP/2), always to 127.0.0.1."""

import json
import os
import re
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .paths import BENCH
from .process import Process
from .request import Request
from .tools import Tools
from .unavailable import Unavailable

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Load:
    """What the clients saw. Latencies in milliseconds."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float
    p999: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def fields(self) -> dict:
        return {**asdict(self), "rate": self.rate}


def run(tools: Tools, port: int, request: Request, connections: int, seconds: float, answer_bytes: int = 0) -> Load:
    """As many requests as the server takes, each connection sending its next when it has the last answer."""
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "body"
        body.write_bytes(request.body)
        if request.grpc:
            return _h2load(tools, port, request, connections, seconds, answer_bytes, body)
        return _wrk(tools, port, request, connections, seconds, body)


def _threads(connections: int) -> int:
    return min(2, connections, os.cpu_count() or 1)


def _wrk(tools: Tools, port: int, request: Request, connections: int, seconds: float, body: Path) -> Load:
    headers = body.with_name("headers")
    headers.write_text("".join(f"{name}: {value}\n" for name, value in request.headers.items()))
    printed = tools.output(
        "wrk",
        [
            f"-t{_threads(connections)}",
            f"-c{connections}",
            f"-d{max(1, round(seconds))}s",
            f"--timeout={_TIMEOUT_SECONDS}s",
            "-s",
            BENCH / "harness" / "request.lua",
            request.url(port),
        ],
        env={"BENCH_METHOD": request.method, "BENCH_BODY": str(body), "BENCH_HEADERS": str(headers)},
        timeout=seconds + _TIMEOUT_SECONDS + 30,
    )
    return parse_wrk(printed)


def parse_wrk(printed: str) -> Load:
    for line in printed.splitlines():
        if line.startswith("BENCH "):
            seen = json.loads(line.removeprefix("BENCH "))
            return Load(
                # wrk counts every answer; those above 399 are among its errors too
                requests=seen["requests"] - seen["status"],
                seconds=seen["micros"] / 1e6,
                errors=seen["status"] + seen["connect"] + seen["read"] + seen["write"] + seen["timeout"],
                p50=seen["p50"] / 1e3,
                p99=seen["p99"] / 1e3,
                p999=seen["p999"] / 1e3,
            )
    raise Unavailable(f"wrk printed no result: {printed.strip()[-200:]}")


def _h2load(tools: Tools, port: int, request: Request, connections: int, seconds: float, answer_bytes: int, body: Path) -> Load:
    log = body.with_name("log")
    duration = max(1, round(seconds))
    headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
    printed = tools.output(
        "h2load",
        [
            f"-t{_threads(connections)}",
            f"-c{connections}",
            "-m1",
            f"-D{duration}",
            f"-N{_TIMEOUT_SECONDS}s",
            f"--data={body}",
            f"--log-file={log}",
            *headers,
            request.url(port),
        ],
        timeout=seconds + _TIMEOUT_SECONDS + 30,
    )
    lines = log.read_text().splitlines() if log.exists() else []
    return parse_h2load(printed, lines, duration, answer_bytes)


def parse_h2load(printed: str, lines: list[str], seconds: float, answer_bytes: int) -> Load:
    """
    The log has a line "start, status, microseconds" for each answer. A failed gRPC call has status 200 and no data, so
    that the good answers are counted by their bytes.
    """
    times, errors = [], 0
    for line in lines:
        _, status, micros = line.split()
        if status == "200":
            times.append(int(micros))
        else:
            errors += 1
    if not times:
        raise Unavailable(f"h2load saw no answer: {printed.strip()[-200:]}")
    good = len(times)
    for line in printed.splitlines():
        if line.startswith("traffic:") and answer_bytes:
            data = int(line.rsplit("(", 1)[1].split(")", 1)[0])
            good = min(good, data // answer_bytes)
    times.sort()
    return Load(
        requests=good,
        seconds=seconds,
        errors=errors + len(times) - good,
        p50=_percentile(times, 0.5),
        p99=_percentile(times, 0.99),
        p999=_percentile(times, 0.999),
    )


def _percentile(times: list[int], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] / 1e3


def first_grpc_answer(tools: Tools, process: Process, port: int, request: Request, patience: float = 45) -> int:
    """Waits until the server answers a call with status 0; returns the bytes of the answer's message."""
    headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "body"
        body.write_bytes(request.body)
        while True:
            printed = tools.output("nghttp", ["--null-out", "--verbose", f"--data={body}", *headers, request.url(port)])
            if re.search(r"grpc-status: 0\b", printed):
                return sum(int(size) for size in re.findall(r"recv DATA frame <length=(\d+)", printed))
            process.check_alive()
            if time.monotonic() - process.started > patience:
                refusal = re.search(r"grpc-message: .*|grpc-status: .*", printed)
                said = refusal.group() if refusal else "no answer"
                raise Unavailable(f"{process.name}: {said} on port {port} after {patience:.0f} s")
            time.sleep(0.2)
