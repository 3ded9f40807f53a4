"""Draws the dashboards of the chart, one PNG each, and prints how many series each panel got."""

import argparse
import json
import sys
import time
from pathlib import Path

from .look import LOOKS
from .page import Mark, Page
from .panel import Panel
from .prometheus import Prometheus, Refused, Unreachable
from .variables import UnknownVariable, fill, resolve
from .window import Window, seconds

DASHBOARDS = Path(__file__).resolve().parents[2] / "helm/files/dashboards"
_ANNOTATION_STEP = 60


def main(arguments: list[str] | None = None) -> int:
    """0; or 1 where Prometheus refuses a query or is not reached, or a variable is unknown."""
    options = _parser().parse_args(arguments)
    prometheus = Prometheus(options.prometheus_url)
    window = Window.until(options.at or time.time(), options.range, options.scrape_interval)
    given = dict(options.variable)
    options.folder.mkdir(parents=True, exist_ok=True)
    refused = False
    try:
        for file in options.dashboard or sorted(DASHBOARDS.glob("*.json")):
            dashboard = json.loads(file.read_text())
            page, refusals = ask(dashboard, given, window, prometheus)
            picture = options.folder / f"{file.stem}.png"
            page.save(picture, window, LOOKS[options.theme])
            refused |= bool(refusals)
            _print(page, refusals, picture)
    except (Unreachable, UnknownVariable, Refused) as failure:
        print(f"draw-dashboards: {failure}", file=sys.stderr)
        return 1
    return 1 if refused else 0


def ask(dashboard: dict, given: dict[str, str], window: Window, prometheus: Prometheus) -> tuple[Page, list[str]]:
    """The dashboard with all answers, and the words of what was refused."""
    values = resolve(dashboard, given, window, prometheus)
    own = [variable["name"] for variable in dashboard["templating"]["list"] if variable["type"] != "datasource"]
    panels = [Panel.ask(panel, values, window, prometheus) for panel in dashboard["panels"]]
    refusals = [f"{panel.title}: {words}" for panel in panels for words in panel.refusals]
    marks = []
    for annotation in dashboard.get("annotations", {}).get("list", []):
        if annotation.get("enable") and "expr" in annotation:
            try:
                marks.append(_mark(annotation, values, window, prometheus))
            except Refused as failure:
                refusals.append(f"annotation {annotation['name']}: {failure}")
    caption = "  ".join(f"{name}={values[name] or '(no value)'}" for name in own)
    return Page(dashboard["title"], caption, panels, marks), refusals


def _mark(annotation, values, window, prometheus):
    """Where the query begins to have a value; as long as it has one it is the same event."""
    times = []
    for series in prometheus.between(fill(annotation["expr"], values), window.start, window.end, _ANNOTATION_STEP):
        present = [moment for moment, value in series.points.items() if value]
        times += [moment for moment in present if moment - _ANNOTATION_STEP not in present]
    return Mark(annotation["name"], annotation["iconColor"], times)


def _print(page, refusals, picture):
    print(f"{picture}: {page.title}  {page.caption}".rstrip())
    for panel in page.panels:
        if panel.kind != "row":
            print(f"  {panel.title} ({panel.kind}): {panel.summary()}")
    for mark in page.marks:
        print(f"  {mark.name} (annotation): {len(mark.times)} marks")
    for words in refusals:
        print(f"draw-dashboards: {picture.stem}: refused: {words}", file=sys.stderr)


def _parser():
    parser = argparse.ArgumentParser("draw-dashboards", description=__doc__)
    parser.add_argument("prometheus_url", help="for example http://localhost:9090")
    parser.add_argument("folder", type=Path, help="for the pictures; made where it is missing")
    parser.add_argument("--range", type=_duration, default="15m", metavar="DURATION", help="what is shown, until now; default 15m")
    parser.add_argument("--at", type=float, metavar="SECONDS", help="show until then (since 1970) instead of now")
    parser.add_argument("--scrape-interval", type=_duration, default="15s", metavar="DURATION", help="that of Grafana's data source; default 15s")
    parser.add_argument("--variable", type=_assignment, action="append", default=[], metavar="NAME=VALUE",
                        help="a variable of the dashboards, All for any value; default the first one that Prometheus knows")
    parser.add_argument("--theme", choices=LOOKS, default="light")
    parser.add_argument("--dashboard", type=Path, action="append", metavar="FILE", help="other dashboards than those of the chart")
    return parser


def _duration(text):
    try:
        return seconds(text)
    except ValueError as failure:
        raise argparse.ArgumentTypeError(failure) from None


def _assignment(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
