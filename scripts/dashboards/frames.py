"""Answers as the tables and buckets that Grafana makes of them."""

from .display import number
from .prometheus import Series


def rows(answers: dict[str, list[Series]], transformations: list[dict]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows from the answers by the refId of their queries, after the transformations `merge` and `organize`."""
    frames = [_frame(series, f"Value #{ref}" if len(answers) > 1 else "Value") for ref, series in answers.items()]
    columns = list(dict.fromkeys(column for frame in frames for row in frame for column in row))
    merged, shown, names = [row for frame in frames for row in frame], columns, {}
    for transformation in transformations:
        match transformation["id"]:
            case "merge":
                merged = _merge(frames)
            case "organize":
                options = transformation["options"]
                shown = [column for column in columns if not options.get("excludeByName", {}).get(column)]
                names = options.get("renameByName", {})
            case unknown:
                raise ValueError(f"the transformation {unknown} cannot be drawn")
    return [names.get(column, column) for column in shown], [[_text(row.get(column)) for column in shown] for row in merged]


def buckets(series: list[Series]) -> list[tuple[str, dict[float, float]]]:
    """Values of each bucket alone, from the smallest bound, out of the cumulative ones of Prometheus."""
    below: dict[float, float] = {}
    result = []
    for one in sorted(series, key=lambda one: float(one.labels.get("le", "inf"))):
        result.append((one.labels.get("le", ""), {time: max(0.0, value - below.get(time, 0.0)) for time, value in one.points.items()}))
        below = one.points
    return result


def _frame(series, value):
    return [{"Time": time, **dict(sorted(one.labels.items())), value: point} for one in series for time, point in one.points.items()]


def _merge(frames):
    """Rows that agree in the columns of all frames become one, unless another column contradicts: Grafana's rule."""
    frames = [frame for frame in frames if frame]
    keys = set.intersection(*({column for row in frame for column in row} for frame in frames)) if frames else set()
    groups: dict[tuple, list[dict]] = {}
    for row in (row for frame in frames for row in frame):
        group = groups.setdefault(tuple(row.get(key) for key in sorted(keys)), [])
        fitting = [known for known in group if all(known.get(column, value) == value for column, value in row.items())]
        for known in fitting:
            known.update(row)
        if not fitting:
            group.append(row)
    return [row for group in groups.values() for row in group]


def _text(value):
    return "" if value is None else value if isinstance(value, str) else number(value)
