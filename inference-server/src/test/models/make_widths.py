"""Writes models whose input is declared [any number, any number], as FloatTensorType([None, None]) does: the file's constants tell how wide a row is.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC, SVR

from expectation import HERE

x, y = load_iris(return_X_y=True)
x, y = x[::8].astype(np.float32), y[::8]


def write(name, model):
    model.ir_version = 8
    model.graph.name = name
    (HERE / f"width-{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def scikit(name, model):
    options = {"zipmap": False} if hasattr(model, "predict_proba") else None
    write(name, convert_sklearn(model.fit(x, y), initial_types=[("X", FloatTensorType([None, None]))], target_opset={"": 17, "ai.onnx.ml": 3}, options={id(model): options} if options else None))


scikit("logistic", LogisticRegression(max_iter=500))
scikit("linear", LinearRegression())
scikit("svc", SVC())
scikit("svr", SVR())
scikit("forest", RandomForestClassifier(3, max_depth=2, random_state=0))
scikit("boosting", GradientBoostingClassifier(n_estimators=2, max_depth=1, random_state=0))
scikit("scaled", make_pipeline(StandardScaler(), LogisticRegression()))
scikit("imputed", make_pipeline(SimpleImputer(), RandomForestClassifier(2, max_depth=1, random_state=0)))
scikit("minmax", make_pipeline(MinMaxScaler(), LogisticRegression()))
scikit("pca", make_pipeline(PCA(2), LogisticRegression()))
scikit("neighbours", KNeighborsClassifier(3))
scikit("mlp", MLPClassifier((3,), max_iter=20, random_state=0))
scikit("naive-bayes", GaussianNB())
scikit("best", make_pipeline(SelectKBest(k=2), LogisticRegression()))
scikit("kmeans", KMeans(3, n_init=1, random_state=0))


def made(name, nodes, initializers=(), functions=(), shape=(None, None), more=()):
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape), *more]
    graph = helper.make_graph(nodes, name, inputs, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], [numpy_helper.from_array(v, k) for k, v in initializers])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("local", 1)]
    write(name, helper.make_model(graph, opset_imports=opsets, functions=list(functions)))


W = np.arange(8, dtype=np.float32).reshape(4, 2)
N = helper.make_node
made("gemm", [N("Identity", ["x"], ["a"]), N("Gemm", ["a", "w"], ["y"], transB=1)], [("w", W.T.copy())])
made("turned-weight", [N("Transpose", ["w"], ["t"]), N("MatMul", ["x", "t"], ["y"])], [("w", W.T.copy())])
made("weight-first", [N("Gemm", ["w", "x"], ["y"], transA=1, transB=1)], [("w", W)])
made("norm", [N("ReduceMean", ["x"], ["m"], axes=[1]), N("Sub", ["x", "m"], ["d"]), N("Relu", ["d"], ["r"]), N("MatMul", ["r", "w"], ["y"])], [("w", W)])
made(
    "slices",
    [
        N("Slice", ["x", "zero", "two", "one"], ["a"]),
        N("Slice", ["x", "two", "six", "one"], ["b"]),
        N("MatMul", ["b", "w"], ["c"]),
        N("Add", ["a", "c"], ["y"]),
    ],
    [("w", W), ("zero", np.array([0])), ("one", np.array([1])), ("two", np.array([2])), ("six", np.array([6]))],
)
made("gather", [N("Gather", ["x", "i"], ["y"], axis=1)], [("i", np.array([0, 6, -3]))])
call = helper.make_function("local", "Dense", ["a", "b"], ["c"], [N("MatMul", ["a", "b"], ["c"])], [helper.make_opsetid("", 17)])
made("function", [N("Dense", ["x", "w"], ["y"], domain="local")], [("w", W)], [call])


def branch(name, weight):
    out = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    return helper.make_graph([N("MatMul", ["x", weight], [name])], name, [], [out])


condition = helper.make_tensor_value_info("c", TensorProto.BOOL, [])
made("branches", [N("If", ["c"], ["y"], then_branch=branch("t", "w"), else_branch=branch("e", "v"))], [("w", W), ("v", W + 1)], more=[condition])
made("other-branches", [N("If", ["c"], ["y"], then_branch=branch("t", "w"), else_branch=branch("e", "v"))], [("w", W), ("v", W[:3])], more=[condition])
made("sequence", [N("MatMul", ["x", "w"], ["y"])], [("w", W)], shape=(None, None, None))
made("vector", [N("MatMul", ["x", "w"], ["y"])], [("w", W)], shape=(None,))
made("no-shape", [N("MatMul", ["x", "w"], ["y"])], [("w", W)], shape=None)
# nothing here fixes a width: one value for all, a list to compare with, another input, the sum of a row
made("scalar", [N("Mul", ["x", "s"], ["y"])], [("s", np.array([2], np.float32))])
made("compared", [N("Equal", ["x", "v"], ["e"]), N("Cast", ["e"], ["y"], to=TensorProto.FLOAT)], [("v", np.array([1, 2, 3], np.float32))])
made("two-inputs", [N("Add", ["x", "z"], ["a"]), N("MatMul", ["a", "w"], ["y"])], [("w", W)], more=[helper.make_tensor_value_info("z", TensorProto.FLOAT, [None, 4])])
made("sum", [N("ReduceSum", ["x", "one"], ["s"]), N("MatMul", ["s", "v"], ["y"])], [("one", np.array([1])), ("v", np.ones((1, 3), np.float32))])
made("both", [N("MatMul", ["x", "w"], ["a"]), N("MatMul", ["x", "v"], ["b"]), N("Add", ["a", "b"], ["y"])], [("w", W), ("v", W[:3])])
