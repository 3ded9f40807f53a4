"""The crash trial: models whose kernels end a process, or may, and requests designed to do so. See ../../README.md."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from onnx import helper

from answers import graphs
from answers.graphs import DOUBLE, FLOAT, INT32, INT64, STRING, tensor

MODULES = ["recurrent", "indices", "contrib", "sizes", "signal", "windows", "arithmetic", "quantised", "texts", "learned", "hidden"]
LIST = []
MICROSOFT = helper.make_opsetid("com.microsoft", 1)


@dataclass(frozen=True)
class Given:
    """An input: its element type, its declared shape, and where ordinary values come from."""

    kind: int
    declared: list | None
    draw: Callable


@dataclass(frozen=True)
class Candidate:
    """A model of the trial.

    usual: ordinary values, which must always be answered, from a random generator
    likely: inputs that are known to end the process, or likely to: changes of the usual ones
    """

    content: bytes
    usual: Callable
    likely: tuple = ()
    title: str = field(default="")


def candidate(title):
    """Adds a function without arguments that makes a Candidate."""

    def add(function):
        LIST.append((title, function))
        return function

    return add


def graph(nodes, given, outputs, constants=(), likely=(), **options):
    """A candidate of nodes. `given` has inputs by name, `outputs` the element type of each; constants are arrays by name."""
    made = [graphs.constant(name, np.asarray(array)) for name, array in dict(constants).items()]
    content = graphs.model(
        nodes,
        [tensor(name, each.kind, each.declared) for name, each in given.items()],
        [tensor(name, kind, None) for name, kind in outputs.items()],
        made,
        **options,
    )
    return Candidate(content, lambda rng: {name: each.draw(rng) for name, each in given.items()}, tuple(likely))


def microsoft(kind, inputs, outputs, **attributes):
    return graphs.node(kind, inputs, outputs, domain="com.microsoft", **attributes)


def floats(declared, shape, low=-1.0, high=1.0):
    return Given(FLOAT, declared, lambda rng: rng.uniform(low, high, shape).astype(np.float32))


def doubles(declared, shape):
    return Given(DOUBLE, declared, lambda rng: rng.uniform(-1, 1, shape))


def below(declared, shape, limit, low=0, dtype=np.int64):
    """Integers from `low` to less than `limit`."""
    return Given(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), declared, lambda rng: rng.integers(low, limit, shape).astype(dtype))


def one_of(declared, *arrays, dtype=np.int64):
    """One of some arrays, such as sizes that fit."""
    choices = [np.array(each, dtype) for each in arrays]
    return Given(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), declared, lambda rng: choices[int(rng.integers(len(choices)))].copy())


def texts(declared, shape, words):
    def draw(rng):
        chosen = np.empty(int(np.prod(shape)), object)
        chosen[:] = [str(rng.choice(words)) for _ in chosen]
        return chosen.reshape(shape)

    return Given(STRING, declared, draw)


def weights(*shape, dtype=np.float32):
    """The same numbers for the same shape."""
    return (np.sin(np.arange(1, np.prod(shape) + 1)).reshape(shape) / 2).astype(dtype)


__all__ = ["FLOAT", "INT32", "INT64", "STRING", "Candidate", "below", "candidate", "doubles", "floats", "graph", "microsoft", "one_of", "texts", "weights"]
