"""Observed cases, each with its request and its correct answer: see ../../README.md."""

import contextlib
import json
from dataclasses import dataclass

from answers.http1 import Answer
from answers.protocols import Client, Refused
from clients.server import NotServed, Server

LIST = []


@dataclass(frozen=True)
class Case:
    item: str
    title: str
    correct: str
    run: object


@dataclass(frozen=True)
class Outcome:
    """What one request was answered."""

    request: str
    answer: str
    ok: bool


def case(item, title, correct):
    """Adds a case. The function returns its outcomes; where it raises, that is the answer."""

    def add(function):
        LIST.append(Case(str(item), title, correct, function))
        return function

    return add


JAVA = []  # options of every server that is started


@contextlib.contextmanager
def served(model, **options):
    """A client of a server of its own."""
    with Server(model, **{"java": JAVA, **options}) as server, Client(server) as client:
        yield client


def outcome(request, call, ok):
    """Calls; the answer, or how it was refused, is judged by `ok`, which is not asked about a call that broke."""
    request = request if isinstance(request, str) else json.dumps(request, ensure_ascii=False)
    try:
        answer = call()
    except Refused as e:
        answer = e
    except (OSError, NotServed) as e:
        return Outcome(request, f"{type(e).__name__}: {e}", False)
    try:
        judged = bool(ok(answer))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        judged = False
    return Outcome(request, shown(answer), judged)


def refused(status=400, *words):
    """Judges a refusal by its status and by words of its sentence."""
    return lambda answer: isinstance(answer, Refused) and answer.status == status and all(word.lower() in answer.said.lower() for word in words)


def by_every_protocol(client, inputs, ok, request=""):
    """Outcomes of tensors sent as V2 JSON, V2 binary data and over gRPC."""
    calls = {"V2 JSON": client.v2_json, "V2 binary": client.v2_binary, "gRPC": client.grpc}
    text = request or ", ".join(f"{name} {list(array.shape)}" for name, array in inputs.items())
    return [outcome(f"{protocol}: {text}", lambda call=call: call(inputs), ok) for protocol, call in calls.items()]


def shown(answer):
    if isinstance(answer, dict) and answer and all(hasattr(each, "dtype") for each in answer.values()):
        return ", ".join(f"{name} {list(array.shape)} {array.tolist()}" for name, array in answer.items())
    if isinstance(answer, (dict, list)):
        return json.dumps(answer, ensure_ascii=False)
    return f"{answer.status} {answer.body.decode(errors='replace')}" if isinstance(answer, Answer) else str(answer)


def load_failure(model, **options):
    """What preflight or the server says of a model that is not served; Refused so that `refused(500, …)` judges it."""
    try:
        with Server(model, **{"java": JAVA, **options}) as server:
            return f"served: {json.dumps(server.preflight, ensure_ascii=False)}"
    except NotServed as e:
        raise Refused(500, str(e)) from None
