"""Colours and sizes of the pictures, close to Grafana's."""

from dataclasses import dataclass

SERIES = ["#7EB26D", "#EAB839", "#6ED0E0", "#EF843C", "#E24D42", "#1F78C1", "#BA43A9", "#705DA0", "#508642", "#CCA300"]
NAMED = {"green": "#56A64B", "red": "#E02F44", "blue": "#3274D9", "orange": "#FF780A", "yellow": "#E0B400", "text": None}
COLUMNS = 24
WIDTH = 16.0  # inches
ROW = 0.38  # inches: a row of the grid


@dataclass(frozen=True)
class Look:
    page: str
    panel: str
    text: str
    lines: str

    def settings(self) -> dict:
        """For matplotlib."""
        return {
            "text.color": self.text, "xtick.color": self.text, "ytick.color": self.text, "axes.edgecolor": self.lines, "grid.color": self.lines,
            "axes.facecolor": self.panel, "figure.facecolor": self.page, "savefig.facecolor": self.page, "font.size": 8,
            # A legend or a title with a dollar is no formula.
            "text.parse_math": False,
        }

    def color(self, name: str) -> str:
        """Of one of Grafana's names; other values are colours themselves."""
        return NAMED.get(name, name) or self.text


LOOKS = {"light": Look("#F4F5F5", "#FFFFFF", "#24292E", "#D8D9DA"), "dark": Look("#111217", "#181B1F", "#CCCCDC", "#34383F")}
