"""Writes models with operators of ONNX Runtime Extensions, and a text model of scikit-learn, with the answers that are right.

Needs Python 3.11 and: pip install -r requirements.txt
Run with PYTHONHASHSEED=0. Whether the answers are right is said by Hugging Face's tokenizers, by NumPy and by scikit-learn.
"""

import string

import numpy as np
import onnx
import sklearn
import tokenizers
from onnx import TensorProto, helper, numpy_helper
from onnxruntime_extensions import get_library_path
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import expectation
from expectation import BY_HAND, HERE, case, strings, tensor

CONTRIB, EXTENSIONS = "ai.onnx.contrib", "com.microsoft.extensions"
TOLERANCE = 1e-6
TEXTS = ["Hello, world!", "", "The CAFÉ is closed.", "unaffable", "日本 🌞 hello", "don't\tstop\nnow", "zzz ß", "hello " * 40]


def save(name, nodes, inputs, outputs, initializers=(), functions=(), metadata=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, [numpy_helper.from_array(v, k) for k, v in initializers])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1), helper.make_opsetid(EXTENSIONS, 1), helper.make_opsetid("local", 1)]
    model = helper.make_model(graph, opset_imports=opsets, functions=functions)
    model.ir_version = 8
    if metadata:
        helper.set_model_props(model, metadata)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    print(name, (HERE / f"{name}.onnx").stat().st_size)


def answered(name, source, cases, tolerance=0.0, classes=None):
    expectation.check(name, cases, tolerance, get_library_path())
    expectation.write(name, source, cases, tolerance, classes)


def node(operator, inputs, outputs, domain=CONTRIB, **attributes):
    return helper.make_node(operator, inputs, outputs, domain=domain, **attributes)


# A sentence embedding: WordPiece for each text in a loop, the mean of its tokens' vectors, of length 1. The tokenizer takes one text, or
# a pair, at a time; a loop also keeps texts of different lengths apart without padding.

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = list(string.ascii_lowercase + string.digits)
WORDS = ["hello", "world", "the", "cafe", "is", "closed", "don", "stop", "now", "un", "##aff", "##able", "日", "本"]
VOCABULARY = SPECIAL + list(".,!?'-") + LETTERS + ["##" + letter for letter in LETTERS] + WORDS
VECTORS = np.random.default_rng(17).normal(0, 1, (len(VOCABULARY), 8)).astype(np.float32)

text, number = tensor("i", TensorProto.INT64, []), tensor("go", TensorProto.BOOL, [])
body = helper.make_graph(
    [
        node("Unsqueeze", ["i", "zero"], ["at"], ""),
        node("Gather", ["text", "at"], ["one"], "", axis=0),
        node("BertTokenizer", ["one"], ["ids", "types", "mask"], vocab_file="\n".join(VOCABULARY), do_lower_case=1, strip_accents=1),
        node("Gather", ["vectors", "ids"], ["tokens"], "", axis=0),
        node("ReduceMean", ["tokens"], ["mean"], "", axes=[0], keepdims=0),
        node("ReduceL2", ["mean"], ["length"], "", axes=[0], keepdims=1),
        node("Div", ["mean", "length"], ["unit"], ""),
        node("Identity", ["go"], ["goes_on"], ""),
    ],
    "one_text",
    [text, number],
    [tensor("goes_on", TensorProto.BOOL, []), tensor("unit", TensorProto.FLOAT, [8])],
)
save(
    "extension-embedding",
    [
        node("Shape", ["text"], ["shape"], "", end=1),
        node("Squeeze", ["shape"], ["count"], ""),
        node("Loop", ["count", ""], ["embedding"], "", body=body),
    ],
    [tensor("text", TensorProto.STRING, ["texts"])],
    [tensor("embedding", TensorProto.FLOAT, ["texts", 8])],
    [("zero", np.array([0])), ("vectors", VECTORS)],
)
WORD_PIECE = tokenizers.BertWordPieceTokenizer({word: i for i, word in enumerate(VOCABULARY)}, lowercase=True)


def embedded(texts):
    means = [VECTORS[WORD_PIECE.encode(each).ids].mean(axis=0) for each in texts]
    vectors = [mean / np.linalg.norm(mean) for mean in means]
    return case(f"{len(texts)} texts", {"text": strings(texts)}, {"embedding": np.array(vectors, np.float32).reshape(-1, 8)})


answered(
    "extension-embedding",
    f"tokenizers {tokenizers.__version__} and NumPy {np.__version__}",
    [embedded(TEXTS), embedded(TEXTS[:1]), embedded([""]), embedded([])],
    TOLERANCE,
)

# Texts to texts, element by element, of any shape: letters of ASCII only.
save(
    "extension-upper",
    [node("StringUpper", ["text"], ["upper"])],
    [tensor("text", TensorProto.STRING, [None, 2])],
    [tensor("upper", TensorProto.STRING, [None, 2])],
)
answered(
    "extension-upper",
    BY_HAND,
    [
        case("pairs", {"text": strings([["abc", "ß é 🌞"], ["", "a b"]])}, {"upper": strings([["ABC", "ß é 🌞"], ["", "A B"]])}),
        case("no rows", {"text": strings([]).reshape(0, 2)}, {"upper": strings([]).reshape(0, 2)}),
    ],
)

