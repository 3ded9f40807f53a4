"""A dashboard as one picture."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402

from .draw import KINDS, moment  # noqa: E402
from .look import COLUMNS, ROW, WIDTH, Look  # noqa: E402
from .panel import Panel  # noqa: E402
from .window import Window  # noqa: E402

_HEADER = 0.6  # inches
_EDGE = 0.06  # inches between panels


@dataclass(frozen=True)
class Mark:
    """What an annotation marks in every panel with a time axis."""

    name: str
    color: str
    times: list[float]


@dataclass(frozen=True)
class Page:
    """A dashboard with its answers; the caption says of which values of its variables."""

    title: str
    caption: str
    panels: list[Panel]
    marks: list[Mark]

    def save(self, file: Path, window: Window, look: Look) -> None:
        with plt.rc_context(look.settings()):
            rows = max(panel.json["gridPos"]["y"] + panel.json["gridPos"]["h"] for panel in self.panels)
            figure = plt.figure(figsize=(WIDTH, _HEADER + rows * ROW + _EDGE), dpi=100)
            self._header(figure, window, look)
            for panel in self.panels:
                self._panel(figure, panel, window, look)
            figure.savefig(file)
            plt.close(figure)

    def _header(self, figure, window, look):
        height = figure.get_figheight()
        shown = f"{moment(window.start):%Y-%m-%d %H:%M:%S} to {moment(window.end):%H:%M:%S} UTC"
        figure.text(0.006, 1 - 0.2 / height, self.title, fontsize=13, weight="bold", va="center")
        figure.text(0.006, 1 - 0.45 / height, f"{self.caption}   {shown}".lstrip(), fontsize=8, va="center")
        for position, mark in enumerate(self.marks):
            figure.text(0.994, 1 - (0.2 + 0.2 * position) / height, f"┆ {mark.name}: {len(mark.times)}", color=look.color(mark.color), ha="right", va="center")

    def _panel(self, figure, panel, window, look):
        height = figure.get_figheight()
        place = panel.json["gridPos"]
        left, width = place["x"] / COLUMNS * WIDTH, place["w"] / COLUMNS * WIDTH
        top, tall = _HEADER + place["y"] * ROW, place["h"] * ROW
        title = figure.text((left + 0.14) / WIDTH, 1 - (top + 0.19) / height, panel.title, fontsize=9, weight="bold", va="center")
        if panel.kind == "row":
            title.set_fontsize(10)
            return
        figure.add_artist(Rectangle((
            (left + _EDGE / 2) / WIDTH, 1 - (top + tall - _EDGE / 2) / height), (width - _EDGE) / WIDTH, (tall - _EDGE) / height,
            facecolor=look.panel, edgecolor=look.lines, linewidth=0.8, zorder=-1))  # fmt: skip
        indent = 0.75 if panel.kind in ("timeseries", "heatmap", "bargauge", "barchart") else 0.14
        axes = figure.add_axes(((left + indent) / WIDTH, 1 - (top + tall - 0.35) / height, (width - indent - 0.15) / WIDTH, (tall - 0.75) / height))
        if panel.refusals or not panel.has_data():
            axes.axis("off")
            words = textwrap.fill("Refused: " + panel.refusals[0] if panel.refusals else "No data", int(width * 14))
            axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=look.color("red" if panel.refusals else "text"))
            return
        KINDS[panel.kind](axes, panel, window, look)
        if panel.kind in ("timeseries", "heatmap"):
            for mark in self.marks:
                for time in mark.times:
                    axes.axvline(moment(time), color=look.color(mark.color), linestyle=":", linewidth=1.2)
