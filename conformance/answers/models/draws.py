"""Values, names and labels, usual ones and unusual ones."""

import numpy as np

from answers import tensors

NAMES = ["X", "input", "float_input", "input_ids", "a.b/c:0", "serving_default_x:0", "données", "输入", "🌡", "with blank", "features", "instances", "0", 'quo"te', "back\\slash", "x" * 200]
WORDS = ["red", "green", "blue", "", " ", "naïve", "日本", "🌞", "𠮷野", "a\tb", "line\nbreak", 'quo"te', "back\\slash", "0", "NaN", "null", "true", "<b>&amp;", "e\u0301", "\u200b", "\ufeff"]
FLOATS = {
    "FP32": [0.0, -0.0, 1e-45, -1e-45, 1.17549435e-38, 3.4028235e38, -3.4028235e38, 1.0000001, 16777217.0, 0.1, 1 / 3, 2147483648.0],
    "FP64": [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0, 0.1, 1 / 3, 1.0000000596046448, 1e-7, 123456789012345680.0],
    "FP16": [0.0, -0.0, 6e-8, 65504.0, -65504.0, 0.1, 2049.0],
    "BF16": [0.0, -0.0, 3.3895314e38, 0.1, 257.0],
}
MISSING = [np.nan, np.inf, -np.inf]


def pick(rng, values):
    """One of them, as it is."""
    return values[int(rng.integers(len(values)))]


def chance(rng, probability):
    return bool(rng.random() < probability)


def numbers(rng, datatype, shape, unusual=0.05, missing=0.0):
    """An array of one type: mostly small numbers, some at the ends of the type."""
    dtype = tensors.ARRAYS[datatype]
    if datatype == "BYTES":
        return tensors.strings([pick(rng, WORDS) for _ in range(int(np.prod(shape)))], shape)
    if datatype == "BOOL":
        return np.asarray(rng.random(shape) < 0.5)
    if datatype in tensors.FLOATS:
        array = rng.normal(0, 3, shape)
        array = np.where(rng.random(shape) < unusual, rng.choice(FLOATS[datatype], shape), array)
        return np.where(rng.random(shape) < missing, rng.choice(MISSING, shape), array).astype(dtype)
    limits = np.iinfo(dtype)
    usual = rng.integers(0 if limits.min == 0 else -9, 10, shape).astype(dtype)
    ends = np.array([limits.min, limits.max, limits.max // 2 + 2, 0, 1], dtype)
    return np.where(rng.random(shape) < unusual, rng.choice(ends, shape), usual).astype(dtype)


def names(rng, count):
    """Different names."""
    plain = ["x", "y", "z", "age", "dose", "weight", "mask", "ids"]
    source = NAMES if chance(rng, 0.3) else plain
    return [source[i] for i in rng.permutation(len(source))[:count]]


def labels(rng, count):
    """So many different class labels of one kind, as an array that trains a classifier."""
    kinds = {
        "positions": np.arange(count),
        "from 1": np.arange(1, count + 1),
        "signs": np.array([-1, 1, 0, 2][:count]),
        "gaps": np.array([3, 7, 9, 40][:count]),
        "large": np.array([2**31, -(2**40), 5, 0][:count]),
        "reversed": np.array([2, 1, 0, -1][:count]),
        "words": np.array(["setosa", "versicolor", "virginica", "other"][:count]),
        "digits": np.array(["1", "0", "10", "9"][:count]),
        "emoji": np.array(["🌞", "🌧", "𠮷野", "é"][:count]),
        "odd": np.array(["", " ", 'a"b', "c\\d"][:count]),
        "bools": np.array([False, True]),
        "floats": np.array([1.0, 2.0, 3.0, 5.0][:count]),
    }
    kind = pick(rng, [each for each in kinds if each != "bools" or count == 2])
    return kinds[kind], kind
