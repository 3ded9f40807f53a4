"""Requests designed to end the process: ordinary inputs with some of their sizes and values changed to extreme ones."""

import hashlib

import numpy as np

from answers import tensors
from answers.models.draws import chance, pick

SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, -1.0, 1e-45, 1e10, -1e10, 3.4e38, -3.4e38, 2.0**31, -(2.0**63), 0.125, 1e7]
WORDS = ["", " ", "\u0000", "a" * 20_000, "a " * 5_000, "\U0001f600", "İ", "e\u0301", "\ufffd", "((((", "#", "9" * 400, "nan", "-0x1p9999", "1e999"]
SIZES = [0, 1, 2, 3, 5, 7, 9, 17, 33, 64, 127]


def extremes(dtype):
    """Integers at which computations of sizes and indices go wrong; as sizes they need less than 100 MB, or more than there is."""
    info = np.iinfo(dtype)
    wanted = [info.min, info.min, info.max, info.max, info.min + 1, -1, -1, 0, 0, -2, 2**31, 2**31 - 1, -(2**31), 2**32 + 1, 2**62, info.max // 2 + 1, info.max // 4, 65_536, 7_000_001, 255]
    return [each for each in wanted if info.min <= each <= info.max]


def designed(rng, candidate):
    """Inputs with what was changed in them, in words."""
    inputs = candidate.usual(rng)
    if candidate.likely and chance(rng, 0.5):
        change = pick(rng, list(candidate.likely))
        return inputs | change, ", ".join(f"{name} = {shown(array)}" for name, array in change.items())
    changes = []
    for _ in range(pick(rng, [1, 1, 1, 2, 2, 3])):
        name = _name(rng, inputs)
        inputs[name], how = _changed(rng, inputs[name])
        changes.append(f"{name} {how}")
    return inputs, ", ".join(changes)


def _name(rng, inputs):
    """Integers more often than others: they are indices and sizes."""
    whole = [name for name, array in inputs.items() if array.dtype.kind in "iu"]
    return pick(rng, whole) if whole and chance(rng, 0.7) else pick(rng, list(inputs))


def _changed(rng, array):
    if array.ndim > 0 and chance(rng, 0.35):
        return _shaped(rng, array)
    return _valued(rng, array)


def _shaped(rng, array):
    """Another size of an axis, 0 above all, or another rank."""
    if chance(rng, 0.12):
        changed = array.reshape(array.shape[1:]) if array.shape[0] == 1 else array[None]
        return changed.copy(), f"of the shape {list(changed.shape)}"
    axis = int(rng.integers(array.ndim))
    size = 0 if chance(rng, 0.4) else pick(rng, SIZES)
    places = np.arange(size) % max(array.shape[axis], 1)
    changed = np.take(array, places, axis) if array.shape[axis] else array
    return np.ascontiguousarray(changed), f"of the shape {list(changed.shape)}"


def _valued(rng, array):
    """One value, or all, replaced by extreme ones."""
    changed = array.copy()
    every = array.size < 2 or chance(rng, 0.3)
    for at in range(array.size) if every else [int(rng.integers(array.size))]:
        changed.flat[at] = _value(rng, array.dtype)
    return changed, f"= {shown(changed)}"


def _value(rng, dtype):
    if dtype == object:
        return pick(rng, WORDS)
    if dtype.kind == "b":
        return chance(rng, 0.5)
    if dtype.kind in "iu":
        return pick(rng, extremes(dtype))
    with np.errstate(over="ignore"):
        return dtype.type(pick(rng, SPECIAL))


def shown(array):
    """An array in a few words."""
    text = str(array.tolist())
    return f"{text if len(text) < 90 else text[:80] + '…'} {list(array.shape)}"


def identity(inputs):
    """One name for inputs, whatever protocol they are sent by."""
    parts = [f"{name} {tensors.datatype(array)} {array.shape}".encode() + tensors.pack(array) for name, array in sorted(inputs.items())]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
