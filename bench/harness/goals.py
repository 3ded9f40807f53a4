"""The goals, as ratios within one round, and what a run reached of them."""

from collections.abc import Callable
from dataclasses import dataclass

from .numbers import Measured, Spread


@dataclass(frozen=True)
class Goal:
    """
    A goal is reached when the median of its values is not beyond the bound. `prototype` is what a throw-away prototype
    reached, on another day.
    """

    text: str
    bound: float
    at_least: bool
    prototype: str
    values: Callable[[dict], list[float]]
    unit: str = ""

    def reached(self, result: dict) -> Spread | None:
        try:
            return Spread.of(self.values(result))
        except KeyError:
            return None

    def holds(self, spread: Spread) -> bool:
        return spread.median >= self.bound if self.at_least else spread.median <= self.bound


def _ratio(workload: str, contestant: str, to: str, field: str = "rate", connections: int = 64) -> Callable:
    return lambda result: Measured(result["workloads"][workload]).ratios(contestant, to, connections, field)


def _value(workload: str, contestant: str, field: str, connections: int = 64) -> Callable:
    return lambda result: Measured(result["workloads"][workload]).values(contestant, connections, field)


def _gigabytes(workload: str, contestant: str, connections: int = 64) -> Callable:
    def values(result: dict) -> list[float]:
        measured = result["workloads"][workload]
        size = measured["contestants"][contestant]["body_bytes"]
        return [rate * size / 1e9 for rate in Measured(measured).values(contestant, connections, "rate")]

    return values


def _start(contestant: str, field: str, scale: float = 1) -> Callable:
    return lambda result: [value * scale for value in result["starts"]["servers"][contestant][field]]


GOALS = [
    Goal("iris, requests/s to the constant answer of the same stack", 0.80, True, "0.82–0.95", _ratio("iris", "modelserver", "floor")),
    Goal("iris, requests/s to nginx serving a constant", 0.70, True, "0.87", _ratio("iris", "modelserver", "nginx")),
    Goal("iris, requests/s to FastAPI + onnxruntime, async", 10, True, "13", _ratio("iris", "modelserver", "fastapi-onnx-async")),
    Goal("iris, requests/s to KServe's SDK, V1", 15, True, "17", _ratio("iris", "modelserver", "kserve-v1")),
    Goal("iris, requests/s to MLServer at its fastest", 30, True, "37", _ratio("iris", "modelserver", "mlserver-tuned")),
    Goal("iris, CPU per request", 15, False, "10.7", _value("iris", "modelserver", "cpu_us"), "µs"),
    Goal("perceptron, requests/s batched to unbatched", 2, True, "2.6", _ratio("mlp", "modelserver", "modelserver-unbatched")),
    Goal("perceptron, requests/s batched to the naive call", 3, True, "4.0", _ratio("mlp", "modelserver", "naive")),
    Goal("perceptron, p99 batched to unbatched", 1, False, "0.68", _ratio("mlp", "modelserver", "modelserver-unbatched", "p99")),
    Goal("perceptron, p99 batched to the naive call", 1, False, "0.49", _ratio("mlp", "modelserver", "naive", "p99")),
    Goal(
        "perceptron, p50 batched to unbatched at 2 connections", 1.05, False, "1.00",
        _ratio("mlp", "modelserver", "modelserver-unbatched", "p50", connections=2),
    ),
    Goal("large tensor in binary", 2, True, "2.55", _gigabytes("large-binary", "modelserver"), "GB/s"),
    Goal("large tensor in binary, requests/s to the ignored body", 0.80, True, "0.88", _ratio("large-binary", "modelserver", "floor")),
    Goal("large tensor in JSON", 0.5, True, "0.73", _gigabytes("large-json", "modelserver"), "GB/s"),
    Goal("start of the process to the first prediction", 0.6, False, "0.81–1.0", _start("modelserver", "answer"), "s"),
    Goal("memory (RSS) after the first prediction", 130, False, "131–136", _start("modelserver", "rss", 1e-6), "MB"),
]  # fmt: skip
