"""Operators on strings."""

from answers.crashes import FLOAT, INT64, MICROSOFT, STRING, below, candidate, graph, microsoft, texts
from answers.graphs import node

WORDS = ["the", "cat", "sat", "on", "a mat", "Über", "x"]
TFIDF = {"mode": "TF", "min_gram_length": 1, "max_gram_length": 2, "max_skip_count": 3, "ngram_counts": [0, 3], "ngram_indexes": [0, 1, 2, 3]}


@candidate("StringNormalizer")
def normalised():
    return graph([node("StringNormalizer", "x", "y", case_change_action="LOWER", stopwords=["the"], is_case_sensitive=0, locale="C")], {"x": texts(["n"], (4,), WORDS)}, {"y": STRING})


@candidate("TfIdfVectorizer of texts")
def tfidf():
    return graph([node("TfIdfVectorizer", "x", "y", pool_strings=["the", "cat", "sat", "cat", "sat"], **TFIDF)], {"x": texts(["n", "m"], (2, 4), WORDS)}, {"y": FLOAT})


@candidate("TfIdfVectorizer of INT64")
def tfidf_numbers():
    return graph([node("TfIdfVectorizer", "x", "y", pool_int64s=[2, 3, 5, 3, 5], **TFIDF)], {"x": below(["n", "m"], (2, 5), 8)}, {"y": FLOAT})


@candidate("Tokenizer by a regular expression")
def tokens():
    nodes = [microsoft("Tokenizer", "x", "y", mark=1, pad_value="#", tokenexp="[a-zA-Z]+", mincharnum=1)]
    return graph(nodes, {"x": texts(["n"], (3,), WORDS)}, {"y": STRING}, opsets=[MICROSOFT])


@candidate("Tokenizer by separators")
def separated():
    nodes = [microsoft("Tokenizer", "x", "y", mark=0, pad_value="", separators=[" ", "a"], mincharnum=2)]
    return graph(nodes, {"x": texts(["n", "m"], (2, 2), WORDS)}, {"y": STRING}, opsets=[MICROSOFT])


@candidate("StringSplit, StringConcat and RegexFullMatch")
def split():
    nodes = [node("StringConcat", "x x", "twice"), node("StringSplit", "twice", "y n", delimiter="a"), node("RegexFullMatch", "x", "m", pattern="[a-z]+(at)*")]
    return graph(nodes, {"x": texts(["n"], (3,), WORDS)}, {"y": STRING, "n": INT64, "m": 9}, opset=20, ir=9)


@candidate("LabelEncoder and OneHotEncoder")
def encoded():
    nodes = [
        node("LabelEncoder", "x", "i", domain="ai.onnx.ml", keys_strings=WORDS, values_int64s=list(range(7)), default_int64=-1),
        node("OneHotEncoder", "i", "y", domain="ai.onnx.ml", cats_int64s=list(range(7)), zeros=1),
    ]
    return graph(nodes, {"x": texts(["n"], (3,), WORDS)}, {"y": FLOAT})


@candidate("Cast of texts to numbers")
def numbers():
    nodes = [node("Cast", "x", "f", to=1), node("Cast", "x", "i", to=7)]
    return graph(nodes, {"x": texts(["n"], (3,), ["1", "25", "-7"])}, {"f": FLOAT, "i": INT64})


