import math
import unittest

from dashboards.panel import Panel
from dashboards.prometheus import Prometheus
from dashboards.window import Window

from .fake_prometheus import FakePrometheus

WINDOW = Window.until(1_000_000_007, 60, 15)


def panel(*targets, **defaults):
    return {"title": "Requests", "type": "stat", "fieldConfig": {"defaults": defaults}, "targets": list(targets)}


class PanelTest(unittest.TestCase):
    def test_one_value_where_the_query_says_instant(self):
        with FakePrometheus({"up": [({"pod": "a"}, lambda _: 1)]}) as fake:
            asked = Panel.ask(panel({"refId": "A", "expr": "up", "instant": True}, {"refId": "B", "expr": "up"}), {}, WINDOW, Prometheus(fake.url))
        self.assertEqual([len(series.points) for _, series in asked.named()], [1, 5])
        self.assertEqual(asked.summary(), "2 series")

    def test_the_words_of_a_refusal(self):
        with FakePrometheus({"rate(": "parse error: unclosed left parenthesis"}) as fake:
            asked = Panel.ask(panel({"refId": "A", "expr": "rate("}), {}, WINDOW, Prometheus(fake.url))
        self.assertEqual((asked.refusals, asked.summary()), (("bad_data: parse error: unclosed left parenthesis in rate(",), "refused"))

    def test_no_series_and_no_numbers(self):
        with FakePrometheus({"quantile": [({}, lambda _: math.nan)]}) as fake:
            for expr, summary in (("up", "no data"), ("quantile", "1 series, all NaN")):
                asked = Panel.ask(panel({"refId": "A", "expr": expr}), {}, WINDOW, Prometheus(fake.url))
                self.assertEqual((asked.summary(), asked.has_data(), asked.last()), (summary, False, []))

    def test_colors_by_threshold(self):
        steps = {"mode": "absolute", "steps": [{"value": None, "color": "red"}, {"value": 1, "color": "green"}]}
        self.assertEqual([Panel(panel(thresholds=steps)).color(value) for value in (0, 1, 2)], ["red", "green", "green"])
        # Grafana's, where a panel sets none.
        self.assertEqual([Panel(panel()).color(value) for value in (0, 80)], ["green", "red"])

    def test_texts_for_values(self):
        mapped = Panel(panel(mappings=[{"type": "value", "options": {"1": {"text": "yes", "color": "green"}}}]))
        self.assertEqual((mapped.mapping(1.0), mapped.mapping(0.0)), ({"text": "yes", "color": "green"}, {}))
