"""Builds two models that take texts and give numbers; the same bytes on every run.

build.py            write sentence-embedding.onnx to OUT (default target/text-models) and sentiment.onnx beside this file
build.py --check    build in memory and compare the digests with SHA256SUMS; exit 1 when one differs

sentence-embedding.onnx is all-MiniLM-L6-v2, quantised, behind the tokenizer that it was trained with (an operator of ONNX Runtime
Extensions), its mean and its normalisation: what sentence-transformers do in Python. sentiment.onnx is scikit-learn's TfidfVectorizer with
LogisticRegression, both with their defaults.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import sys
import zipfile
from pathlib import Path

# skl2onnx lists operator sets and attributes in the order of Python sets, which the hash seed of the process decides.
if __name__ == "__main__" and os.environ.get("PYTHONHASHSEED") != "0":
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["NPY_DISABLE_CPU_FEATURES"] = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[2] / "target" / "text-models"
EMBEDDING, SENTIMENT = "sentence-embedding.onnx", "sentiment.onnx"
ARCHIVE = OUT / "all-minilm-l6-v2-q.jar"
NETWORK = ("all-minilm-l6-v2-q.onnx", "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1")
TOKENIZER = ("all-minilm-l6-v2-q-tokenizer.json", "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0")
WORDS = ("vader_lexicon.txt", "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5")
MOST_TOKENS = 256
CLEAR = 2.0


def checked(data: bytes, name: str, sha256: str) -> bytes:
    digest = hashlib.sha256(data).hexdigest()
    if digest != sha256:
        sys.exit(f"{name} has the SHA-256 {digest}, not {sha256}: delete {OUT} and run make text-models")
    return data


def from_archive(name: str, sha256: str) -> bytes:
    """A file of the archive that make-model fetched."""
    if not ARCHIVE.exists():
        sys.exit(f"{ARCHIVE} is missing: run make text-models")
    with zipfile.ZipFile(ARCHIVE) as archive:
        return checked(archive.read(name), name, sha256)


# The sentence embedding: a loop over the texts, because the tokenizer takes one at a time. In it a text is as long as it is: nothing is
# padded, and its numbers do not depend on the other texts of a request.


def node(operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes) -> onnx.NodeProto:
    return helper.make_node(operator, inputs, outputs, domain=domain, **attributes)


def vocabulary() -> list[str]:
    pieces = json.loads(from_archive(*TOKENIZER))["model"]["vocab"]
    return sorted(pieces, key=pieces.get)


def embedding() -> bytes:
    network = onnx.load_from_string(from_archive(*NETWORK))
    words = vocabulary()
    body = [
        node("Unsqueeze", ["number"], ["at"], axes=[0]),
        node("Gather", ["text", "at"], ["one_text"], axis=0),
        node(
            "BertTokenizer",
            ["one_text"],
            ["all_ids", "all_types", "all_masks"],
            "ai.onnx.contrib",
            vocab_file="\n".join(words),
            do_lower_case=1,
            strip_accents=1,
        ),
        # of a long text the first tokens, and the separator at the end in any case
        node("Slice", ["all_ids", "first", "before_last"], ["without_end"]),
        node("Slice", ["without_end", "first", "most"], ["beginning"]),
        node("Concat", ["beginning", "separator"], ["ids"], axis=0),
        node("Unsqueeze", ["ids"], ["input_ids"], axes=[0]),
        node("Shape", ["input_ids"], ["size"]),
        node("ConstantOfShape", ["size"], ["attention_mask"], value=numpy_helper.from_array(np.array([1]))),
        node("ConstantOfShape", ["size"], ["token_type_ids"], value=numpy_helper.from_array(np.array([0]))),
        *network.graph.node,
        node("ReduceMean", ["last_hidden_state"], ["mean"], axes=[0, 1], keepdims=0),
        node("ReduceL2", ["mean"], ["length"], axes=[0], keepdims=1),
        node("Div", ["mean", "length"], ["unit"]),
        node("Identity", ["go"], ["goes_on"]),
    ]
    loop = helper.make_graph(
        body,
        "one_text",
        [helper.make_tensor_value_info("number", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, [])],
        [helper.make_tensor_value_info("goes_on", TensorProto.BOOL, []), helper.make_tensor_value_info("unit", TensorProto.FLOAT, [384])],
    )
    numbers = {"first": [0], "before_last": [-1], "most": [MOST_TOKENS - 1], "separator": [words.index("[SEP]")]}
    graph = helper.make_graph(
        [
            node("Shape", ["text"], ["texts"]),
            node("Squeeze", ["texts"], ["count"], axes=[0]),
            node("Loop", ["count", ""], ["embedding"], body=loop),
        ],
        "sentence-embedding",
        [helper.make_tensor_value_info("text", TensorProto.STRING, ["texts"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", 384])],
        [*network.graph.initializer, *(numpy_helper.from_array(np.array(value), name) for name, value in numbers.items())],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 11), helper.make_opsetid("ai.onnx.contrib", 1)],
        producer_name="modelserver-samples",
        ir_version=8,
    )
    helper.set_model_props(model, {"title": "all-MiniLM-L6-v2: sentences as 384 numbers"})
    return model.SerializeToString(deterministic=True)


# The sentiment: each clear word of the lexicon is a text to learn from.


def lexicon() -> dict[str, float]:
    """Words of letters alone, with what people feel about them: from -4 to 4."""
    found = importlib.util.find_spec("vaderSentiment")
    if found is None or not found.submodule_search_locations:
        sys.exit(f"the package vaderSentiment is missing: pip install --no-deps -r {HERE / 'requirements.txt'}")
    data = checked((Path(found.submodule_search_locations[0]) / WORDS[0]).read_bytes(), *WORDS)
    rows = [line.split("\t") for line in data.decode().splitlines()]
    return {row[0]: float(row[1]) for row in rows if row[0].isalpha() and row[0].islower()}


def trained() -> Pipeline:
    words = {word: score for word, score in lexicon().items() if abs(score) >= CLEAR}
    kinds = ["positive" if score > 0 else "negative" for score in words.values()]
    weights = [abs(score) for score in words.values()]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression())
    return model.fit(list(words), kinds, logisticregression__sample_weight=weights)


def sentiment() -> bytes:
    # skl2onnx would split words at letters beyond ASCII, which scikit-learn does not
    options = {TfidfVectorizer: {"tokenexp": r"[\p{L}\p{N}_]{2,}"}}
    model = convert_sklearn(trained(), "sentiment", [("text", StringTensorType([None]))], options=options, target_opset={"": 17, "ai.onnx.ml": 3})
    model.ir_version = 8
    for each in model.graph.node:
        if each.op_type == "StringNormalizer":
            # without a name ONNX Runtime takes en_US.UTF-8, which the server's image has, and not every other machine
            each.attribute.append(helper.make_attribute("locale", "C.UTF-8"))
    helper.set_model_props(model, {"title": "Sentiment of English sentences, by their words", "dataset": "the lexicon of VADER"})
    return model.SerializeToString(deterministic=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, compare the digests")
    check = parser.parse_args().check
    built = {OUT / EMBEDDING: embedding(), HERE / SENTIMENT: sentiment()}
    lines = "".join(f"{hashlib.sha256(data).hexdigest()}  {path.name}\n" for path, data in built.items())
    sums = HERE / "SHA256SUMS"
    if check:
        if lines != sums.read_text():
            sys.exit(f"built\n{lines}SHA256SUMS says otherwise")
        print(f"{lines}as in SHA256SUMS")
        return
    for path, data in built.items():
        path.write_bytes(data)
        print(f"{path}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")
    sums.write_text(lines)


if __name__ == "__main__":
    main()
