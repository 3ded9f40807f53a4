"""One model: its requests through every protocol, alone and beside others, and how the answers differ from the right ones."""

import json
from dataclasses import dataclass, field, replace

import grpc
import numpy as np

from answers import compare, expectations, http1, protocols, spelling, tensors
from answers.oracle import Crash, Failure
from answers.protocols import Refused
from answers.rowwise import Rows
from clients.server import NotServed, Server

OTHERS = 48
ROUNDS = 3
PROTOCOLS = ("/predict", "V1", "V2 JSON", "V2 binary", "gRPC")


@dataclass
class Result:
    title: str
    differences: list = field(default_factory=list)
    requests: int = 0
    refused: int = 0
    merged: int = 0
    framework: int = 0
    note: str = ""


@dataclass
class Question:
    """Inputs, and what ONNX Runtime says of them: tensors by name, or that it failed."""

    inputs: dict
    rows: int
    right: object = None


class Trial:
    def __init__(self, model, rng, oracle):
        self._model = model
        self._rng = rng
        self._oracle = oracle
        self._signature = None
        self.result = Result(model.title)

    def run(self, java=()):
        """Asks ONNX Runtime, then the server; returns what was found."""
        try:
            self._signature = self._oracle.load(self._model.content)
        except (Failure, Crash) as e:
            self.result.note = f"not loaded by ONNX Runtime: {e}"
            return self.result
        self._outputs = expectations.Outputs(self._model, self._signature)
        questions = [self._question(rows) for rows in self._model.rows]
        self._note_equal_rows()
        others = [self._question(int(self._rng.choice([1, 1, 1, 2, 3]))) for _ in range(OTHERS)] if len(set(self._model.rows)) > 1 else []
        self._never = not any(isinstance(each.right, dict) for each in [*questions, *others])
        self._check_meaning(questions)
        self._rows = Rows(self._model, self._outputs)
        self._near = Rows(self._model, self._outputs, expectations.near_scalar)
        batching = [{}, {}, {"maxDelayMicroseconds": 2000}, {"maxBatchSize": 32, "maxDelayMicroseconds": 2000}][int(self._rng.integers(4))]
        self._explicit = "maxBatchSize" in batching
        self.result.title += f"; batching {batching or 'by default'}"
        try:
            with Server(self._model.content, serving={"batching": batching, "drainDelayMillis": 0}, description=self._model.description, java=java) as server:
                self._ask(server, questions, others)
        except NotServed as e:
            self.result.differences.append(f"not served: {str(e)[:600]}")
        return self.result

    def _question(self, rows):
        question = Question(self._model.draw(self._rng, rows), rows)
        try:
            right = self._outputs.tensors(self._oracle.run(question.inputs))
            self._outputs.note(rows, right)
            question.right = right
        except (Failure, Crash) as e:
            question.right = expectations.Failed(isinstance(e, Crash), str(e))
        return question

    def _note_equal_rows(self):
        """What keeps one of equal rows follows the number of rows only while they differ."""
        if not self._model.by_row or len(set(self._model.rows)) < 2:
            return
        inputs = {name: np.repeat(array, 3, axis=0) for name, array in self._model.draw(self._rng, 1).items()}
        try:
            self._outputs.note(3, self._outputs.tensors(self._oracle.run(inputs)))
        except (Failure, Crash):
            return

    def _check_meaning(self, questions):
        """Holds ONNX Runtime's own answers against the framework's: they differ where an exporter is wrong, and then the file is right."""
        meaning = self._model.meaning
        if meaning is None or meaning.label is None or meaning.scores is None:
            return
        asked = [each for each in questions if isinstance(each.right, dict) and each.rows > 0]
        predicted = [(each, answer) for each in asked if meaning.predict and (answer := meaning.predict(each.inputs)) is not None]
        told = [(self._labels(each, meaning), np.asarray(labels).tolist()) for each, (labels, _) in predicted]
        # Where the file's votes are not the framework's either, its own scores say it (docs/adr/0014-what-outputs-mean.md).
        best = [(self._labels(each, meaning), self._best(each.right[meaning.scores], meaning.classes)) for each in asked]
        if not meaning.position and any(self._are_positions(answers, meaning.classes) for answers in (told, best)):
            # An exporter that loses the classes, or forgets to look them up: the framework says what the file's labels stand for.
            meaning = replace(meaning, position=True)
            self._model = replace(self._model, meaning=meaning)
        for question, (labels, scores) in predicted:
            given, own = question.right[meaning.scores], self._labels(question, meaning)
            if meaning.position:
                own = [meaning.classes[each] for each in own]
            near = given.shape == scores.shape and np.allclose(given, scores, atol=1e-3)
            same = [str(each) for each in own] == [str(int(each)) if isinstance(each, (bool, float)) else str(each) for each in np.asarray(labels).tolist()]
            if near and not same and not meaning.position:
                # The file has other classes than the framework: nothing but the server's own reading of it tells them.
                self._model = replace(self._model, meaning=None)
            if near and same:
                self.result.framework += question.rows
            else:
                self.result.note = "the exporter's model differs from the framework's"

    @staticmethod
    def _labels(question, meaning):
        return question.right[meaning.label].ravel().tolist()

    @staticmethod
    def _best(scores, classes):
        """The class of the highest score of each row; none where there are not as many scores as classes."""
        return [classes[each] for each in scores.argmax(axis=1)] if scores.shape[1:] == (len(classes),) else [None] * len(scores)

    @staticmethod
    def _are_positions(answers, classes):
        """Whether the labels of the file are not the right ones of (labels, right ones), and all are the positions of them; one label alone tells nothing."""
        pairs = [pair for own, right in answers for pair in zip(own, right, strict=True)]
        return len({own for own, _ in pairs}) > 1 and any(own != label for own, label in pairs) and all(
            isinstance(own, int) and 0 <= own < len(classes) and classes[own] == label for own, label in pairs
        )

    def _ask(self, server, questions, others):
        with protocols.Client(server) as client:
            self._client = client
            for question in questions:
                for protocol in self._protocols(question):
                    self._alone(protocol, question)
                    if server.ended() is not None:
                        self.result.differences.append(f"the process ended with {server.ended()} after {protocol}, {question.rows} rows: {server.log()[-300:]}")
                        return
            if others:
                self._beside(server, [each for each in questions if each.rows > 0], others)
                if server.ended(0.05) is not None:
                    self.result.differences.append(f"the process ended with {server.ended()} beside others: {server.log()[-300:]}")
                    return
                statistics = client.get("/v2/models/stats").json["model_stats"][0]
                self.result.merged = statistics["inference_stats"]["success"]["count"] - statistics["execution_count"]

    def _protocols(self, question):
        half = any(tensors.datatype(array) in ("FP16", "BF16") for array in question.inputs.values())
        rowwise = self._model.by_row and not self._signature_overridden(question) and question.inputs
        return [each for each in PROTOCOLS if not (half and each == "V2 JSON") and (rowwise or each not in ("/predict", "V1"))]

    def _signature_overridden(self, question):
        return any(name in question.inputs for name, _, _ in self._signature.optional)

    def _alone(self, protocol, question):
        self.result.requests += 1
        try:
            if protocol == "gRPC":
                answer = self._client.stub.ModelInfer(self._message(question), timeout=60)
            else:
                answer = self._client.http.ask(self._bytes(protocol, question))
        except (OSError, grpc.RpcError) as e:
            answer = e
        self._judge(protocol, question, answer, "alone")

    def _message(self, question):
        typed = all(tensors.datatype(array) not in ("FP16", "BF16") for array in question.inputs.values()) and self._rng.random() < 0.4
        return protocols.grpc_request(self._client.name, question.inputs, raw=not typed)

    def _bytes(self, protocol, question):
        flat = spelling.speller(self._rng)
        if protocol == "V2 binary":
            return protocols.v2_binary(self._client.model, question.inputs)
        if protocol == "V2 JSON":
            return protocols.v2_json(self._client.model, question.inputs, write=lambda array: "[" + ",".join(flat(array)) + "]")
        given = {name: flat(array) for name, array in question.inputs.items()}
        if protocol == "/predict":
            rows = self._instances(question, given) if self._by_name() else self._row(question, given)
            return http1.request("POST", "/predict", ('{"features": [' + ",".join(rows) + "]}").encode())
        return http1.request("POST", f"/v1/models/{self._client.model}:predict", ('{"instances": [' + ",".join(self._instances(question, given)) + "]}").encode())

    def _by_name(self):
        """Whether only the names of inputs tell where the values of one end: several that take lists of any length."""
        shapes = [shape for _, _, shape in self._signature.inputs]
        return len(shapes) > 1 and any(not isinstance(size, int) for shape in shapes for size in shape[1:])

    def _row(self, question, given):
        """Rows of values, input after input in the model's order."""
        order = [name for name, _, _ in self._signature.inputs]
        for row in range(question.rows):
            values = []
            for name in order:
                width = len(given[name]) // question.rows
                values += given[name][row * width : (row + 1) * width]
            yield "[" + ",".join(values) + "]"

    def _instances(self, question, given):
        for row in range(question.rows):
            parts = {}
            for name, texts in given.items():
                shape = question.inputs[name].shape[1:]
                width = len(texts) // question.rows
                parts[name] = spelling.nested(texts[row * width : (row + 1) * width], shape)
            yield next(iter(parts.values())) if len(parts) == 1 else "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in parts.items()) + "}"

    def _beside(self, server, questions, others):
        """All questions at once, by all protocols, each of the others by one; the answers are those of a request alone."""
        plan = [(protocol, question) for question in questions for protocol in self._protocols(question)]
        plan += [(str(self._rng.choice(self._protocols(question))), question) for question in others]
        connections = [http1.Connection(server.http_port) for protocol, _ in plan if protocol != "gRPC"]
        try:
            for _ in range(ROUNDS):
                order = [plan[i] for i in self._rng.permutation(len(plan))]
                over_http = [(protocol, question, self._bytes(protocol, question)) for protocol, question in order if protocol != "gRPC"]
                over_grpc = [(question, self._message(question)) for protocol, question in order if protocol == "gRPC"]
                calls = [(question, self._client.stub.ModelInfer.future(message, timeout=60)) for question, message in over_grpc]
                for connection, (_, _, request) in zip(connections, over_http):
                    connection.send(request)
                for connection, (protocol, question, _) in zip(connections, over_http):
                    self._judge(protocol, question, received(connection.receive), "beside others")
                for question, call in calls:
                    self._judge("gRPC", question, received(call.result), "beside others")
                self.result.requests += len(plan)
        except OSError as e:
            self.result.differences.append(f"beside others: {type(e).__name__}: {e}")
        finally:
            for connection in connections:
                connection.close()

    def _judge(self, protocol, question, answer, how):
        exact = how == "alone" or not self._explicit
        try:
            found = self._differs(protocol, question, answer, exact)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as e:
            found = f"{type(e).__name__} {e} in {str(answer)[:300]}"
        if found:
            self.result.differences.append(f"{protocol}, {question.rows} rows, {how}: {found}")

    def _differs(self, protocol, question, answer, exact):
        if isinstance(answer, grpc.RpcError):
            answer = protocols.refused(answer)
        if isinstance(answer, OSError):
            return f"{type(answer).__name__}: {answer}"
        given = answer if isinstance(answer, Exception) else parsed(protocol, answer)
        if isinstance(given, Refused):
            self.result.refused += 1
        if isinstance(question.right, expectations.Failed):
            return expectations.failure_differs(question.right, given, question.rows, self._outputs, self._never)
        if isinstance(given, Refused):
            if question.rows == 0 and given.status == 400 and self._undeclared(question):
                return None
            if protocol in ("/predict", "V1") and given.status == 400 and (question.rows == 0 or self._not_by_rows(protocol, question, given)):
                return None
            return f"{given.status} {given.said[:300]}, not an answer"
        rows = self._rows if exact else self._near
        if protocol == "/predict":
            return rows.predict_differs(question.right, given.get("predictions"), question.rows)
        if protocol == "V1":
            return rows.v1_differs(question.right, given, question.rows)
        right = question.right if question.rows > 0 else self._outputs.without_rows(question.right)
        if protocol == "V2 JSON":
            right = {name: without_infinities(array, given.get(name)) for name, array in right.items()}
        return expectations.tensors_differ(right, given, compare.difference if exact else rounding_differs)

    def _not_by_rows(self, protocol, question, given):
        """Whether a model may refuse rows: one without a shape, or for /predict one whose row has no fixed size; it names V2 then."""
        declared = {name: shape for name, _, shape in self._signature.inputs}
        unknown = self._undeclared(question)
        free = [shape for shape in declared.values() if any(not isinstance(size, int) for size in shape[1:])]
        by_size = protocol == "/predict" and free and (len(declared) > 1 or len(free[0]) != 2)
        return unknown or (by_size and "v2" in given.said.lower())

    def _undeclared(self, question):
        """Whether an input has no declared shape, so that the server knows neither rows nor which axes may be empty."""
        declared = {name: shape for name, _, shape in self._signature.inputs}
        return any(not declared[name] and array.ndim > 0 for name, array in question.inputs.items() if name in declared)


def without_infinities(expected, given):
    """JSON answers have null for NaN and infinities alike."""
    if isinstance(expected, list) or given is None or tensors.datatype(expected) not in tensors.FLOATS or expected.shape != given.shape:
        return expected
    return np.where(np.isnan(given) & np.isinf(expected), np.array(np.nan, expected.dtype), expected)


def received(call):
    try:
        return call()
    except (OSError, grpc.RpcError) as e:
        return e


def parsed(protocol, answer):
    try:
        if protocol == "gRPC":
            return protocols.of_grpc(answer)
        if protocol == "/predict":
            return protocols.prediction(answer)
        if protocol == "V1":
            return protocols.accepted(answer).json["predictions"]
        return protocols.of_v2(answer)
    except Refused as e:
        return e


def rounding_differs(expected, given):
    return None if compare.within_rounding(expected, given) else compare.difference(expected, given)
