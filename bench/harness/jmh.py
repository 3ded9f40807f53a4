"""The JMH benchmarks of bench/jmh: ONNX Runtime from Java and the server's own pieces, without HTTP."""

import json
import shutil

from . import bench as models
from . import java, shell
from .paths import BENCH, CACHE
from .rounds import Options

_FLAGS = ["-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]


def run(options: Options) -> list[dict]:
    """One row for each benchmark and parameter: name, nanoseconds, error of the mean (99.9 %), bytes allocated."""
    java.maven("bench/jmh")
    folder = CACHE / "run" / "jmh"
    folder.mkdir(parents=True, exist_ok=True)
    for model in (models.linear(), models.iris(), models.mlp()):
        shutil.copy(model.file(), folder)
    module = BENCH / "jmh" / "target"
    file = folder / "result.json"
    quick = ["-wi", "1", "-w", "100ms", "-i", "1", "-r", "100ms"] if options.seconds < 2 else []
    shell.run(
        [
            java.home() / "bin" / "java", *_FLAGS, f"-Dbench.models={folder}", "-cp", f"{module}/classes:{module}/lib/*",
            "org.openjdk.jmh.Main", *quick, "-foe", "true", "-prof", "gc", "-rf", "json", "-rff", file,
        ],
        log="jmh",
        env={"ORT_DISABLE_TELEMETRY": "1"},
    )  # fmt: skip
    return rows(json.loads(file.read_text()))


def rows(results: list[dict]) -> list[dict]:
    found = []
    for result in results:
        kind, method = result["benchmark"].split(".")[-2:]
        values = ", ".join(f"{name} {value}" for name, value in result.get("params", {}).items())
        error = result["primaryMetric"]["scoreError"]
        allocated = result["secondaryMetrics"].get("gc.alloc.rate.norm") or result["secondaryMetrics"].get("·gc.alloc.rate.norm")
        found.append(
            {
                "name": f"{kind.removesuffix('Benchmark')}.{method} ({values})",
                "ns": result["primaryMetric"]["score"],
                # JMH writes "NaN" for a single iteration
                "error": error if isinstance(error, float) and error == error else None,
                "allocated": allocated["score"] if allocated else None,
            }
        )
    return found
