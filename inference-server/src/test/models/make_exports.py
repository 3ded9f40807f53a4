"""Trains small classifiers, exports them as their users do (with ZipMap) and writes what Python itself predicts.

Needs Python 3.11 and: pip install -r requirements.txt
Run with PYTHONHASHSEED=0; the bytes of a retrained file may differ on another processor, its answers within the tolerance not.
"""

import lightgbm
import numpy as np
import onnxmltools
import pandas
import sklearn
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloats
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import convert_sklearn, to_onnx, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import expectation
from expectation import HERE, case, strings

TOLERANCE = 1e-5
OPSET = {"": 17, "ai.onnx.ml": 3}
CULTIVARS = np.array(["Barolo", "Grignolino", "Barbera"])

x, y = load_wine(return_X_y=True)
x = x.astype(np.float32)
ROWS = x[::20]
CANCER_X, CANCER_Y = load_breast_cancer(return_X_y=True)
CANCER_X = CANCER_X.astype(np.float32)


def export(name, source, onnx_model, model, rows, label, probabilities, inputs=None):
    onnx_model.ir_version = 8
    onnx_model.graph.name = name  # some converters take a random one
    (HERE / f"{name}.onnx").write_bytes(onnx_model.SerializeToString(deterministic=True))
    input_name = onnx_model.graph.input[0].name

    def answers(title, part):
        predicted = model.predict(part)
        predicted = strings(predicted.tolist()) if predicted.dtype.kind in "UO" else predicted.astype(np.int64)
        given = inputs(part) if inputs else {input_name: part}
        return case(title, given, {label: predicted, probabilities: model.predict_proba(part).astype(np.float32)})

    cases = [answers("rows", rows), answers("one row", rows[:1])]
    expectation.check(name, cases, TOLERANCE)
    expectation.write(name, source, cases, TOLERANCE, model.classes_)
    print(name, (HERE / f"{name}.onnx").stat().st_size, [str(v) for v in cases[0]["outputs"][label]])


def scikit(name, model, rows):
    onnx_model = to_onnx(model, rows[:1], target_opset=OPSET)
    export(name, f"scikit-learn {sklearn.__version__}", onnx_model, model, rows, "output_label", "output_probability")


scikit("sklearn-zipmap", RandomForestClassifier(8, max_depth=3, random_state=0).fit(x, y), ROWS)
scikit("sklearn-zipmap-strings", make_pipeline(StandardScaler(), LogisticRegression()).fit(x, CULTIVARS[y]), ROWS)
# labels that are no positions: negative, with gaps
scikit("sklearn-zipmap-gaps", RandomForestClassifier(5, max_depth=2, random_state=0).fit(x, np.array([-1, 5, 10])[y]), ROWS)

# a table with named columns, some of them text: one input per column
TABLE = pandas.DataFrame({"alcohol": x[:, 0], "hue": x[:, 10], "soil": np.array(["clay", "lime", "sand"])[(y + (x[:, 1] > 3)) % 3]})
columns = make_pipeline(
    ColumnTransformer([("numbers", StandardScaler(), ["alcohol", "hue"]), ("words", OneHotEncoder(handle_unknown="ignore"), ["soil"])]),
    LogisticRegression(),
).fit(TABLE, CULTIVARS[y])
export(
    "sklearn-zipmap-columns",
    f"scikit-learn {sklearn.__version__}",
    convert_sklearn(
        columns,
        initial_types=[("alcohol", FloatTensorType([None, 1])), ("hue", FloatTensorType([None, 1])), ("soil", StringTensorType([None, 1]))],
        target_opset=OPSET,
    ),
    columns,
    TABLE.iloc[::20],
    "output_label",
    "output_probability",
    inputs=lambda part: {n: strings(part[[n]].values.tolist()) if n == "soil" else part[[n]].values.astype(np.float32) for n in part.columns},
)


def lightgbm_export(name, model, rows):
    onnx_model = onnxmltools.convert_lightgbm(model, initial_types=[("input", MlFloats([None, rows.shape[1]]))], target_opset=15)
    export(name, f"LightGBM {lightgbm.__version__}, onnxmltools {onnxmltools.__version__}", onnx_model, model, rows, "label", "probabilities")


def lightgbm_model():
    return lightgbm.LGBMClassifier(n_estimators=6, num_leaves=6, random_state=0, n_jobs=1, deterministic=True, force_row_wise=True, verbose=-1)


lightgbm_export("lightgbm-zipmap", lightgbm_model().fit(x, y), ROWS)
lightgbm_export("lightgbm-zipmap-binary", lightgbm_model().fit(CANCER_X, CANCER_Y), CANCER_X[::60])

# onnxmltools alone gives XGBoost no ZipMap; skl2onnx, which converts pipelines with one inside, does
update_registered_converter(
    xgboost.XGBClassifier, "XGBClassifier", calculate_linear_classifier_output_shapes, convert_xgboost, options={"nocl": [True, False], "zipmap": [True, False, "columns"]}
)


def xgboost_export(name, model, rows):
    onnx_model = to_onnx(model, rows[:1], target_opset=OPSET)
    export(name, f"XGBoost {xgboost.__version__}, onnxmltools {onnxmltools.__version__}", onnx_model, model, rows, "output_label", "output_probability")


def xgboost_model():
    return xgboost.XGBClassifier(n_estimators=5, max_depth=3, random_state=0, n_jobs=1)


xgboost_export("xgboost-zipmap", xgboost_model().fit(x, y), ROWS)
xgboost_export("xgboost-zipmap-binary", xgboost_model().fit(CANCER_X, CANCER_Y), CANCER_X[::60])