# As many words as each text has: where they are, what they are, and the shape of the table that they would fill.
def split(name, separator):
    save(
        name,
        [node("StringSplit", ["text", "separator", "skip"], ["places", "words", "shape"])],
        [tensor("text", TensorProto.STRING, ["texts"])],
        [tensor("places", TensorProto.INT64, ["words", 2]), tensor("words", TensorProto.STRING, ["words"]), tensor("shape", TensorProto.INT64, [2])],
        [("skip", np.array([True])), ("separator", strings([separator]))],
    )


split("extension-split", " ")
answered(
    "extension-split",
    BY_HAND,
    [
        case(
            "ragged",
            {"text": strings(["one two  three", "", "🌞", " a "])},
            {
                "places": np.array([[0, 0], [0, 1], [0, 2], [2, 0], [3, 0]]),
                "words": strings(["one", "two", "three", "🌞", "a"]),
                "shape": np.array([4, 3]),
            },
        ),
        case("empty", {"text": strings([""])}, {"places": np.zeros((0, 2), np.int64), "words": strings([]), "shape": np.array([1, 0])}),
    ],
)

# Without a separator each byte is a word. Python cannot read such an answer; U+FFFD stands for what is no UTF-8.
split("extension-bytes", "")
places, words = np.array([[0, 0], [0, 1], [0, 2]]), strings(["a", "\ufffd", "\ufffd"])
expectation.write("extension-bytes", BY_HAND, [case("bytes", {"text": strings(["aé"])}, {"places": places, "words": words, "shape": np.array([1, 3])})])

# The operator stands in a branch of a function. The model's own function bears the name of a domain of the library, and is none of it.
words = [helper.make_tensor_value_info("lower", TensorProto.STRING, None)]
branches = {
    "then_branch": helper.make_graph([node("StringLower", ["t"], ["lower"])], "then", [], words),
    "else_branch": helper.make_graph([node("Identity", ["t"], ["lower"], "")], "else", [], words),
}
opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
save(
    "extension-function",
    [node("Lower", ["text", "whether"], ["between"], "local"), node("Same", ["between"], ["lower"], EXTENSIONS)],
    [tensor("text", TensorProto.STRING, [None]), tensor("whether", TensorProto.BOOL, [])],
    [tensor("lower", TensorProto.STRING, [None])],
    functions=[
        helper.make_function("local", "Lower", ["t", "c"], ["l"], [node("If", ["c"], ["l"], "", **branches)], opsets),
        helper.make_function(EXTENSIONS, "Same", ["t"], ["l"], [node("Identity", ["t"], ["l"], "")], opsets),
    ],
)
answered(
    "extension-function",
    BY_HAND,
    [
        case("in the branch", {"text": strings(["ABC", ""]), "whether": np.array(True)}, {"lower": strings(["abc", ""])}),
        case("beside it", {"text": strings(["ABC", ""]), "whether": np.array(False)}, {"lower": strings(["ABC", ""])}),
    ],
)

# What the server refuses: an operator that the library does not have, one that opens files by name, and one that ends the process over a long text.
save("extension-unknown", [node("NoSuchTokenizer", ["text"], ["ids"])], [tensor("text", TensorProto.STRING, [None])], [tensor("ids", TensorProto.INT64, [None])])
save("extension-file", [node("ImageReader", ["path"], ["pixels"])], [tensor("path", TensorProto.STRING, [1])], [tensor("pixels", TensorProto.UINT8, None)])
save("extension-regex", [node("StringECMARegexReplace", ["text", "pattern", "by"], ["changed"])], [tensor("text", TensorProto.STRING, [None]), tensor("pattern", TensorProto.STRING, [1]), tensor("by", TensorProto.STRING, [1])], [tensor("changed", TensorProto.STRING, [None])])

# TfidfVectorizer with its defaults. skl2onnx splits at letters beyond ASCII unless it is told what a word is, and names no locale for lower
# case: ONNX Runtime then takes en_US.UTF-8, which not every machine that runs these tests has.
REVIEWS = {
    "good": ["a good film", "Great acting, great music!", "I really liked it", "naïve but charming", "the best café in town", "très bon état", "日本 is wonderful", "would watch again"],
    "bad": ["a bad film", "Awful acting, awful music!", "I really disliked it", "boring and too long", "the worst café in town", "très mauvais état", "a waste of time", "would not watch again"],
}
rows = [(each, kind) for kind, texts in REVIEWS.items() for each in texts]
pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit([each for each, _ in rows], [kind for _, kind in rows])
options = {TfidfVectorizer: {"tokenexp": r"[\p{L}\p{N}_]{2,}"}}
model = convert_sklearn(pipeline, "text-sentiment", [("text", StringTensorType([None]))], options=options, target_opset={"": 17, "ai.onnx.ml": 3})
model.ir_version = 8
for each in model.graph.node:
    if each.op_type == "StringNormalizer":
        each.attribute.append(helper.make_attribute("locale", "C.UTF-8"))
(HERE / "text-sentiment.onnx").write_bytes(model.SerializeToString(deterministic=True))


def judged(texts):
    return case(
        f"{len(texts)} texts",
        {"text": strings(texts)},
        {"output_label": strings(pipeline.predict(texts).tolist()), "output_probability": pipeline.predict_proba(texts).astype(np.float32)},
    )


OTHERS = ["", "  ", "GOOD FILM!!!", "CAFÉ état", "good🌞film", "a", "x-ray_2024 good", "don't", "日本", "naïve\tgood\nfilm", "nothing known"]
answered("text-sentiment", f"scikit-learn {sklearn.__version__}", [judged(sum(REVIEWS.values(), []) + OTHERS), judged(["so good"])], 1e-5, pipeline.classes_)
