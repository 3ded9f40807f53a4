"""Numbers with units and names of series, as Grafana shows them."""

import math
import re

# Steps of a unit: the smallest number that has the name, and its size.
_TIME = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (0, "ns")]
_TIME_SIZES = {"d": 86400, "h": 3600, "min": 60, "s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
_BINARY = ["B", "KiB", "MiB", "GiB", "TiB"]
_DECIMAL = ["B", "kB", "MB", "GB", "TB"]
_COUNT = ["", " K", " Mil", " Bil", " Tri"]
_RATES = {"reqps": " req/s", "ops": " ops/s"}


def number(value: float, unit: str | None = None) -> str:
    """With three digits and the unit. An unknown unit stands behind the number, as in Grafana."""
    if not math.isfinite(value):
        return str(value)
    match unit:
        case "s":
            return _duration(value)
        case "ms":
            return _duration(value / 1000)
        case "bytes":
            return _scaled(value, 1024, _BINARY, " ")
        case "decbytes":
            return _scaled(value, 1000, _DECIMAL, " ")
        case "percent":
            return f"{_digits(value)}%"
        case "percentunit":
            return f"{_digits(value * 100)}%"
        case "reqps" | "ops":
            return _scaled(value, 1000, _COUNT) + _RATES[unit]
        case None | "none" | "short":
            return _scaled(value, 1000, _COUNT)
        case _:
            return f"{_digits(value)} {unit}"


def legend(template: str | None, labels: dict[str, str], expr: str) -> str:
    """{{label}} becomes its value; without a template, the series as Prometheus writes it, or the query where it has no labels."""
    if template:
        return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: labels.get(found[1], ""), template)
    pairs = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != "__name__")
    return labels.get("__name__", "") + (f"{{{pairs}}}" if pairs else "") or expr


def _digits(value):
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _duration(value):
    if value == 0:
        return "0 s"
    name = next(name for least, name in _TIME if abs(value) >= least)
    return f"{_digits(value / _TIME_SIZES[name])} {name}"


def _scaled(value, base, names, space=""):
    step = 0
    while abs(value) >= base and step < len(names) - 1:
        value, step = value / base, step + 1
    return f"{_digits(value)}{space}{names[step]}"
