"""
The inference server as its image holds it (runtime, class archive, native library, flags), in a folder of the cache:
the build stage of Dockerfile.server, followed instruction by instruction with / moved into that folder. So what is
measured is what is shipped, without a container.
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import java, shell
from .paths import CACHE, ROOT
from .unavailable import Unavailable

_DOCKERFILE = ROOT / "Dockerfile.server"
_APPLICATION = ROOT / "inference-server" / "target" / "quarkus-app"
# Absolute paths of the image in a command or a script: not the end of another path.
_PATHS = re.compile(r"(?<![\w./}-])/(app|opt/jre|tmp)(?![\w-])")


@dataclass(frozen=True)
class Image:
    """How the image starts: the entry point, and its environment."""

    entrypoint: list[str]
    env: dict
    note: str = ""


def build() -> Image:
    """Builds the server and lays it out; made again only when the program or the Dockerfile changed."""
    java.maven("inference-server")
    instructions = parse(_DOCKERFILE.read_text())
    folder = CACHE / "image" / _digest()
    try:
        if not folder.exists():
            # earlier ones serve nobody any more
            shutil.rmtree(folder.parent, ignore_errors=True)
            _lay_out(instructions, folder)
    except Unavailable as failure:
        shutil.rmtree(folder, ignore_errors=True)
        return _plain(instructions, str(failure))
    return _image(instructions, folder)


def parse(text: str) -> list[tuple[str, str]]:
    """Instructions and arguments, continuations joined, comments dropped."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", "", "\n".join(lines) + "\n")
    found = []
    for line in joined.splitlines():
        name, _, rest = line.strip().partition(" ")
        found.append((name.upper(), rest.strip()))
    return found


def moved(text: str, root: Path) -> str:
    """The text with the image's paths below root."""
    return _PATHS.sub(lambda match: f"{root}/{match.group(1)}", text)


def stages(instructions: list[tuple[str, str]]) -> tuple[list, list]:
    """The stage named build, and the last one. Others, as that of the locale, make what this machine has or the measurement does not need."""
    starts = [index for index, (name, _) in enumerate(instructions) if name == "FROM"]
    ends = [*starts[1:], len(instructions)]
    found = {instructions[start][1].rpartition(" AS ")[2]: instructions[start:end] for start, end in zip(starts, ends)}
    if "build" not in found:
        raise Unavailable("Dockerfile.server has no stage named build; the benchmark follows that one")
    return found["build"], instructions[starts[-1] :]


def _lay_out(instructions: list[tuple[str, str]], folder: Path) -> None:
    for place in ("app", "opt", "tmp"):
        (folder / place).mkdir(parents=True)
    env = {"PATH": f"{java.home()}/bin:{os.environ['PATH']}", "JAVA_HOME": str(java.home())}
    build_stage, _ = stages(instructions)
    for name, rest in build_stage:
        if name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(ROOT / source, folder / target.lstrip("/"), target.endswith("/"), folder)
        elif name == "ENV":
            env.update(_variables(rest))
        elif name == "RUN":
            command = json.loads(rest) if rest.startswith("[") else ["sh", "-c", rest]
            shell.run([moved(part, folder) for part in command], log="image", cwd=folder, env=env)
        elif name not in ("FROM", "ARG", "LABEL"):
            raise Unavailable(f"the benchmark cannot follow {name} in Dockerfile.server")


def _copy(source: Path, target: Path, into: bool, root: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
        return
    file = target / source.name if into else target
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, file)
    if source.parent == ROOT / "scripts":
        file.write_text(moved(source.read_text(), root))


def _image(instructions: list[tuple[str, str]], folder: Path) -> Image:
    _, final = stages(instructions)
    env, entrypoint = {}, []
    for name, rest in final:
        if name == "ENV":
            env.update(_variables(rest))
        elif name == "ENTRYPOINT":
            entrypoint = json.loads(rest)
    return Image([moved(part, folder) for part in entrypoint], env)


def _plain(instructions: list[tuple[str, str]], reason: str) -> Image:
    """The packaged program with the image's flags, but without what only the image has."""
    image = _image(instructions, Path("/"))
    flags = [
        part
        for part in image.entrypoint[1:]
        if part.startswith("-") and part != "-jar" and not any(path in part for path in ("/app", "/opt/jre"))
    ]
    entrypoint = [str(java.home() / "bin" / "java"), *flags, "-jar", str(_APPLICATION / "quarkus-run.jar")]
    return Image(entrypoint, image.env, f"not as in the image: {reason}")


def _variables(rest: str) -> dict:
    return dict(part.split("=", 1) for part in rest.split() if "=" in part)


def _digest() -> str:
    seen = hashlib.sha256()
    for file in (_DOCKERFILE, *sorted((ROOT / "scripts").iterdir()), *sorted(_APPLICATION.rglob("*"))):
        if file.is_file():
            seen.update(str(file.relative_to(ROOT)).encode())
            seen.update(file.read_bytes())
    return seen.hexdigest()[:16]
