"""Models as exporters write them, drawn from a seed."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

MODULES = ["estimators", "boosters", "columns", "networks", "layouts", "elements", "chains", "control", "quantised", "operators", "extensions"]
FAMILIES = []
ROWS = (1, 2, 3, 17, 0)


@dataclass(frozen=True)
class Meaning:
    """What the exporting framework says of the outputs, for /predict. An empty one: they are no probabilities of classes.

    label, scores: names of outputs; None where there is none
    classes: the framework's own, in the order of the scores
    probabilities: whether the scores are those of exactly one class
    predict: labels and scores for the inputs, by the framework itself; None where it is not asked
    position: whether the label output is the position of the class, not the class (CatBoost with integer labels)
    """

    label: str | None = None
    scores: str | None = None
    classes: tuple = ()
    probabilities: bool = False
    predict: Callable | None = None
    position: bool = False


@dataclass(frozen=True)
class Model:
    """A model with a source of inputs.

    draw: inputs for so many rows, by name
    by_row: whether the first axis of every input counts rows
    rows: the numbers of rows that it is asked for
    """

    title: str
    content: bytes
    draw: Callable
    meaning: Meaning | None = None
    description: dict = field(default_factory=dict)
    by_row: bool = True
    rows: tuple = ROWS


class NotExported(Exception):
    """An exporter does not take what was drawn."""


def family(weight=1.0):
    """Adds a function from a random generator to a Model."""

    def add(function):
        FAMILIES.append((weight, function))
        return function

    return add


def load():
    """Imports all families: seconds, for the frameworks."""
    for module in MODULES:
        importlib.import_module(f"answers.models.{module}")


def generator(seed, index):
    return np.random.default_rng([int(seed), int(index)])


def draw(seed, index, only=None):
    """The model of this number, and the generator that its inputs come from; of one family where `only` names it."""
    rng = generator(seed, index)
    chosen = [(weight, function) for weight, function in FAMILIES if only is None or only in f"{function.__module__}.{function.__name__}"]
    weights = np.array([weight for weight, _ in chosen])
    function = chosen[rng.choice(len(chosen), p=weights / weights.sum())][1]
    return function(rng), rng, f"{function.__module__.rsplit('.', 1)[1]}.{function.__name__}"
