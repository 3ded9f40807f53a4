"""Medians, extremes and ratios of what was measured."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A median between its extremes."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: list[float]) -> "Spread | None":
        return Spread(statistics.median(values), min(values), max(values)) if values else None


class Measured:
    """The rounds of one workload, by contestant, connections and round."""

    def __init__(self, workload: dict):
        self._rows = {(row["contestant"], row["connections"], row["round"]): row for row in workload["measured"]}

    def values(self, contestant: str, connections: int, field: str) -> list[float]:
        found = [row[field] for (key, count, _), row in self._rows.items() if (key, count) == (contestant, connections)]
        return [value for value in found if value is not None]

    def ratios(self, contestant: str, to: str, connections: int, field: str) -> list[float]:
        """One ratio for each round, both of its sides from that round."""
        found = []
        for (key, count, number), row in self._rows.items():
            other = self._rows.get((to, count, number))
            if (key, count) == (contestant, connections) and other and row[field] is not None and other[field]:
                found.append(row[field] / other[field])
        return found
