"""What a Prometheus answers."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass


class Refused(Exception):
    """Prometheus answered a query with an error; the message has its words."""


class Unreachable(Exception):
    """Nothing answers at the URL, or not in time."""


@dataclass(frozen=True)
class Series:
    """Labels with values by their times, in seconds since 1970."""

    labels: dict[str, str]
    points: dict[float, float]


class Prometheus:
    def __init__(self, url: str, timeout: float = 30):
        """The timeout of each request is in seconds."""
        self.url, self.timeout = url.rstrip("/"), timeout

    def at(self, expr: str, time: float) -> list[Series]:
        """One value for each series. Raises Refused and Unreachable."""
        return self._query("query", query=expr, time=time)

    def between(self, expr: str, start: float, end: float, step: float) -> list[Series]:
        """Values at start, start + step and so on. Raises Refused and Unreachable."""
        return self._query("query_range", query=expr, start=start, end=end, step=step)

    def label_values(self, label: str, selector: str | None, start: float, end: float) -> list[str]:
        """Sorted values of the label in the series of the selector, or in all. Raises Refused and Unreachable."""
        parameters = {"start": start, "end": end, **({"match[]": selector} if selector else {})}
        return sorted(self._data(f"label/{label}/values?{urllib.parse.urlencode(parameters)}", None))

    def _query(self, kind, **parameters):
        data = self._data(kind, urllib.parse.urlencode(parameters).encode())
        if data["resultType"] == "scalar":
            return [_series({"values": [data["result"]]})]
        if data["resultType"] == "string":
            raise Refused("the query gives a text, not numbers")
        return [_series(result) for result in data["result"]]

    def _data(self, path, form):
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}", form, timeout=self.timeout) as answer:
                body = json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise Refused(_words(refusal)) from refusal
        except (OSError, ValueError) as failure:
            raise Unreachable(f"no Prometheus answers at {self.url}: {getattr(failure, 'reason', failure)}") from failure
        return body["data"]


def _series(result):
    values = result["values"] if "values" in result else [result["value"]]
    return Series(result.get("metric", {}), {float(time): float(value) for time, value in values})


def _words(refusal):
    text = refusal.read().decode(errors="replace").strip()
    try:
        answer = json.loads(text)
        return f"{answer['errorType']}: {answer['error']}"
    except (ValueError, KeyError, TypeError):
        return f"HTTP {refusal.code}: {(text.splitlines() or [refusal.reason])[0][:200]}"
