"""Where ModelServer's CPU time and allocation go, by the JDK's flight recorder."""

from collections.abc import Iterable
from pathlib import Path

from . import java, shell
from .paths import RESULTS

_SAMPLE = "5ms"
_VIEWS = ("cpu-time-hot-methods", "allocation-by-site", "allocation-by-class", "gc-pauses")


def recorded(command: list[str], name: str) -> list[str]:
    """
    The command with a recording that is written when the program ends. The image's own runtime has no recorder: the
    JDK's takes its place, without the class archive, which is of no use to it.
    """
    _, *rest = command
    events = ("CPUTimeSample#enabled=true", f"CPUTimeSample#throttle={_SAMPLE}", "ObjectAllocationSample#enabled=true")
    options = [f"filename={_file(name)}", "dumponexit=true", *(f"jdk.{event}" for event in events)]
    _file(name).unlink(missing_ok=True)
    return [
        str(java.home() / "bin" / "java"),
        "-XX:StartFlightRecording:" + ",".join(options),
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:+DebugNonSafepoints",
        *(part for part in rest if not part.startswith("-XX:SharedArchiveFile")),
    ]


def views(names: Iterable[str]) -> str:
    """Tables of what was recorded, once the programs have ended."""
    shown = []
    for name in names:
        file = _file(name)
        shown.append(f"\n=== {name} ({file.relative_to(RESULTS.parent)})")
        for view in _VIEWS:
            shown.append(shell.output([java.home() / "bin" / "jfr", "view", "--width", "150", "--cell-height", "3", view, file]))
    return "\n".join(shown)


def _file(name: str) -> Path:
    return RESULTS.resolve() / f"{name}.jfr"
