"""What subjects share: programs, models, inputs. Each is made when it is first asked for."""

import functools
import random
from dataclasses import dataclass
from pathlib import Path

from . import image, shell, venv
from .paths import BENCH, CACHE, ROOT
from .request import Tensor
from .tools import Tools


@dataclass(frozen=True)
class Model:
    """A model file with the one input that every request of its workloads sends."""

    name: str
    input: Tensor
    sample: bool = False

    def file(self) -> Path:
        return ROOT / "samples" / "models" / f"{self.name}.onnx" if self.sample else _made(self.name)


def _random(name: str, shape: tuple) -> Tensor:
    count = functools.reduce(lambda a, b: a * b, shape)
    generator = random.Random(0)
    return Tensor(name, shape, [generator.random() for _ in range(count)])


@functools.cache
def iris() -> Model:
    return Model("iris-v1.0", Tensor("X", (1, 4), [5.1, 3.5, 1.4, 0.2]), sample=True)


@functools.cache
def linear() -> Model:
    return Model("linear", Tensor("X", (1, 4), [5.1, 3.5, 1.4, 0.2]))


@functools.cache
def mlp() -> Model:
    return Model("mlp", _random("X", (1, 784)))


@functools.cache
def large() -> Model:
    return Model("reduce", _random("X", (1, 3, 224, 224)))


@functools.cache
def _made(name: str) -> Path:
    script = BENCH / "models" / "make_models.py"
    file = CACHE / "models" / f"{name}.onnx"
    if not file.exists() or file.stat().st_mtime < script.stat().st_mtime:
        shell.run([venv.python("models"), script, file.parent], log="models")
    return file


class Bench:
    """The machine's programs and the server's image. With `profile` the server records where its time goes."""

    def __init__(self, profile: bool = False) -> None:
        self.tools = Tools()
        self.profile = profile

    @functools.cached_property
    def image(self) -> image.Image:
        return image.build()
