"""A result as Markdown, between two markers of docs/performance.md; what people write around them stays."""

from pathlib import Path

from .goals import GOALS
from .numbers import Measured, Spread

_BEGIN = "<!-- bench: begin; written by bench/run, do not edit -->"
_END = "<!-- bench: end -->"
_TODAY = ("fastapi", "kserve", "mlserver")


def write(result: dict, file: Path) -> None:
    text = file.read_text() if file.exists() else f"# Performance\n\n{_BEGIN}\n{_END}\n"
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    file.write_text(f"{before}{_BEGIN}\n{markdown(result)}{_END}{after}")


def markdown(result: dict) -> str:
    parts = [_measured_on(result), _goals(result), _today(result)]
    parts += [_workload(workload) for workload in result["workloads"].values()]
    if result.get("starts"):
        parts.append(_starts(result["starts"]))
    if result.get("inprocess"):
        parts.append(_inprocess(result["inprocess"]))
    parts += [f"- Left out: {_one_line(reason)}\n" for reason in result.get("skipped", [])]
    return "\n".join(part for part in parts if part)


def _measured_on(result: dict) -> str:
    machine, versions, options = result["machine"], dict(result["versions"]), result["options"]
    commit = versions.pop("commit")
    lines = [
        "## Measured on",
        "",
        f"- {result['date']}, commit `{commit}`, by `{result['command']}`: {options['rounds']} rounds, {options['seconds']:g} s for each"
        f" measurement after {options['warm_up']:g} s of warm-up",
        f"- {machine['cores']} cores, {machine['cpu']}; {machine['memory_bytes'] / 2**30:.0f} GiB; {machine['kernel']};"
        f" load before the run {machine['load_before']:.2f}",
        "- " + ", ".join(f"{name} {version}" for name, version in versions.items()),
    ]
    if result.get("note"):
        lines.append(f"- ModelServer {result['note']}")
    return "\n".join(lines) + "\n"


def _goals(result: dict) -> str:
    lines = ["## Goals", "", "| goal | bound | reached: median (lowest–highest round) | | prototype |", "|---|---|---|---|---|"]
    for goal in GOALS:
        spread = goal.reached(result)
        bound = f"{'≥' if goal.at_least else '≤'} {goal.bound:g} {goal.unit}".strip()
        reached = _spread(spread) + (f" {goal.unit}" if goal.unit else "") if spread else "not measured"
        verdict = ("yes" if goal.holds(spread) else "**no**") if spread else ""
        lines.append(f"| {goal.text} | {bound} | {reached} | {verdict} | {goal.prototype} |")
    return "\n".join(lines) + "\n"


