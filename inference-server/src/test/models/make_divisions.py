"""Writes models that divide integers, wherever a graph can hold a node: y is x / d or x mod d.

Needs Python 3.11 and: pip install -r requirements.txt
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import expectation
from expectation import BY_HAND, HERE, case, tensor

INT32, INT64, FLOAT, BOOL = TensorProto.INT32, TensorProto.INT64, TensorProto.FLOAT, TensorProto.BOOL
NUMPY = {INT32: np.int32, INT64: np.int64, FLOAT: np.float32}


def node(kind, inputs, outputs, name="", **attributes):
    return helper.make_node(kind, inputs, outputs, name=name, **attributes)


def constant(value, name):
    return numpy_helper.from_array(np.array(value), name)


def truncated(x, d):
    return (np.sign(x) * np.sign(d) * (np.abs(x) // np.abs(d))).astype(x.dtype)


def save(name, nodes, kind=INT64, expected=truncated, initializers=(), functions=(), opset=17, divisor=None, opsets=(), empty=True):
    inputs = [tensor("x", kind, [None, 2])] + ([] if divisor is not None else [tensor("d", kind, [None, 2])])
    graph = helper.make_graph(nodes, name, inputs, [tensor("y", kind, [None, 2])], list(initializers))
    imports = [helper.make_opsetid("", opset), *opsets]
    model = helper.make_model(graph, opset_imports=imports, producer_name="modelserver-tests", functions=list(functions))
    model.ir_version = 8
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    x = np.array([[7, -7], [np.iinfo(np.int32).max, 0]], NUMPY[kind])
    d = np.array([[2, 3], [-1, -5]], NUMPY[kind])
    cases = []
    for rows, a, b in (("rows", x, d), ("no rows", x[:0], d[:0]))[: 2 if empty else 1]:
        feeds = {"x": a} if divisor is not None else {"x": a, "d": b}
        cases.append(case(rows, feeds, {"y": expected(a, np.broadcast_to(np.array(divisor if divisor is not None else b, NUMPY[kind]), a.shape))}))
    expectation.check(name, cases)
    expectation.write(name, BY_HAND, cases)


for kind, label in ((INT32, "int32"), (INT64, "int64")):
    save(f"division-{label}", [node("Div", ["x", "d"], ["y"], "/model/Div")], kind)
    save(f"division-mod-{label}", [node("Mod", ["x", "d"], ["y"], "/model/Mod")], kind, np.mod)
save("division-opset-11", [node("Div", ["x", "d"], ["y"], "/model/Div")], opset=11)
save("division-constant", [node("Div", ["x", "two"], ["y"], "/model/Div")], initializers=[constant([2, 3], "two")], divisor=[2, 3])
save("division-constant-minus", [node("Div", ["x", "minus"], ["y"], "/model/Div")], initializers=[constant([2, -1], "minus")], divisor=[2, -1])
save(
    "division-sizes",
    [node("Shape", ["x"], ["s"]), node("Gather", ["s", "one"], ["columns"]), node("Neg", ["columns"], ["minus"]), node("Div", ["columns", "minus"], ["m"], "/model/Sizes"),
     node("Mul", ["x", "m"], ["y"])],
    initializers=[constant(1, "one")], divisor=[1, 1], expected=lambda x, d: -x,
)
# a chain of nodes whose types only the operators tell
save(
    "division-inferred",
    [node("Add", ["x", "zero"], ["a"]), node("Transpose", ["a"], ["t"], perm=[1, 0]), node("Transpose", ["t"], ["back"], perm=[1, 0]),
     node("Cast", ["d"], ["f"], to=TensorProto.DOUBLE), node("Cast", ["f"], ["i"], to=INT64), node("Div", ["back", "i"], ["q"], "/model/Div"), node("Identity", ["q"], ["y"])],
    initializers=[constant(0, "zero")],
)
divide = lambda name: [node("Div", ["x", "d"], [name], f"/{name}/Div")]
graph = lambda name, nodes, inputs, outputs: helper.make_graph(nodes, name, inputs, outputs)
pair = lambda name, kind=INT64: tensor(name, kind, [None, 2])
save("division-if", [node("If", ["yes"], ["y"], "/model/If", then_branch=graph("t", divide("a"), [], [pair("a")]), else_branch=graph("e", divide("b"), [], [pair("b")]))],
     initializers=[constant(True, "yes")])
body = graph("body", [node("Identity", ["on"], ["on_out"]), node("Div", ["v", "d"], ["v_out"], "/body/Div")], [tensor("i", INT64, []), tensor("on", BOOL, []), pair("v")],
             [tensor("on_out", BOOL, []), pair("v_out")])
save("division-loop", [node("Loop", ["once", "", "x"], ["y"], "/model/Loop", body=body)], initializers=[constant(1, "once")])
step = graph("step", [node("Div", ["a", "b"], ["c"], "/step/Div")], [tensor("a", INT64, [2]), tensor("b", INT64, [2])], [tensor("c", INT64, [2])])
save("division-scan", [node("Scan", ["x", "d"], ["y"], "/model/Scan", body=step, num_scan_inputs=2)], empty=False)
# a function, a function in a function in a branch, and one that is called for floats too
local = helper.make_opsetid("local", 1)
standard = helper.make_opsetid("", 17)
inner = helper.make_function("local", "Divide", ["p", "q"], ["r"], [node("Div", ["p", "q"], ["r"], "/inner/Div")], [standard])
outer = helper.make_function("local", "Outer", ["p", "q"], ["r"], [node("Divide", ["p", "q"], ["r"], "/outer/Divide", domain="local")], [standard, local])
save("division-function", [node("Divide", ["x", "d"], ["y"], "/model/Divide", domain="local")], functions=[inner], opsets=[local])
nested = lambda name: graph(name, [node("Outer", ["x", "d"], [name], f"/{name}/Outer", domain="local")], [], [pair(name)])
save("division-nested-function", [node("If", ["yes"], ["y"], "/model/If", then_branch=nested("a"), else_branch=nested("b"))], functions=[inner, outer], opsets=[local],
     initializers=[constant(True, "yes")])
save(
    "division-any-function",
    [node("Divide", ["half", "half"], ["f"], "/model/Float", domain="local"), node("Cast", ["f"], ["one"], to=INT64), node("Divide", ["x", "d"], ["q"], "/model/Divide", domain="local"),
     node("Mul", ["q", "one"], ["y"])],
    functions=[inner], opsets=[local], initializers=[constant(np.float32(0.5), "half")],
)
