"""The variables of a dashboard."""

import re

from .prometheus import Prometheus
from .window import Window

ALL = "All"
_NAME = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$([A-Za-z_]\w*)")
_LABEL_VALUES = re.compile(r"label_values\((?:(?P<selector>.+),)?\s*(?P<label>\w+)\s*\)")


class UnknownVariable(Exception):
    """A text uses a variable that the dashboard does not have."""


def fill(text: str, values: dict[str, str]) -> str:
    """Puts values in place of $name, ${name} and ${name:format}; `All` becomes `.*`. $1 and the like belong to label_replace."""

    def value(found):
        name = found[1] or found[2]
        if name not in values:
            raise UnknownVariable(f"unknown variable ${name} in {text}")
        return ".*" if values[name] == ALL else values[name]

    return _NAME.sub(value, text)


def resolve(dashboard: dict, given: dict[str, str], window: Window, prometheus: Prometheus) -> dict[str, str]:
    """Values of the dashboard's variables in their order: the given one, else the first one of label_values, else nothing."""
    values = window.variables()
    for variable in dashboard.get("templating", {}).get("list", []):
        name = variable["name"]
        if name in given:
            values[name] = given[name]
        elif variable["type"] == "datasource":
            values[name] = "prometheus"
        elif variable["type"] == "query":
            values[name] = _first(fill(variable["query"], values), window, prometheus)
        else:
            raise UnknownVariable(f"variable {name} has the type {variable['type']}: give it with --variable {name}=VALUE")
    return values


def _first(query, window, prometheus):
    found = _LABEL_VALUES.fullmatch(query.strip())
    if not found:
        raise UnknownVariable(f"the query {query} of a variable is not label_values(…)")
    return next(iter(prometheus.label_values(found["label"], found["selector"], window.start, window.end)), "")