def _today(result: dict) -> str:
    """One ModelServer against each server of today, at 64 connections."""
    lines = [
        "## Beside what users run today",
        "",
        "How many times as much one ModelServer does, at 64 connections: medians of the ratios within each round.",
        "",
        "| | requests/s | CPU for each request: theirs to ours | p99: theirs to ours |",
        "|---|---|---|---|",
    ]
    for workload in result["workloads"].values():
        measured = Measured(workload)
        for key, contestant in workload["contestants"].items():
            if key.startswith(_TODAY) and 64 in workload["connections"]:
                ratios = (
                    measured.ratios("modelserver", key, 64, "rate"),
                    measured.ratios(key, "modelserver", 64, "cpu_us"),
                    measured.ratios(key, "modelserver", 64, "p99"),
                )
                if ratios[0]:
                    cells = (_spread(Spread.of(values)) for values in ratios)
                    lines.append(f"| {workload['title']}: {contestant['title']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n" if len(lines) > 6 else ""


def _workload(workload: dict) -> str:
    measured = Measured(workload)
    reference = next(iter(workload["contestants"]), None)
    contestants = workload["contestants"]
    lines = [f"## {workload['title']}", ""]
    if contestants:
        sizes = sorted({contestant["body_bytes"] for contestant in contestants.values()})
        first = contestants[reference]["title"].replace("**", "")
        lines += [
            f"Bodies of {_sizes(sizes)}. Ratios are to the first line ({first}), within each round.",
            "",
            "| connections | | requests/s | ratio | p50 ms | p99 ms | p99.9 ms | failed | CPU µs per request | allocated per request |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
    for connections in workload["connections"]:
        for key, contestant in contestants.items():
            rate = Spread.of(measured.values(key, connections, "rate"))
            if rate is None:
                continue
            ratio = Spread.of(measured.ratios(key, reference, connections, "rate"))
            cells = [
                str(connections),
                contestant["title"],
                f"{rate.median:,.0f} ({rate.low:,.0f}–{rate.high:,.0f})",
                _number(ratio.median) if ratio else "",
                *(_median(measured, key, connections, field) for field in ("p50", "p99", "p999")),
                f"{sum(measured.values(key, connections, 'errors')):,.0f}",
                _median(measured, key, connections, "cpu_us"),
                _bytes(Spread.of(measured.values(key, connections, "allocated"))),
            ]
            lines.append("| " + " | ".join(cells) + " |")
    lines += _memory(workload) + _skipped(workload["skipped"])
    return "\n".join(lines) + "\n"


def _memory(workload: dict) -> list[str]:
    if not workload["memory"]:
        return []
    shown = [f"{key} {seen['rss'] / 1e6:.0f} ({seen['peak'] / 1e6:.0f})" for key, seen in workload["memory"].items()]
    return ["", "Memory after all this in MB, RSS (peak): " + ", ".join(shown) + "."]


def _starts(starts: dict) -> str:
    lines = [
        "## Start",
        "",
        "| | starts | preflight s: median (min–max) | `/ready` after s | first prediction after s | RSS then, MB |",
        "|---|---|---|---|---|---|",
    ]
    for server in starts["servers"].values():
        ready, answer = Spread.of(server["ready"]), Spread.of(server["answer"])
        rss = Spread.of([value / 1e6 for value in server["rss"]])
        before = Spread.of(server["before"])
        cells = [server["title"], str(len(server["answer"])), *(_spread(one) for one in (before, ready, answer, rss))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines + _skipped(starts["skipped"])) + "\n"


def _inprocess(rows: list[dict]) -> str:
    lines = [
        "## In the process: no HTTP",
        "",
        "JMH, one thread, one call. `Runtime` is ONNX Runtime by itself, from Java, in each of the ways there are; the rest are"
        " pieces of the server.",
        "",
        "| | ns | ± | allocated B |",
        "|---|---|---|---|",
    ]
    for row in rows:
        cells = ("" if row[field] is None else f"{row[field]:,.0f}" for field in ("ns", "error", "allocated"))
        lines.append(f"| {row['name']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _skipped(skipped: dict) -> list[str]:
    lines = [f"- Left out: {one['title'].replace('**', '')}. {_one_line(one['reason'])}" for one in skipped.values()]
    return ["", *lines] if lines else []


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")


def _median(measured: Measured, contestant: str, connections: int, field: str) -> str:
    spread = Spread.of(measured.values(contestant, connections, field))
    return _number(spread.median) if spread else ""


def _spread(spread: Spread | None) -> str:
    return f"{_number(spread.median)} ({_number(spread.low)}–{_number(spread.high)})" if spread else ""


def _number(value: float) -> str:
    """At least three digits."""
    digits = next((digits for least, digits in ((1000, 0), (10, 1), (0.1, 2)) if value >= least), 3)
    return f"{value:,.{digits}f}"


def _bytes(spread: Spread | None) -> str:
    if spread is None:
        return ""
    return f"{spread.median / 1024:,.1f} KiB" if spread.median >= 1024 else f"{spread.median:,.0f} B"


def _sizes(sizes: list[int]) -> str:
    return " and ".join(f"{size:,} bytes" for size in sizes) if len(sizes) < 3 else f"{sizes[0]:,} to {sizes[-1]:,} bytes"
