"""Pipelines over tables of typed columns and over texts."""

import numpy as np
import pandas
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import BooleanTensorType, DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, LabelEncoder, MaxAbsScaler, OneHotEncoder, OrdinalEncoder, StandardScaler

from answers import tensors
from answers.models import Meaning, Model, NotExported, family
from answers.models.draws import WORDS, chance, labels, pick
from answers.models.estimators import classes_of, outputs

KINDS = {"FP32": FloatTensorType, "FP64": DoubleTensorType, "INT64": Int64TensorType, "BYTES": StringTensorType, "BOOL": BooleanTensorType}


def convert(pipeline, types, options=None):
    try:
        return convert_sklearn(pipeline, initial_types=types, options=options, target_opset={"": 17, "ai.onnx.ml": 3})
    except Exception as e:  # converters raise anything
        raise NotExported(f"{type(e).__name__}: {e}") from None


@family(4)
def table_of_columns(rng):
    """A classifier or regressor behind a ColumnTransformer; one input for each column."""
    count = 90
    y = np.arange(count) % 3
    numeric = {f"n{i}": rng.normal(y, 1, count) for i in range(int(rng.integers(1, 4)))}
    words = [word for word in WORDS if word.strip()][: int(rng.integers(3, 8))]
    texts = {f"c{i}": np.array(words, object)[(y + rng.integers(0, 2, count)) % len(words)] for i in range(int(rng.integers(0, 3)))}
    whole = {f"i{i}": rng.integers(0, 9, count) for i in range(int(rng.integers(0, 2)))}
    frame = pandas.DataFrame({**numeric, **texts, **whole})
    missing = pick(rng, [SimpleImputer(), SimpleImputer(strategy="median"), None])
    scale = pick(rng, [StandardScaler(), MaxAbsScaler()])
    parts = [("numeric", make_pipeline(missing, scale) if missing else scale, list(numeric))]
    if texts:
        parts.append(("words", pick(rng, [OneHotEncoder(handle_unknown="ignore"), OneHotEncoder(), OrdinalEncoder()]), list(texts)))
    if whole:
        parts.append(("whole", pick(rng, [OneHotEncoder(handle_unknown="ignore"), StandardScaler()]), list(whole)))
    classify = chance(rng, 0.75)
    kinds, _ = labels(rng, 3)
    estimator = make_pipeline(ColumnTransformer(parts), pick(rng, [LogisticRegression(max_iter=50), RandomForestClassifier(4, max_depth=3, random_state=1)]) if classify else LinearRegression())
    estimator.fit(frame, kinds[y] if classify else y)
    element = pick(rng, ["FP32", "FP32", "FP64"])
    datatypes = {**{name: element for name in numeric}, **{name: "BYTES" for name in texts}, **{name: "INT64" for name in whole}}
    shape = pick(rng, [[None, 1], [None, 1], ["rows", 1]])
    zipmap = classify and pick(rng, [None, {"zipmap": False}])
    proto = convert(estimator, [(name, KINDS[datatype](shape)) for name, datatype in datatypes.items()], zipmap or None)

    def draw(rng, rows):
        chosen = frame.iloc[rng.integers(count, size=rows)]
        unknown = chance(rng, 0.2)
        inputs = {}
        for name, datatype in datatypes.items():
            values = chosen[name].to_numpy()
            if datatype == "BYTES":
                values = tensors.strings([pick(rng, WORDS) if unknown and chance(rng, 0.3) else value for value in values], (rows, 1))
            elif datatype in tensors.FLOATS and missing is not None and chance(rng, 0.3):
                values = np.where(rng.random(rows) < 0.2, np.nan, values)
            inputs[name] = values.astype(tensors.ARRAYS[datatype]).reshape(rows, 1)
        return inputs

    meaning = Meaning()
    if classify:
        label, scores = outputs(proto)
        meaning = Meaning(label, scores, classes_of(estimator), True)
    return Model(f"columns {datatypes}, {estimator[-1]}, {zipmap}", proto.SerializeToString(), draw, meaning)


@family(2)
def texts(rng):
    """Bags of words; without folding of letters, which needs a locale that not every machine has."""
    corpus = ["good film", "bad film", "a good book", "an awful book", "日本 🌞 film", "naïve book café"]
    kinds, _ = labels(rng, 2)
    y = np.array([1, 0, 1, 0, 1, 0])
    vectorizer = pick(rng, [CountVectorizer, TfidfVectorizer])
    options = pick(rng, [{}, {"ngram_range": (1, 2)}, {"analyzer": "char"}, {"binary": True}, {"token_pattern": r"[a-z]+"}])
    estimator = make_pipeline(vectorizer(lowercase=False, **options), LogisticRegression()).fit(corpus, kinds[y])
    shape = pick(rng, [[None, 1], [None]])
    zipmap = pick(rng, [None, {"zipmap": False}])
    proto = convert(estimator, [("text", StringTensorType(shape))], zipmap)

    def draw(rng, rows):
        lines = [" ".join(pick(rng, ["good", "bad", "film", "book", "awful", "🌞", "日本", "a", "unknown", ""]) for _ in range(int(rng.integers(0, 6)))) for _ in range(rows)]
        return {"text": tensors.strings(lines, (rows, 1) if len(shape) == 2 else (rows,))}

    label, scores = outputs(proto)
    meaning = Meaning(label, scores, classes_of(estimator), True)
    return Model(f"{vectorizer.__name__} {options} of {shape}, {zipmap}", proto.SerializeToString(), draw, meaning)


@family(1)
def encoders(rng):
    """Encoders on their own: their outputs are no scores."""
    words = tensors.strings([word for word in WORDS if word.strip()][:6], (6, 1))
    encoder, datatype = pick(rng, [(OneHotEncoder(sparse_output=False), "BYTES"), (OneHotEncoder(handle_unknown="ignore", sparse_output=False), "BYTES"), (OrdinalEncoder(), "BYTES"), (OneHotEncoder(sparse_output=False), "INT64"), (LabelEncoder(), "BYTES"), (FunctionTransformer(), "FP32")])
    train = words if datatype == "BYTES" else np.arange(6).reshape(6, 1).astype(tensors.ARRAYS[datatype])
    encoder.fit(train.ravel() if isinstance(encoder, LabelEncoder) else train)
    proto = convert(encoder, [("X", KINDS[datatype]([None, 1]))])

    def draw(rng, rows):
        if datatype == "BYTES":
            return {"X": tensors.strings([pick(rng, WORDS if chance(rng, 0.1) else words.ravel().tolist()) for _ in range(rows)], (rows, 1))}
        return {"X": rng.integers(0, 7, (rows, 1)).astype(tensors.ARRAYS[datatype])}

    return Model(f"{encoder} of {datatype}", proto.SerializeToString(), draw, Meaning())
