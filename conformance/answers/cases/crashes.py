"""One request must not end the process (items 15 to 18)."""

import numpy as np
from onnx import helper
from skl2onnx import convert_sklearn
from sklearn.neighbors import KNeighborsClassifier

from answers.cases import Outcome, by_every_protocol, case, outcome, refused, served
from answers.cases.labels import F4, X, y
from answers.graphs import FLOAT, INT32, INT64, constant, model, node, tensor

LOWEST = np.iinfo(np.int64).min


def lstm():
    rng = np.random.default_rng(0)
    weights = [constant(name, rng.normal(size=shape).astype(np.float32)) for name, shape in (("W", (1, 8, 3)), ("R", (1, 8, 2)), ("B", (1, 16)))]
    nodes = [
        node("Transpose", "x", "steps", perm=[1, 0, 2]),
        node("LSTM", "steps W R B", "all last", hidden_size=2),
        node("Squeeze", "last axis", "y"),
    ]
    return model(nodes, [tensor("x", FLOAT, [None, 4, 3])], [tensor("y", FLOAT, [None, 2])], [*weights, constant("axis", [0], np.int64)])


def lives(client, outcomes, inputs, ok):
    """The same outcomes, and that the server still answers a usual request."""
    return [*outcomes, outcome("afterwards: a usual request", lambda: client.v2_json(inputs), ok)]


@case(15, "zero rows to an LSTM", "an empty output over every protocol, and the process lives")
def empty_lstm():
    with served(lstm()) as client:
        empty = np.zeros((0, 4, 3), np.float32)
        outcomes = by_every_protocol(client, {"x": empty}, lambda a: isinstance(a, dict) and a["y"].shape == (0, 2))
        return lives(client, outcomes, {"x": np.ones((1, 4, 3), np.float32)}, lambda a: a["y"].shape == (1, 2))


@case(15, "zero time steps to an LSTM", "400 or an answer, and the process lives")
def no_steps():
    content = lstm()
    with served(content) as client:
        return lives(client, by_every_protocol(client, {"x": np.zeros((2, 0, 3), np.float32)}, refused(400)), {"x": np.ones((1, 4, 3), np.float32)}, lambda a: a["y"].shape == (1, 2))


@case(15, "zero rows to a KNeighborsClassifier", "empty outputs over every protocol, and the process lives")
def empty_neighbours():
    estimator = KNeighborsClassifier(3).fit(X, y)
    content = convert_sklearn(estimator, initial_types=F4).SerializeToString()
    with served(content) as client:
        outcomes = by_every_protocol(client, {"X": X[:0]}, lambda a: isinstance(a, dict) and all(each.shape[0] == 0 for each in a.values()))
        for path, body in (("/predict", {"features": []}), ("/v1/models/model:predict", {"instances": []})):
            outcomes.append(outcome(f"{path} {body}", lambda path=path, body=body: client.post(path, body), lambda a: a.status in (200, 400)))
        return lives(client, outcomes, {"X": X[:1]}, lambda a: a["output_label"].tolist() == [0])


@case(15, "a decoder's first step: past_key_values [1,8,0,128]", "200: the axis may be empty")
def first_step():
    content = model(
        [node("Concat", "past new", "present", axis=2), node("ReduceSum", "present axes", "y", keepdims=0)],
        [tensor("past", FLOAT, [1, 8, "past", 16]), tensor("new", FLOAT, [1, 8, 1, 16])],
        [tensor("present", FLOAT, [1, 8, "total", 16]), tensor("y", FLOAT, [1, 8, 16])],
        [constant("axes", [2], np.int64)],
    )
    with served(content) as client:
        inputs = {"past": np.zeros((1, 8, 0, 16), np.float32), "new": np.ones((1, 8, 1, 16), np.float32)}
        return by_every_protocol(client, inputs, lambda a: a["present"].shape == (1, 8, 1, 16) and a["y"].min() == 1)


@case(15, "a detector's empty list of boxes (NonMaxSuppression)", "200 with no box")
def no_boxes():
    content = model(
        [node("NonMaxSuppression", "boxes scores most", "chosen")],
        [tensor("boxes", FLOAT, [1, "boxes", 4]), tensor("scores", FLOAT, [1, 1, "boxes"])],
        [tensor("chosen", INT64, [None, 3])],
        [constant("most", [5], np.int64)],
    )
    with served(content) as client:
        inputs = {"boxes": np.zeros((1, 0, 4), np.float32), "scores": np.zeros((1, 1, 0), np.float32)}
        return by_every_protocol(client, inputs, lambda a: a["chosen"].shape == (0, 3))


def top():
    return model(
        [node("TopK", "x k", "y index", axis=1)],
        [tensor("x", FLOAT, [None, None])],
        [tensor("y", FLOAT, [None, 1]), tensor("index", INT64, [None, 1])],
        [constant("k", [1], np.int64)],
    )


def spectrum():
    return model([node("DFT", "x", "y", axis=1)], [tensor("x", FLOAT, [1, "n", 1])], [tensor("y", FLOAT, [1, "n", 2])])


