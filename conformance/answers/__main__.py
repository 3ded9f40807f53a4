"""`python -m answers [--count N] [--seed S] [--only FAMILY] [--index I…]`: see ../README.md."""

import argparse
import collections
import concurrent.futures
import multiprocessing
import pathlib
import re
import secrets
import sys
import time

from answers import faststart, worker

KEPT = pathlib.Path(__file__).resolve().parents[1] / ".differences"


def keep(seed, index, content, lines):
    folder = KEPT / f"{seed}-{index}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(content)
    (folder / "differences.txt").write_text("\n".join(lines) + "\n")
    return folder


def kinds(lines):
    """One of each kind, with the number of its kind: those that differ only in numbers are one."""
    found = {}
    for line in lines:
        found.setdefault(kind(line), []).append(line)
    return [(of_kind[0], len(of_kind)) for of_kind in found.values()]


def kind(line):
    return re.sub(r"[-+.\w]*\d[-+.\w]*", "0", line)[:160]


class Kinds:
    """The kinds of differences of a whole run, each with the models that have it."""

    def __init__(self):
        self._models = {}

    def add(self, index, lines):
        for line in lines:
            protocol, rest = line.split(":", 1) if ":" in line else ("", line)
            self._models.setdefault((protocol.split(",")[0], kind(rest)[:100]), {}).setdefault(index, line)

    def show(self, most=40):
        for (protocol, _), models in sorted(self._models.items(), key=lambda each: -len(each[1]))[:most]:
            index, line = next(iter(models.items()))
            print(f"{len(models):>5} models, {protocol}, first {index}: {line[:300]}")


def main():
    parser = argparse.ArgumentParser(prog="conformance/run answers")
    parser.add_argument("--count", type=int, default=40, help="models to draw (40)")
    parser.add_argument("--seed", type=int, default=None, help="what they are drawn from; a new one without")
    parser.add_argument("--index", type=int, nargs="*", help="only these numbers of the seed's models")
    parser.add_argument("--only", help="only this family, such as estimators.classifier")
    parser.add_argument("--kinds", action="store_true", help="sums up the differences of all models by kind")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--seconds", type=float, help="begins no further model after so many")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else secrets.randbelow(10**9)
    print(f"seed {seed}", flush=True)
    started = time.monotonic()
    java = faststart.java_options()
    counts, models_with_differences, merged_models, notes = collections.Counter(), 0, 0, collections.Counter()
    found = Kinds()
    indexes = options.index if options.index else range(options.count)
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(options.at_once, context, worker.prepare) as pool:
        pending = {}
        left = iter(indexes)
        while True:
            late = options.seconds is not None and time.monotonic() - started > options.seconds
            while not late and len(pending) < options.at_once and (index := next(left, None)) is not None:
                pending[pool.submit(worker.tried, seed, index, options.only, java)] = index
            if not pending:
                break
            done, _ = concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                index = pending.pop(future)
                family, result, content = future.result()
                counts["drawn"] += 1
                if content is None:
                    counts["not exported"] += 1
                    continue
                if isinstance(result, str):
                    lines, title = [result], "?"
                else:
                    lines, title = result.differences, result.title
                    counts["requests"] += result.requests
                    counts["refused"] += result.refused
                    counts["merged"] += result.merged
                    counts["framework"] += result.framework
                    merged_models += result.merged > 0
                    notes[result.note.split(":")[0]] += bool(result.note)
                    counts["served" if not result.note.startswith("not loaded") else "not loaded"] += 1
                if lines:
                    models_with_differences += 1
                    counts["differences"] += len(lines)
                    found.add(index, lines)
                    folder = keep(seed, index, content, lines)
                    print(f"\nDIFFERENT {family} --seed {seed} --index {index}: {title}\n    {folder}")
                    for line, number in kinds(lines)[:6]:
                        print(f"    {number} x {line[:500]}", flush=True)
    if options.kinds:
        print("\nkinds of differences:")
        found.show()
    print(f"\n{counts['drawn']} models drawn with seed {seed}: {counts['served']} served, {counts['not loaded']} that ONNX Runtime does not load, {counts['not exported']} that an exporter does not take")
    print(f"{counts['requests']} requests, {counts['refused']} of them refused; {counts['merged']} shared a run with others ({merged_models} models); {counts['framework']} rows equal to the framework's own prediction")
    for note, number in notes.items():
        if note:
            print(f"{number}: {note}")
    print(f"{counts['differences']} differences in {models_with_differences} models; {time.monotonic() - started:.0f} s")
    return int(counts["differences"] > 0)


if __name__ == "__main__":
    sys.exit(main())
