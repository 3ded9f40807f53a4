"""Draws what is inside a panel, by its kind."""

import math
from datetime import datetime, timezone

import matplotlib.dates as dates
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from . import frames
from .display import number
from .look import SERIES, Look
from .panel import Panel
from .window import Window

LEGEND_ROWS = 4


def moment(time: float) -> datetime:
    return datetime.fromtimestamp(time, timezone.utc)


def timeseries(axes, panel: Panel, window: Window, look: Look) -> None:
    named = panel.named()
    times = [moment(time) for time in window.times()]
    # Holes stay holes, as in Grafana.
    values = [[series.points.get(time, math.nan) for time in window.times()] for _, series in named]
    custom = panel.defaults.get("custom", {})
    if custom.get("stacking", {}).get("mode", "none") == "normal":
        axes.stackplot(times, [[0 if math.isnan(value) else value for value in line] for line in values], colors=SERIES, alpha=0.75)
    else:
        for position, line in enumerate(values):
            color = SERIES[position % len(SERIES)]
            axes.plot(times, line, color=color, linewidth=1.2, marker=".", markersize=2)
            axes.fill_between(times, line, color=color, alpha=custom.get("fillOpacity", 0) / 100)
    _time_axis(axes, window)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, panel.unit)))
    axes.grid(linewidth=0.5)
    if "min" in panel.defaults:
        highest = axes.get_ylim()[1]
        axes.set_ylim(panel.defaults["min"], highest if any(value > 0 for line in values for value in line) else 1)
    if panel.unit == "bytes":
        axes.yaxis.set_major_locator(MultipleLocator(2 ** math.ceil(math.log2(axes.get_ylim()[1] / 5))))
    _legend(axes, [name for name, _ in named])


def stat(axes, panel: Panel, window: Window, look: Look) -> None:
    axes.axis("off")
    axes.set_ylim(0, 1)
    last = panel.last()
    for position, (name, value) in enumerate(last):
        mapping = panel.mapping(value)
        color = look.color(mapping.get("color") or panel.color(value))
        text = mapping.get("text") or number(value, panel.unit)
        if panel.options.get("textMode") == "name":
            text = name
        elif len(last) > 1:
            text = f"{name}  {text}"
        height = 1 - (position + 0.5) / len(last)
        axes.text(0.5, height, text, transform=axes.transAxes, ha="center", va="center", color=color, weight="bold", fontsize=max(8, 22 - 4 * len(last)))
    if len(last) == 1 and panel.options.get("graphMode") == "area":
        points = panel.named()[0][1].points
        highest = max(map(abs, points.values())) or 1
        axes.fill_between([moment(time) for time in points], [0.25 * value / highest for value in points.values()], color=color, alpha=0.25)


def bars(axes, panel: Panel, window: Window, look: Look) -> None:
    last = panel.last()
    axes.barh([name for name, _ in last], [value for _, value in last], color=[look.color(panel.color(value)) for _, value in last])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, panel.unit)))


def pie(axes, panel: Panel, window: Window, look: Look) -> None:
    last = panel.last()
    total = sum(value for _, value in last)
    if total == 0:  # as many parts as there are, and none has a share
        axes.axis("off")
        axes.text(0.5, 0.5, "\n".join(f"{name}: 0" for name, _ in last), transform=axes.transAxes, ha="center", va="center", color=look.text)
        return
    axes.pie([value for _, value in last], labels=[f"{name}\n{value / total:.0%}" for name, value in last], colors=SERIES, startangle=90, counterclock=False)


def table(axes, panel: Panel, window: Window, look: Look) -> None:
    axes.axis("off")
    columns, rows = frames.rows(panel.answers, panel.json.get("transformations", []))
    characters = int(axes.get_window_extent().width / axes.figure.dpi / 0.085)
    widths = _fitting([max(len(text) for text in column) + 2 for column in zip(columns, *rows, strict=True)], characters)
    left = 0
    for column, width in enumerate(widths):
        for line, text in enumerate([columns[column], *(row[column] for row in rows)]):
            shown = text if len(text) <= width - 2 else text[: width - 3] + "…"
            axes.text(left / characters, 1 - line * 0.1, shown, transform=axes.transAxes, va="top", weight="normal" if line else "bold", clip_on=True)
        left += width


def heatmap(axes, panel: Panel, window: Window, look: Look) -> None:
    buckets = frames.buckets([series for _, series in panel.named()])
    edges = [moment(time - window.step / 2) for time in [*window.times(), window.end + window.step]]
    cells = [[points.get(time, math.nan) or math.nan for time in window.times()] for _, points in buckets]
    axes.pcolormesh(edges, range(len(buckets) + 1), cells, cmap="Oranges", vmin=0)
    axes.set_yticks([position + 0.5 for position in range(len(buckets))], [bound for bound, _ in buckets])
    _time_axis(axes, window)


KINDS = {"timeseries": timeseries, "stat": stat, "gauge": stat, "bargauge": bars, "barchart": bars, "piechart": pie, "table": table, "heatmap": heatmap}


def _time_axis(axes, window):
    axes.set_xlim(moment(window.start), moment(window.end))
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=6))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M" if window.end - window.start <= 86400 else "%d. %H:%M"))


def _legend(axes, names):
    """Below the axes, which give up the place for it."""
    width = axes.get_window_extent().width / axes.figure.dpi
    columns = max(1, int(width / (0.068 * max(map(len, names)) + 0.4)))
    most = columns * LEGEND_ROWS
    if len(names) > most:
        names = [*names[: most - 1], f"and {len(names) - most + 1} more"]
    needed = 0.17 * math.ceil(len(names) / columns) / axes.figure.get_figheight()
    box = axes.get_position()
    axes.set_position([box.x0, box.y0 + needed, box.width, box.height - needed])
    patches = [Patch(color=SERIES[position % len(SERIES)]) for position in range(len(names))]
    axes.figure.legend(patches, names, loc="upper left", bbox_to_anchor=(box.x0, box.y0 + needed - 0.25 / axes.figure.get_figheight()), ncol=columns,
                       frameon=False, fontsize=7, handlelength=1, handleheight=0.5, columnspacing=1, labelspacing=0.3, borderpad=0, borderaxespad=0)


def _fitting(widths, characters):
    """Takes from the widest column until all of them fit."""
    widths = list(widths)
    while sum(widths) > characters and max(widths) > 6:
        widths[widths.index(max(widths))] -= 1
    return widths
