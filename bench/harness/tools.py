"""wrk, h2load, nginx and openssl: those of the machine, or Debian's packages unpacked into the cache. Nothing is installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import shell
from .paths import CACHE
from .unavailable import Unavailable

# What carries each program; packages that the machine has are left alone.
_PACKAGES = {"wrk": "wrk", "h2load": "nghttp2-client", "nghttp": "nghttp2-client", "nginx": "nginx", "openssl": "openssl"}


class Tools:
    """Finds programs once and runs them."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, dict]] = {}

    def find(self, program: str) -> tuple[str, dict]:
        """Its path and the environment that it needs."""
        if program not in self._found:
            self._found[program] = self._look_up(program)
        return self._found[program]

    def output(self, program: str, arguments: list, *, env: dict | None = None, timeout: float = 60) -> str:
        path, own = self.find(program)
        try:
            done = subprocess.run(
                [path, *(str(argument) for argument in arguments)],
                env={**os.environ, **own, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as late:
            raise Unavailable(f"{program} did not end within {timeout:.0f} s") from late
        return done.stdout

    def version(self, program: str) -> str:
        option = {"wrk": "-v", "h2load": "--version", "nginx": "-v"}[program]
        try:
            lines = self.output(program, [option]).splitlines()
        except Unavailable:
            return "absent"
        match = re.search(r"\d+\.\d+[\w.+/-]*", lines[0] if lines else "")
        return match.group() if match else "unknown"

    def _look_up(self, program: str) -> tuple[str, dict]:
        installed = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
        if installed:
            return installed, {}
        folder = CACHE / "tools" / _PACKAGES[program]
        if not folder.exists():
            _unpack(_PACKAGES[program], folder)
        for place in ("usr/bin", "usr/sbin"):
            if (folder / place / program).exists():
                libraries = sorted({str(file.parent) for file in folder.rglob("*.so*")})
                return str(folder / place / program), {"LD_LIBRARY_PATH": ":".join(libraries)}
        raise Unavailable(f"Debian's package {_PACKAGES[program]} has no {program}; install it yourself")


def _unpack(package: str, folder: Path) -> None:
    """Downloads a package with those it depends on that are not installed."""
    advice = f"install the package {package}"
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable(advice)
    printed = shell.output(["apt-get", "--print-uris", "-qq", "install", "--no-install-recommends", package])
    needed = re.findall(r"^'[^']+' ([^_\s]+)_\S+\.deb ", printed, re.MULTILINE)
    if not needed:
        raise Unavailable(f"apt-get finds no package {package} (apt-get update?); {advice}")
    staging = folder.with_name(package + ".part")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    shell.run(["apt-get", "-qq", "download", *needed], log=f"download-{package}", cwd=staging)
    for archive in sorted(staging.glob("*.deb")):
        shell.run(["dpkg-deb", "--extract", archive, staging], log=f"unpack-{package}")
        archive.unlink()
    staging.rename(folder)
