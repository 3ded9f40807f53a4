"""Whether two arrays are equal bit for bit. One NaN is like another: their payloads differ with the vector unit."""

import numpy as np

from answers.tensors import FLOATS, datatype

BITS = {2: np.uint16, 4: np.uint32, 8: np.uint64}


def difference(expected, given):
    """None where they are equal, else what is different in a few words."""
    if datatype(expected) != datatype(given):
        return f"datatype {datatype(given)}, not {datatype(expected)}"
    if expected.shape != given.shape:
        return f"shape {list(given.shape)}, not {list(expected.shape)}"
    if expected.size == 0:
        return None
    wrong = expected != given if expected.dtype == object else bits(expected) != bits(given)
    if not np.any(wrong):
        return None
    at = tuple(int(each) for each in np.argwhere(wrong)[0]) if expected.ndim else ()
    return f"{list(at)} is {given[at]!r}, not {expected[at]!r} ({int(np.sum(wrong))} of {expected.size} values differ)"


def bits(array):
    if datatype(array) not in FLOATS:
        return array
    canonical = array.copy() if array.ndim else np.array(array)
    canonical[np.isnan(canonical)] = np.nan
    return np.ascontiguousarray(canonical).view(BITS[array.dtype.itemsize]).reshape(array.shape)


def within_rounding(expected, given, units=64):
    """Whether numbers differ by rounding only: some units in the last place of the largest one of the array. The server admits 16 on its own rows."""
    if datatype(expected) not in FLOATS or expected.shape != given.shape or datatype(expected) != datatype(given):
        return False
    a, b = expected.astype(np.float64), given.astype(np.float64)
    finite = np.isfinite(a)
    if not np.array_equal(finite, np.isfinite(b)) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    if not finite.any():
        return True
    epsilon = {2: 2.0**-8, 4: 2.0**-23, 8: 2.0**-52}[expected.dtype.itemsize]
    return bool(np.all(np.abs(a - b)[finite] <= units * epsilon * max(np.abs(a[finite]).max(), np.finfo(np.float32).tiny)))
