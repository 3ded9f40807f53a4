"""The command line of bench/run."""

import argparse
import datetime
import json
import shlex
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from subjects.workloads import WORKLOADS

from . import jmh, machine, process, report, starts
from .bench import Bench
from .paths import REPORT, RESULTS, ROOT
from .rounds import Measurement, Options, say
from .unavailable import Unavailable

_STARTS = "starts"
_INPROCESS = "inprocess"
_PARTS = [*WORKLOADS, _STARTS, _INPROCESS]
_QUICK = Options(rounds=1, seconds=1, warm_up=1, starts=2, connections=(2, 64))


def main() -> int:
    arguments = _parse()
    if arguments.report:
        report.write(json.loads(arguments.report.read_text()), REPORT)
        return 0
    # an end by a signal ends the servers too
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: sys.exit(128 + received))
    try:
        _run(arguments)
    except KeyboardInterrupt:
        return 130
    except Unavailable as reason:
        say(f"bench/run: {reason}")
        return 1
    finally:
        process.stop_all()
    return 0


def _run(arguments: argparse.Namespace) -> None:
    bench, options = Bench(arguments.profile), _options(arguments)
    result = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join(["bench/run", *sys.argv[1:]]),
        "options": asdict(options),
        "machine": machine.describe(),
        "versions": machine.versions(bench.tools),
        "workloads": {},
        "skipped": [],
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.datetime.now():%Y%m%d-%H%M%S}.json"
    say(f"building; results go to {file.relative_to(ROOT)}")
    result["note"] = bench.image.note
    for key in (key for key in arguments.only if key in WORKLOADS):
        say(key)
        try:
            workload = WORKLOADS[key]()
        except Unavailable as reason:
            say(f"  {key} is left out: {reason}")
            result["skipped"].append(f"{key}: {reason}")
            continue
        if arguments.subjects:
            workload.contestants[:] = [one for one in workload.contestants if one.key in arguments.subjects]
        measurement = Measurement(bench, workload, options)
        result["workloads"][key] = measurement.result
        measurement.run()
        file.write_text(json.dumps(result, indent=1))
    if _STARTS in arguments.only:
        say(_STARTS)
        contestants = [one for one in WORKLOADS["iris"]().contestants if one.key in _STARTED]
        if arguments.subjects:
            contestants = [one for one in contestants if one.key in arguments.subjects]
        result[_STARTS] = starts.measure(bench, contestants, {"modelserver"}, options)
    if _INPROCESS in arguments.only:
        say(_INPROCESS)
        try:
            result[_INPROCESS] = jmh.run(options)
        except Unavailable as reason:
            result["skipped"].append(f"benchmarks in the process: {reason}")
    file.write_text(json.dumps(result, indent=1))
    page = file.with_suffix(".md")
    page.write_text(report.markdown(result))
    print(page.read_text())
    if arguments.write:
        report.write(result, REPORT)


# One for each server of the iris workload.
_STARTED = ("floor", "modelserver", "fastapi-onnx-async", "fastapi-sklearn-async", "kserve-v1", "mlserver-tuned", "mlserver")


def _options(arguments: argparse.Namespace) -> Options:
    base = asdict(_QUICK if arguments.quick else Options())
    given = {
        "rounds": arguments.rounds,
        "seconds": arguments.seconds,
        "warm_up": arguments.seconds if arguments.warm_up is None else arguments.warm_up,
        "starts": arguments.starts,
        "connections": arguments.connections,
    }
    return Options(**{**base, **{name: value for name, value in given.items() if value is not None}})


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures ModelServer beside other servers; see bench/README.md.")
    parser.add_argument("--quick", action="store_true", help="one round of a second: to see that everything works")
    parser.add_argument("--only", type=_list(_PARTS), default=_PARTS, help="parts, of: " + ", ".join(_PARTS))
    parser.add_argument("--subjects", type=lambda text: text.split(","), help="contestants, for example modelserver,floor")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="of one measurement")
    parser.add_argument("--warm-up", type=float, help="seconds for each contestant before the first round; default: as --seconds")
    parser.add_argument("--starts", type=int, help="starts of each server")
    parser.add_argument("--connections", type=lambda text: tuple(int(part) for part in text.split(",")))
    parser.add_argument("--profile", action="store_true", help="record where ModelServer's CPU time and allocation go, and show it")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md too")
    parser.add_argument("--report", type=Path, metavar="RESULT.json", help="only write docs/performance.md, from an earlier result")
    return parser.parse_args()


def _list(known: list[str]):
    def parse(text: str) -> list[str]:
        chosen = text.split(",")
        unknown = set(chosen) - set(known)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: not one of {', '.join(known)}")
        return [one for one in known if one in chosen]

    return parse
