"""Virtual environments, one for each requirements file, made once for each content of it."""

import functools
import hashlib
import shutil
import sys
from pathlib import Path

from . import shell
from .paths import BENCH, CACHE
from .unavailable import Unavailable

_OLDEST = (3, 11)


@functools.cache
def python(name: str) -> Path:
    """The interpreter of an environment with exactly the packages of requirements/NAME.txt."""
    requirements = BENCH / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = CACHE / "venvs" / f"{name}-{digest}"
    if not (folder / "complete").exists():
        if sys.version_info < _OLDEST:
            raise Unavailable("the pinned packages need Python 3.11 or newer")
        shutil.rmtree(folder, ignore_errors=True)
        shell.run([sys.executable, "-m", "venv", folder], log=f"venv-{name}")
        pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        # the files name the whole closure
        shell.run([*pip, "install", "--no-deps", "-r", requirements], log=f"venv-{name}")
        (folder / "complete").touch()
    return folder / "bin" / "python"


def versions(name: str, packages: list[str]) -> dict:
    """The pinned versions of some packages."""
    pins = (BENCH / "requirements" / f"{name}.txt").read_text().splitlines()
    known = dict(pin.split("==", 1) for pin in pins if "==" in pin)
    return {package: known[package] for package in packages}
