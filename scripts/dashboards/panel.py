"""A panel of a dashboard with the answers to its queries."""

import math
from dataclasses import dataclass, field

from .display import legend
from .prometheus import Prometheus, Refused, Series
from .variables import fill
from .window import Window

# Grafana's own for panels that set none: red from 80 on.
_STEPS = [{"value": None, "color": "green"}, {"value": 80, "color": "red"}]


@dataclass(frozen=True)
class Panel:
    """What the dashboard says of it, the answers by the refId of their queries, and the words of refusals."""

    json: dict
    answers: dict[str, list[Series]] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()

    @classmethod
    def ask(cls, json: dict, values: dict[str, str], window: Window, prometheus: Prometheus) -> "Panel":
        """Asks for one value where the query says `instant`, else for all of the window. Raises UnknownVariable and Unreachable."""
        answers, refusals = {}, []
        for target in json.get("targets", []):
            expr = fill(target["expr"], values)
            try:
                answers[target["refId"]] = (
                    prometheus.at(expr, window.end) if target.get("instant") else prometheus.between(expr, window.start, window.end, window.step))
            except Refused as refused:
                refusals.append(f"{refused} in {expr}")
        return cls(json, answers, tuple(refusals))

    @property
    def title(self) -> str:
        return self.json["title"]

    @property
    def kind(self) -> str:
        return self.json["type"]

    @property
    def defaults(self) -> dict:
        return self.json.get("fieldConfig", {}).get("defaults", {})

    @property
    def options(self) -> dict:
        return self.json.get("options") or {}

    @property
    def unit(self) -> str | None:
        return self.defaults.get("unit")

    def has_data(self) -> bool:
        """Whether a series has a number: a quantile of no requests is NaN."""
        return any(math.isfinite(value) for series in self._all() for value in series.points.values())

    def summary(self) -> str:
        """Number of series, or that there are none."""
        if self.refusals:
            return "refused"
        count = len(self._all())
        if not count:
            return "no data"
        return f"{count} series" + ("" if self.has_data() else ", all NaN")

    def named(self) -> list[tuple[str, Series]]:
        """All series with their names in the legend."""
        return [(legend(target.get("legendFormat"), series.labels, target["expr"]), series)
                for target in self.json["targets"] for series in self.answers.get(target["refId"], [])]

    def last(self) -> list[tuple[str, float]]:
        """The names of the series with their last numbers."""
        numbers = [(name, [value for value in series.points.values() if not math.isnan(value)]) for name, series in self.named()]
        return [(name, values[-1]) for name, values in numbers if values]

    def color(self, value: float) -> str:
        """The name of the colour of the last threshold that the value has reached."""
        steps = self.defaults.get("thresholds", {}).get("steps", _STEPS)
        return next(step["color"] for step in reversed(steps) if step["value"] is None or value >= step["value"])

    def mapping(self, value: float) -> dict:
        """The text and the colour that the panel gives to this value; empty without."""
        maps = (mapping["options"] for mapping in self.defaults.get("mappings", []) if mapping["type"] == "value")
        return next((options[f"{value:g}"] for options in maps if f"{value:g}" in options), {})

    def _all(self):
        return [series for answer in self.answers.values() for series in answer]
