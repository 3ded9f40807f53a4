"""Server processes: started in a session of their own, so that all their children are known, measured and ended."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from .paths import CACHE
from .shell import last_words
from .unavailable import Unavailable

_TICKS = os.sysconf("SC_CLK_TCK")
_PR_SET_PDEATHSIG = 1
_running: list["Process"] = []


@dataclass(frozen=True)
class Launch:
    """How a server is started; `before` is what has to run to its end before, like a pod's init container."""

    command: list
    env: dict = field(default_factory=dict)
    cwd: Path | None = None
    before: list | None = None


class Process:
    """A started server with all its children."""

    def __init__(self, name: str, launch: Launch):
        self.name = name
        self.log = CACHE / "logs" / f"{name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as output:
            self.started = time.monotonic()
            self._popen = subprocess.Popen(
                [str(part) for part in launch.command],
                cwd=launch.cwd,
                env={**os.environ, **launch.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        self.pid = self._popen.pid
        _running.append(self)

    def check_alive(self) -> None:
        code = self._popen.poll()
        if code is not None:
            raise Unavailable(f"{self.name} ended with {code}: {last_words(self.log)}")

    def pids(self) -> list[int]:
        """The process and its children: everything in its session."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                fields = _stat(int(entry))
                if fields and int(fields[3]) == self.pid:
                    found.append(int(entry))
        return found

    def cpu_seconds(self) -> float:
        """CPU time of all its processes so far, with that of children that ended and were waited for."""
        ticks = 0
        for pid in self.pids():
            fields = _stat(pid)
            if fields:
                ticks += sum(int(value) for value in fields[11:15])
        return ticks / _TICKS

    def memory_bytes(self, key: str = "VmRSS") -> int:
        """VmRSS or VmHWM, summed; pages that processes share count once in each."""
        total = 0
        for pid in self.pids():
            try:
                for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                    if line.startswith(key + ":"):
                        total += int(line.split()[1]) * 1024
            except OSError:
                continue
        return total

    def stop(self, patience: float = 10) -> None:
        if self in _running:
            _running.remove(self)
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self._left():
            time.sleep(0.02)
        self._signal_all(signal.SIGKILL)
        self._popen.wait()

    def _left(self) -> bool:
        self._popen.poll()
        return any((_stat(pid) or ["Z"])[0] != "Z" for pid in self.pids())

    def _signal_all(self, number: int) -> None:
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def stop_all() -> None:
    """Ends whatever still runs; safe to call at any time."""
    for process in list(_running):
        process.stop(patience=3)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the third on, the state."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()
