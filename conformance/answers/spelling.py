"""Numbers as different clients write them in JSON, each read back as the same value when it is rounded once."""

import json
from decimal import Decimal, localcontext

import numpy as np

from answers import tensors
from answers.models.draws import chance, pick

LONGEST = 90  # the server takes 100 characters


def speller(rng, missing=True):
    """A function from an array to its flat values as JSON texts, in a manner of its own."""
    manner = pick(rng, ["shortest", "shortest", "double", "exact", "whole", "edge", "exponent"])
    words = pick(rng, [{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}, {"nan": "null", "inf": '"Infinity"', "-inf": '"-Infinity"'}, {"nan": '"NaN"', "inf": "Infinity", "-inf": '"-Infinity"'}])
    ascii_only = chance(rng, 0.5)

    def text(value, datatype):
        if datatype == "BYTES":
            return json.dumps(value, ensure_ascii=ascii_only)
        if datatype == "BOOL":
            return ("1" if value else "0") if manner == "whole" else ("true" if value else "false")
        if datatype not in tensors.FLOATS:
            return f"{int(value)}.0" if manner == "double" and abs(int(value)) < 2**53 else str(int(value))
        if not np.isfinite(value):
            return words[str(float(value))]
        return finite(value, datatype, manner)

    def flat(array):
        datatype = tensors.datatype(array)
        return [text(value, datatype) for value in array.ravel()]

    return flat


def finite(value, datatype, manner):
    number = float(value)
    if manner == "whole" and number.is_integer() and abs(number) < 2**63 and not (number == 0 and np.signbit(number)):
        return str(int(number))
    if manner == "exponent":
        return f"{number:.16E}"
    if manner == "exact":
        return shortened(Decimal(number), number)
    if manner == "edge" and datatype in ("FP32", "FP64"):
        return edge(value, number)
    if manner == "shortest" and datatype == "FP32":
        return str(np.float32(value))
    return repr(number)


def shortened(exact, number):
    """All digits, where they are not too many."""
    text = format(exact, "f") if 1e-30 < abs(number) < 1e30 or number == 0 else format(exact, "E")
    return text if len(text) <= LONGEST else repr(number)


def edge(value, number):
    """The last decimal before the middle between two neighbours: rounding twice would end at the other."""
    beyond = np.nextafter(value, np.array(np.inf if number >= 0 else -np.inf, value.dtype))
    if not np.isfinite(beyond) or number == 0:
        return repr(number)
    with localcontext() as context:
        context.prec = 800
        middle = (Decimal(number) + Decimal(float(beyond))) / 2
        context.prec = 70
        context.rounding = "ROUND_DOWN"
        text = format(+(middle * (1 - Decimal(10) ** -60)), "E")
    return text if len(text) <= LONGEST else repr(number)


def nested(texts, shape):
    """Flat texts as nested lists of a shape."""
    if not shape:
        return texts[0]
    size = int(np.prod(shape[1:], dtype=np.int64))
    return "[" + ",".join(nested(texts[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])) + "]"
