import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from dashboards.__main__ import DASHBOARDS, main

from .fake_prometheus import FakePrometheus

# Labels that the queries of the dashboards group by.
LABELS = {"le": "1", "reason": "Deployed", "class": "setosa", "pod": "iris-1", "version": "1", "digest": "abc", "namespace": "a", "service": "iris"}


def run(*arguments):
    """The code, what it prints on both streams, and the pictures by their names."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
        code = main([arguments[0], folder, *arguments[1:]])
        return code, out.getvalue(), errors.getvalue(), {file.name: file.read_bytes() for file in Path(folder).iterdir()}


class DrawingTest(unittest.TestCase):
    def test_every_dashboard_of_the_chart_in_both_themes(self):
        with FakePrometheus({"": [(LABELS, lambda time: 1 + time % 7)]}, {"modelserver_namespace": ["a"], "modelserver": ["iris"]}) as fake:
            for theme in ("light", "dark"):
                with self.subTest(theme):
                    code, out, errors, pictures = run(fake.url, "--theme", theme)
                    self.assertEqual((code, errors, sorted(pictures)), (0, "", ["fleet.png", "model.png"]))
                    self.assertTrue(all(picture.startswith(b"\x89PNG") for picture in pictures.values()))
                    self.assertIn("  Latency (timeseries): 3 series\n", out)
                    self.assertIn("namespace=a  modelserver=iris", out)
                    self.assertNotIn("no data", out)
        self.assertFalse([query for query in fake.asked if "$__" in query or "$namespace" in query])

    def test_nothing_but_zeros(self):
        with FakePrometheus({"": [(LABELS, lambda _: 0)]}) as fake:
            code, _, errors, pictures = run(fake.url, "--variable", "namespace=a", "--variable", "modelserver=iris")
        self.assertEqual((code, errors, len(pictures)), (0, "", 2))

    def test_an_empty_prometheus(self):
        with FakePrometheus({}) as fake:
            code, out, errors, pictures = run(fake.url)
        self.assertEqual((code, errors, len(pictures)), (0, "", 2))
        self.assertIn("namespace=(no value)", out)
        panels = sum(panel["type"] != "row" for file in DASHBOARDS.glob("*.json") for panel in json.loads(file.read_text())["panels"])
        self.assertEqual(out.count(": no data\n"), panels)

    def test_a_refused_query_ends_with_1_and_its_words_and_the_others_are_drawn(self):
        with FakePrometheus({"ml_errors_total": "query timed out in expression evaluation", "": [(LABELS, lambda _: 1)]}) as fake:
            code, out, errors, pictures = run(fake.url, "--variable", "namespace=a", "--variable", "modelserver=iris")
        self.assertEqual((code, len(pictures)), (1, 2))
        self.assertIn("draw-dashboards: model: refused: Errors: bad_data: query timed out in expression evaluation in sum by (type)", errors)
        self.assertIn("  Errors (timeseries): refused\n", out)
        self.assertIn("  Latency (timeseries): 3 series\n", out)

    def test_no_prometheus(self):
        with FakePrometheus({}) as fake:
            pass
        code, _, errors, _ = run(fake.url)
        self.assertEqual(code, 1)
        self.assertRegex(errors, rf"^draw-dashboards: no Prometheus answers at {fake.url}: .*refused")
