"""The floor: the inference server's HTTP stack answering constants, and a model called the naive way on it."""

import os
from pathlib import Path

from harness import java
from harness.bench import Bench, Model
from harness.paths import BENCH
from harness.process import Launch
from harness.server import Ports, Server

# As long as an answer of /predict to an iris row.
ANSWER = (
    '{"prediction":0,"class":"setosa","probabilities":{"setosa":0.97619057,"versicolor":0.023809524,"virginica":0.0},'
    '"confidence":0.97619057,"processing_time_ms":0.076501,"timestamp":"2026-01-01T00:00:00.000Z","model":"iris",'
    '"model_version":"v1.0.0","served_by_pod":"iris-78bbf58566-fhw6n"}'
)


class Floor(Server):
    key = "floor"
    jvm = True

    def __init__(self, memory: str, model: Model | None = None):
        self._memory = memory
        self._model = model

    def prepare(self, bench: Bench) -> None:
        java.maven("bench/floor")
        if self._model:
            self._model.file()

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        answer = folder / "answer.json"
        answer.write_text(ANSWER)
        jar = BENCH / "floor" / "target" / "quarkus-app" / "quarkus-run.jar"
        properties = {
            "quarkus.http.host": "127.0.0.1",
            "quarkus.http.port": ports.http,
            # as the inference server sets it
            "quarkus.vertx.event-loops-pool-size": os.cpu_count(),
            "floor.answer": answer,
            **({"naive.model": self._model.file()} if self._model else {}),
        }
        return Launch(
            [
                java.home() / "bin" / "java",
                f"-XX:MaxRAM={self._memory}",
                *flags(bench),
                *(f"-D{name}={value}" for name, value in properties.items()),
                "-jar",
                jar,
            ],
            {"ORT_DISABLE_TELEMETRY": "1"},
        )


def flags(bench: Bench) -> list[str]:
    """The JVM flags of the image, without those that name its files."""
    entrypoint = bench.image.entrypoint
    return [part for part in entrypoint[1 : entrypoint.index("-jar")] if "/" not in part]
