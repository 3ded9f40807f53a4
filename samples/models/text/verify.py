"""Compares ONNX Runtime's answers of the two models with those that are computed without them, and exits 1 when one differs.

The numbers in README.md come from here; the server's must be the same. The sentence embedding is held against Hugging Face's tokenizers, the
network alone and NumPy, the sentiment against scikit-learn.

verify.py SERVER    also asks the inference server at this URL for the same, by POST /predict: one of the two models, whichever it serves
"""

import json
import sys
import urllib.request

import build
import numpy as np
import onnxruntime
import tokenizers
from onnxruntime_extensions import get_library_path

SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "A cheetah is running behind its prey.",
    "",
    "Où est le café? naïve, Ünïcödé & 日本 🌞",
    "word " * 400,
]
OPINIONS = ["What a wonderful, brilliant film!", "Awful. Boring and terrible.", "", "THE BEST CAFÉ", "nothing known", "a lovely, happy evening", "hate and violence"]


def session(content, library=False):
    options = onnxruntime.SessionOptions()
    if library:
        options.register_custom_ops_library(get_library_path())
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def embedded(texts):
    """Without the built model."""
    network = session(build.from_archive(*build.NETWORK))
    tokenizer = tokenizers.Tokenizer.from_str(build.from_archive(*build.TOKENIZER).decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(build.MOST_TOKENS)
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids])
        state = network.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)})[0]
        mean = state[0].mean(axis=0)
        rows.append(mean / np.linalg.norm(mean))
    return np.array(rows)


def asked(server):
    """Whether the server's answers are those of its model, for all texts in one request."""

    def post(texts):
        body = json.dumps({"features": texts}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{server}/predict", body, {"Content-Type": "application/json"})) as answer:
            return json.load(answer)

    with urllib.request.urlopen(f"{server}/v2/models") as answer:
        (name,) = json.load(answer)["models"]
    with urllib.request.urlopen(f"{server}/v2/models/{name}") as answer:
        outputs = [output["name"] for output in json.load(answer)["outputs"]]
    if outputs == ["embedding"]:
        together = [row["prediction"] for row in post(SENTENCES)["predictions"]]
        return {"the server's embeddings are the same": np.abs(np.array(together) - embedded(SENTENCES)).max() < 1e-5}
    together = post(OPINIONS)["predictions"]
    wanted = build.trained().predict_proba(OPINIONS)
    got = [[row["probabilities"][kind] for kind in ("negative", "positive")] for row in together]
    return {"the server's sentiments are the same": np.abs(np.array(got) - wanted).max() < 1e-5}


def main() -> int:
    model = session(str(build.OUT / build.EMBEDDING), library=True)
    got = model.run(None, {"text": np.array(SENTENCES, object)})[0]
    wanted = embedded(SENTENCES)
    likeness = got @ got.T
    print("likeness to the first sentence:", ", ".join(f"{value:.4f}" for value in likeness[0, 1:4]))
    print("first numbers of the first sentence:", ", ".join(f"{value:.5f}" for value in got[0, :4]))
    alone = [model.run(None, {"text": np.array([text], object)})[0][0] for text in SENTENCES]
    pipeline = build.trained()
    judge = session(str(build.HERE / build.SENTIMENT))
    labels, maps = judge.run(None, {"text": np.array(OPINIONS, object)})
    for text, label, scores in zip(OPINIONS, labels, maps):
        print(f"{text!r}: {label} {scores[label]:.4f}")
    scores = np.array([[row[kind] for kind in pipeline.classes_] for row in maps])
    promises = {
        "embeddings are those of tokenizers, network and NumPy": np.abs(got - wanted).max() < 1e-5,
        "a text has the same numbers alone": np.array_equal(got, np.array(alone)),
        "bread is nearer to food than a baby and a cheetah": likeness[0, 1] > 0.7 > 0.3 > likeness[0, 2:4].max(),
        "sentiments are scikit-learn's": labels.tolist() == pipeline.predict(OPINIONS).tolist()
        and np.abs(scores - pipeline.predict_proba(OPINIONS)).max() < 1e-5,
    }
    if len(sys.argv) > 1:
        promises |= asked(sys.argv[1])
    for promise, kept in promises.items():
        print("kept:  " if kept else "BROKEN:", promise)
    return 0 if all(promises.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
