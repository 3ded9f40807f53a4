"""LightGBM, XGBoost and CatBoost, exported with onnxmltools and by CatBoost itself."""

import pathlib
import tempfile

import catboost
import lightgbm
import numpy as np
import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

from answers.models import Meaning, Model, NotExported, family
from answers.models.draws import chance, labels, pick
from answers.models.estimators import asked, classes_of, outputs, table


def rows_with_gaps(X, name):
    """Rows like those of the training set, some with missing values."""

    def draw(rng, rows):
        chosen = X[rng.integers(len(X), size=rows)] + rng.normal(0, 0.3, (rows, X.shape[1]))
        if chance(rng, 0.3):
            chosen = np.where(rng.random(chosen.shape) < 0.15, rng.choice([np.nan, np.nan, np.inf, 0.0, -0.0, 1e38], chosen.shape), chosen)
        return {name: chosen.astype(np.float32)}

    return draw


def without_gaps(predict, name):
    return lambda inputs: None if np.isnan(inputs[name]).any() else predict(inputs)


def training(rng, kinds=None):
    X, y = table(rng, len(kinds) if kinds is not None else 3)
    if chance(rng, 0.3):
        X = np.where(rng.random(X.shape) < 0.05, np.nan, X).astype(np.float32)
    return X, y


@family(4)
def lightgbm_classifier(rng):
    kinds, _ = labels(rng, int(rng.integers(2, 4)))
    X, y = training(rng, kinds)
    options = pick(rng, [{}, {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.7}, {"boosting_type": "dart"}, {"objective": "multiclassova"} if len(kinds) > 2 else {}, {"is_unbalance": True}])
    estimator = lightgbm.LGBMClassifier(n_estimators=int(rng.integers(1, 6)), num_leaves=6, min_child_samples=5, verbose=-1, random_state=1, **options).fit(X, kinds[y])
    zipmap = chance(rng, 0.5)
    name = pick(rng, ["X", "input", "特徴"])
    proto = converted(onnxmltools.convert_lightgbm, estimator, name, X, zipmap=zipmap)
    name = proto.graph.input[0].name
    label, scores = outputs(proto)
    meaning = Meaning(label, scores, classes_of(estimator), True, without_gaps(asked(estimator, name), name))
    return Model(f"LightGBM, classes {kinds.tolist()}, zipmap={zipmap}, {options}", proto.SerializeToString(), rows_with_gaps(X, name), meaning)


@family(2)
def lightgbm_regressor(rng):
    X, y = training(rng)
    objective = pick(rng, ["regression", "regression_l1", "huber", "quantile", "poisson", "gamma", "tweedie", "cross_entropy"])
    target = y / 2 if objective == "cross_entropy" else np.nan_to_num(np.abs(X).sum(axis=1)) + 1 + y
    estimator = lightgbm.LGBMRegressor(n_estimators=int(rng.integers(1, 120)), num_leaves=6, min_child_samples=5, verbose=-1, random_state=1, objective=objective).fit(X, target)
    options = {"split": 3} if chance(rng, 0.3) else {}
    proto = converted(onnxmltools.convert_lightgbm, estimator, "X", X, **options)
    return Model(f"LightGBM {objective}, {options}", proto.SerializeToString(), rows_with_gaps(X, "X"), Meaning())


@family(3)
def xgboost_classifier(rng):
    count = int(rng.integers(2, 4))
    X, y = training(rng, np.arange(count))
    options = pick(rng, [{}, {"booster": "dart"}, {"objective": "multi:softmax"} if count > 2 else {}, {"base_score": 0.3} if count == 2 else {}])
    estimator = xgboost.XGBClassifier(n_estimators=int(rng.integers(1, 6)), max_depth=3, random_state=1, **options).fit(X, y)
    proto = converted(onnxmltools.convert_xgboost, estimator, "input", X)
    label, scores = outputs(proto)
    meaning = Meaning(label, scores, tuple(range(count)), options.get("objective") != "multi:softmax", without_gaps(asked(estimator, "input"), "input"))
    return Model(f"XGBoost, {count} classes, {options}", proto.SerializeToString(), rows_with_gaps(X, "input"), meaning)


@family(1.5)
def xgboost_regressor(rng):
    X, y = training(rng)
    objective = pick(rng, ["reg:squarederror", "reg:logistic", "count:poisson", "reg:gamma", "reg:tweedie", "reg:absoluteerror"])
    target = y / 2 if objective == "reg:logistic" else np.nan_to_num(np.abs(X).sum(axis=1)) + 1
    estimator = xgboost.XGBRegressor(n_estimators=int(rng.integers(1, 6)), max_depth=3, objective=objective, random_state=1).fit(X, target)
    proto = converted(onnxmltools.convert_xgboost, estimator, "input", X)
    return Model(f"XGBoost {objective}", proto.SerializeToString(), rows_with_gaps(X, "input"), Meaning())


def converted(convert, estimator, name, X, **options):
    try:
        return convert(estimator, initial_types=[(name, FloatTensorType([None, X.shape[1]]))], target_opset=15, **options)
    except Exception as e:  # converters raise anything
        raise NotExported(f"{type(e).__name__}: {e}") from None


def saved(estimator):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.onnx"
        try:
            estimator.save_model(str(file), format="onnx")
        except Exception as e:
            raise NotExported(f"{type(e).__name__}: {e}") from None
        return file.read_bytes()


@family(3)
def catboost_classifier(rng):
    kinds, kind = labels(rng, int(rng.integers(2, 4)))
    X, y = training(rng, kinds)
    estimator = catboost.CatBoostClassifier(iterations=int(rng.integers(1, 6)), depth=3, verbose=0, allow_writing_files=False, random_seed=1, thread_count=1)
    try:
        estimator.fit(X, kinds[y])
    except catboost.CatBoostError as e:
        raise NotExported(str(e)) from None
    ask = asked(estimator, "features")

    def predict(inputs):
        answer = ask(inputs)
        return answer and (answer[0].ravel(), answer[1])

    # Of two classes that are integers ONNX Runtime gives the position.
    position = kinds.dtype.kind in "biuf" and len(kinds) == 2
    meaning = Meaning("label", "probabilities", classes_of(estimator), True, without_gaps(predict, "features"), position)
    return Model(f"CatBoost, classes {kinds.tolist()} ({kind})", saved(estimator), rows_with_gaps(X, "features"), meaning)


@family(1.5)
def catboost_regressor(rng):
    X, y = training(rng)
    loss = pick(rng, ["RMSE", "MAE", "Poisson", "MultiRMSE"])
    target = np.nan_to_num(np.abs(X).sum(axis=1)) + y
    if loss == "MultiRMSE":
        target = np.c_[target, y]
    estimator = catboost.CatBoostRegressor(iterations=int(rng.integers(1, 6)), depth=3, loss_function=loss, verbose=0, allow_writing_files=False, random_seed=1, thread_count=1).fit(X, target)
    return Model(f"CatBoost {loss}", saved(estimator), rows_with_gaps(X, "features"), Meaning())
