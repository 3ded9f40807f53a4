"""What the server must answer, from what plain ONNX Runtime says of the same inputs."""

import math
from dataclasses import dataclass

import numpy as np
import onnx

from answers import compare, tensors
from answers.protocols import Refused


@dataclass(frozen=True)
class Failed:
    """ONNX Runtime gave no answer: an exception, or the end of its process."""

    crashed: bool
    said: str


def zipmap_keys(content):
    """The labels of each ZipMap output, in the order of its columns."""
    graph = onnx.load_from_string(content).graph
    keys = {}
    for node in graph.node:
        if node.op_type == "ZipMap":
            attribute = next(each for each in node.attribute if each.name.startswith("classlabels"))
            keys[node.output[0]] = [each.decode() for each in attribute.strings] or list(attribute.ints)
    return keys


class Outputs:
    """The outputs of a model: how a value of each kind is a tensor, and which follow the number of rows."""

    def __init__(self, model, signature):
        self.names = [name for name, _, _ in signature.outputs]
        self._keys = zipmap_keys(model.content)
        self._shapes = {name: [] for name in self.names}
        self.sequences = set()

    def tensors(self, values):
        """As the Open Inference Protocol has them: tensors by name; a list where shapes differ."""
        return {name: self._tensor(name, value) for name, value in zip(self.names, values)}

    def _tensor(self, name, value):
        if isinstance(value, np.ndarray):
            return value
        if np.isscalar(value):
            return np.asarray(value)
        if value and isinstance(value[0], dict):
            keys = self._keys.get(name) or sorted(value[0])
            return np.array([[row[key] for key in keys] for row in value], np.float32).reshape(len(value), len(keys))
        if not value and name in self._keys:
            return np.zeros((0, len(self._keys[name])), np.float32)
        self.sequences.add(name)
        value = [np.asarray(each) for each in value]
        if value and all(each.shape == value[0].shape and each.dtype == value[0].dtype for each in value):
            return np.stack(value)
        return value

    def note(self, rows, outputs):
        """Remembers the shapes that an answer for so many rows had."""
        for name, value in outputs.items():
            self._shapes[name].append((rows, [each.shape for each in value] if isinstance(value, list) else value.shape))

    def by_target(self, name):
        """Whether an output is a sequence of tensors whose first axis follows the number of rows: one for each target."""
        parts = [(rows, shape) for rows, shape in self._shapes[name] if rows > 0 and isinstance(shape, list)]
        return len({rows for rows, _ in parts}) > 1 and all(len(each) > 0 and each[0] == rows for rows, shapes in parts for each in shapes)

    def row_axis(self, name):
        """The axis of an output that follows the number of rows: for at least two different numbers, and always; None where there is none."""
        shapes = self._whole(name)
        if len({rows for rows, _ in shapes}) < 2:
            return None
        ranks = [len(shape) for _, shape in shapes]
        return next((axis for axis in range(min(ranks)) if all(shape[axis] == rows for rows, shape in shapes)), None)

    def _whole(self, name):
        return [(rows, shape) for rows, shape in self._shapes[name] if rows > 0 and not isinstance(shape, list)]

    def fixed(self):
        """Whether ONNX Runtime only ever answered for one number of rows, none left out, so that nothing follows it."""
        return all(len({rows for rows, _ in shapes if rows > 0}) < 2 for shapes in self._shapes.values())

    def empty(self, name):
        """The shape of an output for no rows; None where it is not known."""
        axis = self.row_axis(name)
        if axis is None:
            return None
        shape = self._whole(name)[0][1]
        return (*shape[:axis], 0, *shape[axis + 1 :])

    def without_rows(self, given):
        """What ONNX Runtime gave for no rows; its reductions hand on the shape of an empty input, so where the number of axes is another the shape is what follows."""
        return {name: array if isinstance(array, list) or self._fits_no_rows(name, array) else array.reshape(self.empty(name)) for name, array in given.items()}

    def _fits_no_rows(self, name, array):
        empty = self.empty(name)
        return empty is None or (array.ndim == len(empty) and array.shape[self.row_axis(name)] == 0)

    def keys(self, name):
        """The labels of a ZipMap output."""
        return self._keys.get(name)


