"""The time that is shown."""

import math
import re
from dataclasses import dataclass

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(duration: str) -> int:
    """Of `90s`, `15m`, `3h`, `2d`. Raises ValueError."""
    found = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", duration)
    if not found:
        raise ValueError(f"{duration} is not a duration: use for example 90s, 15m, 3h or 2d")
    return int(found[1]) * _SECONDS[found[2]]


@dataclass(frozen=True)
class Window:
    """From start to end, in seconds since 1970, both multiples of the step, as Grafana aligns them."""

    start: int
    end: int
    step: int
    scrape: int

    @classmethod
    def until(cls, now: float, length: int, scrape: int, points: int = 240) -> "Window":
        """The steps are never shorter than the time between two scrapes, as in Grafana."""
        step = max(scrape, math.ceil(length / points))
        end = int(now) // step * step
        return cls(end - math.ceil(length / step) * step, end, step, scrape)

    def times(self) -> range:
        return range(self.start, self.end + 1, self.step)

    def variables(self) -> dict[str, str]:
        """Grafana's own variables. A rate needs two scrapes in its range, also when one is missed: thus four of them."""
        length = self.end - self.start
        rate = max(self.step + self.scrape, 4 * self.scrape)
        return {
            "__interval": f"{self.step}s", "__interval_ms": str(self.step * 1000), "__rate_interval": f"{rate}s",
            "__range": f"{length}s", "__range_s": str(length), "__range_ms": str(length * 1000),
        }
