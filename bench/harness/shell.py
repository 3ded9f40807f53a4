"""Runs a program to its end."""

import os
import subprocess
from pathlib import Path

from .paths import CACHE
from .unavailable import Unavailable


def run(command: list, *, log: str, cwd: Path | None = None, env: dict | None = None, timeout: float = 1800) -> None:
    """Runs it with its output in a file; one that fails makes its part of the run unavailable."""
    file = CACHE / "logs" / f"{log}.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "wb") as output:
        try:
            code = subprocess.run(
                [str(part) for part in command],
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout,
            ).returncode
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise Unavailable(f"{command[0]}: {failure}") from failure
    if code:
        raise Unavailable(f"{Path(str(command[0])).name} ended with {code}: {last_words(file)}")


def output(command: list, *, env: dict | None = None) -> str:
    """What it prints, both streams; empty when it cannot be run."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=60,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def last_words(file: Path, limit: int = 300) -> str:
    """The end of a log on one line, without the paths of this machine."""
    text = file.read_text(errors="replace") if file.exists() else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = " / ".join(lines[-3:])[-limit:].replace(str(CACHE), ".cache")
    return f"{words or 'it printed nothing'} (log: bench/.cache/logs/{file.name})"