@case(15, "other operators that an empty axis ends: TopK [0,3], DFT [1,0,1]", "empty outputs or 400, and the process lives")
def other_empty_axes():
    outcomes = []
    for content, inputs, shape in ((top(), {"x": np.zeros((0, 3), np.float32)}, (0, 1)), (spectrum(), {"x": np.zeros((1, 0, 1), np.float32)}, (1, 0, 2))):
        with served(content) as client:
            outcomes += by_every_protocol(client, inputs, lambda a, shape=shape: refused(400)(a) or next(iter(a.values())).shape == shape)
    return outcomes


def quotient(kind, element):
    return model([node(kind, "a b", "y")], [tensor("a", element, [None]), tensor("b", element, [None])], [tensor("y", element, [None])])


for kind, element, dtype in (("Div", INT64, np.int64), ("Mod", INT64, np.int64), ("Div", INT32, np.int32), ("Mod", INT32, np.int32)):

    @case(16, f"{kind} of {dtype.__name__} by zero, and of the smallest by -1", "400, the process lives, other answers as ONNX Runtime's")
    def divide(kind=kind, element=element, dtype=dtype):
        lowest = np.iinfo(dtype).min
        with served(quotient(kind, element)) as client:
            inputs = [{"a": np.array([a], dtype), "b": np.array([b], dtype)} for a, b in ((7, -2), (7, 0), (lowest, -1))]
            right = -3 if kind == "Div" else -1
            return [
                *by_every_protocol(client, inputs[0], lambda a: a["y"].tolist() == [right], "7 and -2"),
                *by_every_protocol(client, inputs[1], refused(400), "7 and 0"),
                *by_every_protocol(client, inputs[2], refused(400), f"{lowest} and -1"),
                outcome("afterwards: 7 and -2", lambda: client.v2_json(inputs[0]), lambda a: a["y"].tolist() == [right]),
            ]


@case(16, "Div inside an If", "400, and the process lives")
def divide_in_branch():
    branch = helper.make_graph([node("Div", "a b", "t")], "then", [], [tensor("t", INT64, [None])])
    other = helper.make_graph([node("Identity", "a", "e")], "else", [], [tensor("e", INT64, [None])])
    content = model(
        [node("Greater", "a b", "greater"), node("ReduceMax", "first", "w", keepdims=0), node("Cast", "w", "which", to=9), node("If", "which", "y", then_branch=branch, else_branch=other)],
        [tensor("a", INT64, [None]), tensor("b", INT64, [None]), tensor("first", INT64, [1])],
        [tensor("y", INT64, [None])],
    )
    with served(content) as client:
        first = {"first": np.array([1], np.int64)}
        return [
            *by_every_protocol(client, {"a": np.array([6], np.int64), "b": np.array([0], np.int64), **first}, refused(400), "6 and 0"),
            *by_every_protocol(client, {"a": np.array([LOWEST], np.int64), "b": np.array([-1], np.int64), **first}, refused(400), f"{LOWEST} and -1"),
            *by_every_protocol(client, {"a": np.array([6], np.int64), "b": np.array([2], np.int64), **first}, lambda a: a["y"].tolist() == [3], "6 and 2"),
        ]


def framed():
    """A short-time Fourier transform whose frame length is an input: a length of 0 ends the process."""
    return model(
        [node("STFT", ["signal", "step", "", "length"], ["y"], onesided=1)],
        [tensor("signal", FLOAT, [1, "n", 1]), tensor("length", INT64, [])],
        [tensor("y", FLOAT, [1, None, None, 2])],
        [constant("step", 4, np.int64)],
    )


FRAMES = {"signal": np.ones((1, 16, 1), np.float32), "length": np.array(8, np.int64)}


@case(17, "a frame length as an input (STFT): 0 ends the process", "preflight passes, the server becomes ready, and usual requests are answered")
def frame_length():
    with served(framed()) as client:
        return by_every_protocol(client, FRAMES, lambda a: a["y"].shape == (1, 3, 5, 2))


def framed_by_table():
    """The same with a length from a table, so that only one value of the index ends the process: no trial finds it."""
    return model(
        [node("Gather", "lengths index", "length"), node("STFT", ["signal", "step", "", "length"], ["y"], onesided=1)],
        [tensor("signal", FLOAT, [1, "n", 1]), tensor("index", INT64, [])],
        [tensor("y", FLOAT, [1, None, None, 2])],
        [constant("step", 4, np.int64), constant("lengths", [8] * 700 + [0] + [8] * 299, np.int64)],
    )


@case(18, "a request that ends the process, sent again after each restart", "recorded from the first crash on, 422 from the third time on; others are answered")
def repeated_crash():
    usual = {"signal": FRAMES["signal"], "index": np.array(5, np.int64)}
    poison = usual | {"index": np.array(700, np.int64)}
    outcomes = []
    with served(framed_by_table()) as client:
        for attempt in range(1, 5):
            judge = refused(422) if attempt > 2 else lambda a: True
            sent = outcome(f"time {attempt}: index 700", lambda: client.v2_binary(poison), judge)
            outcomes.append(sent if attempt > 2 else Outcome(sent.request, sent.answer, True))
            if client.server.ended(5) is not None:
                client.server.start()
                client.connect()
        outcomes.append(outcome("a usual request", lambda: client.v2_binary(usual), lambda a: a["y"].shape == (1, 3, 5, 2)))
    return outcomes
