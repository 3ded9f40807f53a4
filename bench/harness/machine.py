"""What a result was measured on, and with which versions."""

import os
import platform
import re
from pathlib import Path

from . import java, shell, venv
from .paths import ROOT
from .tools import Tools


def describe() -> dict:
    memory = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "cpu": model.group(1) if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory_bytes": int(memory.group(1)) * 1024 if memory else 0,
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load_before": os.getloadavg()[0],
    }


def versions(tools: Tools) -> dict:
    pom = (ROOT / "pom.xml").read_text()
    properties = dict(re.findall(r"<(quarkus|onnxruntime)\.version>([^<]+)<", pom))
    return {
        "commit": commit(),
        "java": java.version(),
        **properties,
        "python": platform.python_version(),
        **{program: tools.version(program) for program in ("wrk", "h2load", "nginx")},
        **venv.versions("fastapi", ["fastapi", "uvicorn", "uvloop", "scikit-learn"]),
        "onnxruntime (Python)": venv.versions("fastapi", ["onnxruntime"])["onnxruntime"],
        **venv.versions("kserve", ["kserve"]),
        **venv.versions("mlserver", ["mlserver"]),
    }


def commit() -> str:
    git = ["git", "-C", ROOT]
    changed = shell.output([*git, "status", "--porcelain", "--untracked-files=no"])
    return shell.output([*git, "rev-parse", "--short=12", "HEAD"]) + (" with changes" if changed else "")
