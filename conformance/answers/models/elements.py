"""Elements of every type: numbers at the ends of their range, texts."""

import numpy as np
from onnx import TensorProto

from answers import tensors
from answers.graphs import BOOL, FLOAT, INT64, STRING, constant, model, node, tensor
from answers.models import ROWS, Model, family
from answers.models.draws import WORDS, chance, numbers, pick
from answers.models.networks import drawn

TYPES = {
    "BOOL": TensorProto.BOOL,
    "UINT8": TensorProto.UINT8,
    "UINT16": TensorProto.UINT16,
    "UINT32": TensorProto.UINT32,
    "UINT64": TensorProto.UINT64,
    "INT8": TensorProto.INT8,
    "INT16": TensorProto.INT16,
    "INT32": TensorProto.INT32,
    "INT64": TensorProto.INT64,
    "FP16": TensorProto.FLOAT16,
    "BF16": TensorProto.BFLOAT16,
    "FP32": TensorProto.FLOAT,
    "FP64": TensorProto.DOUBLE,
    "BYTES": TensorProto.STRING,
}
WHOLE = ["INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"]


def with_missing(specs):
    def draw(rng, rows):
        missing = 0.15 if chance(rng, 0.3) else 0.0
        return {name: numbers(rng, datatype, [rows if size is None else size for size in shape], 0.4, missing) for name, datatype, shape in specs}

    return draw


@family(6)
def identity(rng):
    """Every value must come back as it was sent."""
    kinds = [pick(rng, list(TYPES)) for _ in range(int(rng.integers(1, 4)))]
    if "BYTES" in kinds:
        # Python's ONNX Runtime takes these two in different ways, and not together.
        kinds = ["FP32" if kind == "BF16" else kind for kind in kinds]
    specs = [(f"x{i}", kind, pick(rng, [[None, 1], [None, 3], [None, 2, 2], [None]])) for i, kind in enumerate(kinds)]
    nodes = [node("Identity", f"x{i}", f"y{i}") for i in range(len(kinds))]
    content = model(nodes, [tensor(name, TYPES[kind], shape) for name, kind, shape in specs], [tensor(f"y{i}", TYPES[kind], shape) for i, (_, kind, shape) in enumerate(specs)])
    return Model(f"identity of {[(kind, shape) for _, kind, shape in specs]}", content, with_missing(specs))


@family(2)
def cast(rng):
    source, target = pick(rng, [each for each in TYPES if each != "BF16"]), pick(rng, [each for each in TYPES if each != "BF16"])
    content = model([node("Cast", "x", "y", to=TYPES[target])], [tensor("x", TYPES[source], [None, 2])], [tensor("y", TYPES[target], [None, 2])])
    if source == "BYTES":
        texts = ["1", "-2", "3.5", "NaN", "inf", "1e400", "", "x", "9007199254740993", " 7"]
        return Model(f"cast of text to {target}", content, lambda rng, rows: {"x": tensors.strings([pick(rng, texts[: 3 if chance(rng, 0.5) else 10]) for _ in range(rows * 2)], (rows, 2))})
    # What becomes of a number beyond the range of its target is not defined, and differs from one vector unit to another.
    unusual = 0.3 if (source, target) in (("FP32", "FP64"), ("INT64", "FP64")) or target == "BYTES" or source == target else 0.0
    return Model(f"cast of {source} to {target}", content, drawn([("x", source, [None, 2])], unusual))


@family(4)
def whole_numbers(rng):
    """Integer arithmetic; division by zero and the smallest by -1 are errors or end ONNX Runtime's process."""
    datatype = pick(rng, ["INT32", "INT64", "INT64", "UINT8", "INT8", "UINT32", "UINT64"])
    kind = pick(rng, ["Div", "Div", "Mod", "Mod", "Add", "Mul", "Sub", "Max", "BitShift", "Pow", "Abs"])
    two = kind != "Abs"
    attributes = {"direction": "LEFT"} if kind == "BitShift" else {}
    where = pick(rng, ["plain", "constant", "rows"]) if two else "plain"
    shape = [None] if where == "rows" else [None, 2]
    inputs = [tensor("a", TYPES[datatype], shape)] + ([tensor("b", TYPES[datatype], shape)] if two and where != "constant" else [])
    constants = [constant("b", pick(rng, [1, 2, 7, -1, -3] if datatype.startswith("I") else [1, 2, 7]), tensors.ARRAYS[datatype])] if where == "constant" else []
    content = model([node(kind, "a b" if two else "a", "y", **attributes)], inputs, [tensor("y", TYPES[datatype], shape)], constants, opset=17)
    names = [each.name for each in inputs]
    dtype = tensors.ARRAYS[datatype]

    def draw(rng, rows):
        sizes = [rows if size is None else size for size in shape]
        given = {name: numbers(rng, datatype, sizes, 0.25) for name in names}
        if "b" in given:
            harmless = rng.integers(1, 8, sizes).astype(dtype)
            given["b"] = harmless if chance(rng, 0.6) else np.where(rng.random(sizes) < 0.5, rng.choice(np.array([0, 1, 2] if datatype.startswith("U") else [0, -1, 2]), sizes), given["b"]).astype(dtype)
        return given

    return Model(f"{kind} of {datatype}, {where}", content, draw)


