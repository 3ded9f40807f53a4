"""Texts through operators of ONNX Runtime Extensions: tokenizers in loops, string operators, ragged answers."""

import numpy as np
from onnx import helper

from answers import tensors
from answers.graphs import BOOL, FLOAT, INT64, STRING, constant, model, node, tensor
from answers.models import Model, family
from answers.models.draws import WORDS, chance, pick

CONTRIB = "ai.onnx.contrib"
OPSETS = [helper.make_opsetid(CONTRIB, 1)]
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789.,!?'\"-<>&;", *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789")]
PHRASES = [*WORDS, "Hello, World!", "unaffable", "red green", "CAFÉ", "don't", "a  b", "über-alles", "x" * 120, "[SEP]", "한국어", "\u2028", "İstanbul", " red  blue "]


def text_node(kind, inputs, outputs, **attributes):
    return node(kind, inputs, outputs, domain=CONTRIB, **attributes)


def phrases(rng, shape):
    count = int(np.prod(shape))
    return tensors.strings([" ".join(pick(rng, PHRASES) for _ in range(int(rng.integers(0, 4)))) for _ in range(count)], shape)


@family(3)
def embedding(rng):
    """WordPiece for each text in a loop, and the mean, the sum or the maximum of the tokens' vectors; by text the numbers are its own."""
    pieces = [*PIECES, *(word for word in ("red", "green", "blue", "hello", "world", "日", "本", "cafe", "un") if chance(rng, 0.7))]
    width = int(pick(rng, [1, 3, 8, 32]))
    pooled = pick(rng, ["ReduceMean", "ReduceMax"])
    options = {"do_lower_case": int(chance(rng, 0.7)), "strip_accents": int(chance(rng, 0.5))}
    body = helper.make_graph(
        [
            node("Unsqueeze", "i zero", "at"),
            node("Gather", "text at", "one", axis=0),
            text_node("BertTokenizer", "one", "ids types mask", vocab_file="\n".join(pieces), **options),
            node("Gather", "vectors ids", "tokens", axis=0),
            node(pooled, "tokens", "vector", axes=[0], keepdims=0),
            node("Identity", "go", "on"),
        ],
        "each",
        [tensor("i", INT64, []), tensor("go", BOOL, [])],
        [tensor("on", BOOL, []), tensor("vector", FLOAT, [width])],
    )
    loop = helper.make_node("Loop", ["count", ""], ["embedding"], body=body)
    content = model(
        [node("Shape", "text", "n", end=1), node("Squeeze", "n", "count"), loop],
        [tensor("text", STRING, [None])],
        [tensor("embedding", FLOAT, [None, width])],
        [constant("zero", [0], np.int64), constant("vectors", rng.normal(0, 1, (len(pieces), width)).astype(np.float32))],
        opsets=OPSETS,
    )
    return Model(f"embedding of {width}, {pooled}, {options}", content, lambda rng, rows: {"text": phrases(rng, (rows,))})


@family(2)
def elementwise(rng):
    """A chain of operators on each text, and numbers of each."""
    shape = pick(rng, [[None], [None, 1], [None, 2], ["rows", 3]])
    nodes, last = [], "text"
    for i in range(int(rng.integers(1, 4))):
        kind = pick(rng, ["StringUpper", "StringLower", "StringStrip"])
        nodes.append(text_node(kind, last, f"t{i}"))
        last = f"t{i}"
    outputs = [tensor(last, STRING, shape)]
    constants = []
    if chance(rng, 0.6):
        nodes.append(text_node("StringLength", last, "length"))
        outputs.append(tensor("length", INT64, shape))
    if chance(rng, 0.5):
        nodes.append(text_node("StringToHashBucketFast", f"{last} buckets", "bucket"))
        constants.append(constant("buckets", [int(rng.integers(1, 1000))], np.int64))
        outputs.append(tensor("bucket", INT64, shape))
    if chance(rng, 0.4):
        nodes.append(text_node("StringEqual", f"{last} text", "same"))
        outputs.append(tensor("same", BOOL, shape))
    content = model(nodes, [tensor("text", STRING, shape)], outputs, constants, opsets=OPSETS)
    return Model(f"texts {shape}: {[each.op_type for each in nodes]}", content, lambda rng, rows: {"text": phrases(rng, [rows, *shape[1:]])})


@family(2)
def ragged(rng):
    """As many words as there are in all texts, with their places: no output follows the rows, so all texts are one row to /predict and V1."""
    skip = chance(rng, 0.5)
    content = model(
        [text_node("StringSplit", "text blank skip", "places words shape")],
        [tensor("text", STRING, [None])],
        [tensor("places", INT64, [None, 2]), tensor("words", STRING, [None]), tensor("shape", INT64, [2])],
        [constant("blank", [pick(rng, [" ", "e"])], str), constant("skip", [skip], np.bool_)],
        opsets=OPSETS,
    )
    return Model(f"split, skip={skip}", content, lambda rng, rows: {"text": phrases(rng, (rows,))}, by_row=False)
