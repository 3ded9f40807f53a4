"""From the start of a process to its first answer, again and again, the servers in turn."""

from contextlib import ExitStack

from . import http
from .bench import Bench
from .request import Request
from .rounds import Options, say, start
from .server import Running
from .unavailable import Unavailable
from .workload import Contestant

_READY = Request("/ready", b"", method="GET")
_PAUSE_SECONDS = 0.003


def measure(bench: Bench, contestants: list[Contestant], ready: set[str], options: Options) -> dict:
    """ready: the servers that have /ready; it is asked for first, then the prediction."""
    result: dict = {"servers": {}, "skipped": {}}
    running: dict[str, Running] = {}
    with ExitStack() as stack:
        for contestant in contestants:
            try:
                one = start(bench, contestant.server)
                stack.callback(one.stop)
                # not counted: files come into the page cache
                http.wait_for(one.process, one.ports.http, contestant.request)
                one.process.stop()
                running[contestant.key] = one
                result["servers"][contestant.key] = {"title": contestant.title, "before": [], "ready": [], "answer": [], "rss": []}
            except Unavailable as reason:
                result["skipped"][contestant.key] = {"title": contestant.title, "reason": str(reason)}
        for number in range(options.starts):
            for contestant in contestants:
                if contestant.key in running:
                    seen = result["servers"][contestant.key]
                    _once(running[contestant.key], contestant, contestant.server.key in ready, seen)
                    say(f"  start {number + 1}, {contestant.key:24} first answer after {seen['answer'][-1]:.3f} s")
    return result


def _once(running: Running, contestant: Contestant, has_ready: bool, seen: dict) -> None:
    running.restart()
    process, port = running.process, running.ports.http
    if running.before_seconds is not None:
        seen["before"].append(running.before_seconds)
    if has_ready:
        seen["ready"].append(http.wait_for(process, port, _READY, pause=_PAUSE_SECONDS))
    seen["answer"].append(http.wait_for(process, port, contestant.request, pause=_PAUSE_SECONDS))
    seen["rss"].append(process.memory_bytes())
    process.stop()