@family(3)
def divisions_of_tables(rng):
    """Divisions that stand deeper: of indexes and shapes, remainders with fmod, in a chain."""
    kind = pick(rng, ["hash", "shape", "fmod", "float", "chain"])
    if kind == "hash":
        nodes, out = [node("Mul", "x big", "h"), node("Mod", "h buckets", "i"), node("Abs", "i", "j"), node("Gather", "table j", "y")], tensor("y", FLOAT, [None, 2])
    elif kind == "shape":
        nodes, out = [node("Shape", "x", "n", end=1), node("Div", "n x", "y")], tensor("y", INT64, [None, 2])
    elif kind == "fmod":
        nodes, out = [node("Mod", "x z", "y", fmod=1)], tensor("y", INT64, [None, 2])
    elif kind == "float":
        nodes, out = [node("Cast", "x", "f", to=FLOAT), node("Cast", "z", "g", to=FLOAT), node("Div", "f g", "y")], tensor("y", FLOAT, [None, 2])
    else:
        nodes, out = [node("Sub", "x z", "d"), node("Div", "x d", "q"), node("Mod", "q z", "y")], tensor("y", INT64, [None, 2])
    used = {name for each in nodes for name in each.input}
    constants = [constant("big", 2654435761, np.int64), constant("buckets", 7, np.int64), constant("table", np.arange(7, dtype=np.float32))]
    inputs = [tensor(name, INT64, [None, 2]) for name in ("x", "z") if name in used]
    content = model(nodes, inputs, [out], [each for each in constants if each.name in used])
    return Model(f"division: {kind}", content, drawn([(each.name, "INT64", [None, 2]) for each in inputs], 0.15))


@family(4)
def texts(rng):
    kind = pick(rng, ["StringConcat", "StringSplit", "RegexFullMatch", "LabelEncoder", "Equal", "StringNormalizer", "Unique", "Where", "CategoryMapper"])
    x = tensor("x", STRING, [None, 2])
    constants = []
    if kind == "StringConcat":
        nodes, out, constants = [node("StringConcat", "x s", "y")], [tensor("y", STRING, [None, 2])], [constant("s", "🌞", str)]
    elif kind == "StringSplit":
        nodes, out = [node("StringSplit", "x", "y n", delimiter=" ")], [tensor("y", STRING, [None, 2, None]), tensor("n", INT64, [None, 2])]
    elif kind == "RegexFullMatch":
        nodes, out = [node("RegexFullMatch", "x", "y", pattern="[a-z]+")], [tensor("y", BOOL, [None, 2])]
    elif kind == "LabelEncoder":
        nodes, out = [node("LabelEncoder", "x", "y", domain="ai.onnx.ml", keys_strings=WORDS[:8], values_int64s=list(range(8)), default_int64=-1)], [tensor("y", INT64, [None, 2])]
    elif kind == "CategoryMapper":
        nodes, out = [node("CategoryMapper", "x", "y", domain="ai.onnx.ml", cats_strings=WORDS[:5], cats_int64s=[5, 4, 3, 2, 1], default_int64=-7)], [tensor("y", INT64, [None, 2])]
    elif kind == "Equal":
        nodes, out, constants = [node("Equal", "x s", "y")], [tensor("y", BOOL, [None, 2])], [constant("s", "red", str)]
    elif kind == "StringNormalizer":
        # It takes one list of words, which is one row.
        x = tensor("x", STRING, [1, 3])
        nodes, out = [node("StringNormalizer", "x", "y", is_case_sensitive=1, stopwords=["red", ""])], [tensor("y", STRING, [1, None])]
    elif kind == "Unique":
        x = tensor("x", INT64, [None, 2])
        nodes, out = [node("Unique", "x", "u i j n"), node("Cast", "u", "y", to=TensorProto.STRING)], [tensor("y", STRING, [None])]
    else:
        nodes, out, constants = [node("Equal", "x s", "b"), node("Where", "b x s", "y")], [tensor("y", STRING, [None, 2])], [constant("s", "𠮷", str)]
    content = model(nodes, [x], out, constants, opset=20, ir=9)
    shape = [None if size.dim_param or not size.dim_value else size.dim_value for size in x.type.tensor_type.shape.dim]
    rows = (1, 1, 1) if kind == "StringNormalizer" else ROWS
    return Model(f"text: {kind}", content, drawn([("x", "INT64" if kind == "Unique" else "BYTES", shape)]), rows=rows)


@family(2)
def arithmetic(rng):
    """Functions of single elements, in every float type, at the ends of their range."""
    datatype = pick(rng, ["FP32", "FP32", "FP64", "FP16"])
    kind = pick(rng, ["Exp", "Log", "Sqrt", "Reciprocal", "Floor", "Round", "Sign", "Erf", "Sin", "Tanh", "Sigmoid", "IsNaN", "IsInf", "Clip", "Softplus"])
    out = BOOL if kind in ("IsNaN", "IsInf") else TYPES[datatype]
    content = model([node(kind, "x", "y")], [tensor("x", TYPES[datatype], [None, 3])], [tensor("y", out, [None, 3])])
    return Model(f"{kind} of {datatype}", content, with_missing([("x", datatype, [None, 3])]))
