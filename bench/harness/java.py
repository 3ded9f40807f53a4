"""The JDK, Maven builds, and what a JVM has allocated."""

import functools
import os
import tempfile
from pathlib import Path

from . import shell
from .paths import BENCH, CACHE, ROOT
from .unavailable import Unavailable

_FIND_JDK = ROOT / "scripts" / "with-jdk25"


@functools.cache
def home() -> Path:
    """The JDK 25 that the build uses."""
    found = shell.output([_FIND_JDK, "sh", "-c", 'printf %s "$JAVA_HOME"'])
    if not (Path(found) / "bin" / "java").exists():
        raise Unavailable(found or "there is no JDK 25")
    return Path(found)


def version() -> str:
    for line in (home() / "release").read_text().splitlines():
        if line.startswith("JAVA_RUNTIME_VERSION="):
            return line.split("=", 1)[1].strip('"')
    return "25"


@functools.cache
def maven(modules: str, goal: str = "package") -> None:
    """Builds modules, without tests; BENCH_MAVEN_OPTIONS adds options, for example --offline."""
    shell.run(
        [
            _FIND_JDK, "mvn", "--batch-mode", "--no-transfer-progress", "--quiet",
            *os.environ.get("BENCH_MAVEN_OPTIONS", "").split(),
            "-Pbench", "-pl", modules, "-am", "-DskipTests", "-Dspotless.check.skip", "-Dspotless.apply.skip", goal,
        ],
        log="maven-" + modules.replace("/", "-").replace(",", "-"),
        cwd=ROOT,
    )  # fmt: skip


@functools.cache
def _agent() -> Path:
    source = BENCH / "agent" / "AllocatedBytes.java"
    folder = CACHE / "agent"
    jar = folder / "allocated-bytes.jar"
    if not jar.exists() or jar.stat().st_mtime < source.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest").write_text("Agent-Class: AllocatedBytes\n")
        shell.run([home() / "bin" / "javac", "--release", "25", "-d", folder / "classes", source], log="agent")
        shell.run(
            [home() / "bin" / "jar", "--create", "--file", jar, "--manifest", folder / "manifest", "-C", folder / "classes", "."],
            log="agent",
        )
    return jar


def allocated_bytes(pid: int) -> int | None:
    """Bytes that all threads of a JVM have allocated so far; None when it does not tell."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bytes"
        shell.output([home() / "bin" / "jcmd", str(pid), "JVMTI.agent_load", _agent(), file])
        return int(file.read_text()) if file.exists() else None