def tensors_differ(expected, given, alike):
    """How outputs differ from the right ones; None where they do not. `alike` compares two arrays."""
    whole = {}
    for name, right in expected.items():
        # Tensors of different shapes in a sequence are outputs of their own.
        whole.update({f"{name}.{i}": each for i, each in enumerate(right)} if isinstance(right, list) and right else {name: right})
    if list(whole) != list(given):
        return f"outputs {list(given)}, not {list(whole)}"
    for name, right in whole.items():
        if isinstance(right, list):
            found = None if given[name].size == 0 else f"{given[name].shape} for an empty sequence"
        else:
            found = alike(right, given[name])
        if found:
            return f"output {name}: {found}"
    return None


def failure_differs(failed, answer, rows, outputs, never):
    """How an answer differs from a refusal; None where it is one. Zero rows may be answered with none."""
    if isinstance(answer, Refused):
        if answer.status == 400 or (answer.status == 500 and never):
            return None
        return f"{answer.status} {answer.said}; ONNX Runtime {'crashes' if failed.crashed else 'says: ' + failed.said[:200]}"
    if rows == 0 and isinstance(answer, dict):
        wrong = [f"{name} {list(array.shape)}" for name, array in answer.items() if outputs.empty(name) not in (None, array.shape)]
        if not wrong and all(array.size == 0 for array in answer.values()):
            return None
    return f"answered {str(answer)[:200]}; ONNX Runtime {'crashes' if failed.crashed else 'says: ' + failed.said[:200]}"


def json_differs(expected, given, alike=None):
    """How a JSON value differs from the nested lists, texts and numpy scalars that are right; `alike` compares two scalars."""
    if isinstance(expected, dict):
        if not isinstance(given, dict) or list(map(str, expected)) != list(given):
            return f"{str(given)[:120]} instead of the keys {list(expected)[:9]}"
        return next((f"{key}: {found}" for key in expected if (found := json_differs(expected[key], given[str(key)], alike))), None)
    if isinstance(expected, list):
        if not isinstance(given, list) or len(expected) != len(given):
            return f"{str(given)[:120]} instead of {len(expected)} values"
        return next((f"[{i}] {found}" for i, each in enumerate(expected) if (found := json_differs(each, given[i], alike))), None)
    return None if (alike or same_scalar)(expected, given) else f"{given!r}, not {expected!r}"


def same_scalar(expected, given):
    """Whether a JSON value is a text, truth value or number to the bit."""
    if isinstance(expected, str):
        return given == expected
    datatype = tensors.DATATYPES[np.asarray(expected).dtype]
    if datatype == "BOOL":
        return given is bool(expected)
    if isinstance(given, (bool, list, dict)):
        return False
    if datatype in tensors.FLOATS:
        if not math.isfinite(float(expected)):
            return given is None or tensors.NOT_FINITE.get(given) == str(float(expected))
        if not isinstance(given, (int, float)):
            return False
        return compare.difference(np.asarray(expected), np.asarray(given, np.float64).astype(np.asarray(expected).dtype)) is None
    return isinstance(given, int) and given == int(expected)


def near_scalar(expected, given):
    """The same, except that numbers may differ by rounding."""
    if same_scalar(expected, given):
        return True
    if isinstance(expected, str) or tensors.DATATYPES[np.asarray(expected).dtype] not in tensors.FLOATS or not isinstance(given, (int, float)) or isinstance(given, bool):
        return False
    return abs(float(expected) - given) <= 16 * 2.0**-23 * max(1.0, abs(float(expected)))


def nested(array):
    """An array as nested lists of numpy scalars and texts."""
    if array.ndim < 2:
        return array[()] if array.ndim == 0 else list(array)
    return [nested(each) for each in array]
