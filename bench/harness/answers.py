"""Whether an answer holds the numbers that ONNX Runtime computes in Python: a fast wrong answer is none."""

import functools
import json
import math
import struct
import subprocess

from . import venv
from .bench import Model
from .paths import BENCH
from .unavailable import Unavailable

_TOLERANCE = 1e-4
_FORMATS = {"FP32": "f", "FP64": "d", "INT64": "q", "INT32": "i"}


@functools.cache
def expected(name: str, shape: tuple, raw: bytes, file: str) -> list[float]:
    """The numbers of the first output."""
    command = [venv.python("fastapi"), BENCH / "apps" / "expected.py", file, json.dumps(shape)]
    done = subprocess.run([str(part) for part in command], input=raw, capture_output=True, timeout=120)
    if done.returncode:
        raise Unavailable(f"the expected answer of {name} cannot be computed: {done.stderr.decode(errors='replace')[-200:]}")
    return json.loads(done.stdout)


def check(model: Model, body: bytes) -> None:
    """
    Every expected number must be somewhere in the answer, JSON or JSON followed by binary tensors. Without Python's
    packages nothing is checked; the servers that need them are missing from the report then.
    """
    try:
        venv.python("fastapi")
    except Unavailable:
        return
    try:
        found = numbers(body)
    except ValueError as failure:
        raise Unavailable(f"the answer is not JSON: {body[:200]!r}") from failure
    tensor = model.input
    for value in expected(model.name, tensor.shape, tensor.raw(), str(model.file())):
        if not any(math.isclose(value, one, rel_tol=_TOLERANCE, abs_tol=1e-6) for one in found):
            raise Unavailable(f"the answer does not hold {value:g}, which {model.name} computes: {body[:200]!r}")


def numbers(body: bytes) -> list[float]:
    head, end = json.JSONDecoder().raw_decode(body.decode("utf-8", errors="surrogateescape"))
    # what JSON is has no surrogates, so that its end in characters leads to its end in bytes
    rest = body[len(body.decode("utf-8", errors="surrogateescape")[:end].encode("utf-8", errors="surrogateescape")) :]
    found = _in(head)
    for output in head.get("outputs", []) if isinstance(head, dict) else []:
        size = (output.get("parameters") or {}).get("binary_data_size") if isinstance(output, dict) else None
        code = _FORMATS.get(output.get("datatype")) if size else None
        if size and code:
            found += struct.unpack(f"<{size // struct.calcsize(code)}{code}", rest[:size])
        rest = rest[size or 0 :]
    return found


def _in(value: object) -> list[float]:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return []
    if isinstance(value, (int, float)):
        return [float(value)]
    children = value.values() if isinstance(value, dict) else value
    return [number for child in children for number in _in(child)]
