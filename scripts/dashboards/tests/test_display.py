import math
import unittest

from dashboards.display import legend, number


class NumberTest(unittest.TestCase):
    def test_units(self):
        for value, unit, text in [
            (0, "s", "0 s"), (0.00025, "s", "250 µs"), (0.0123, "s", "12.3 ms"), (59, "s", "59 s"), (90, "s", "1.5 min"), (7200, "s", "2 h"),
            (3e-9, "s", "3 ns"), (-90, "s", "-1.5 min"), (250, "ms", "250 ms"), (0, "bytes", "0 B"), (1536, "bytes", "1.5 KiB"), (2**30, "bytes", "1 GiB"),
            (1500, "decbytes", "1.5 kB"), (0.0125, "percentunit", "1.25%"), (12.5, "percent", "12.5%"), (12.34, "reqps", "12.3 req/s"),
            (1234, "reqps", "1.23 K req/s"), (0.5, "ops", "0.5 ops/s"), (1_500_000, "short", "1.5 Mil"), (3, None, "3"), (1023, "bytes", "1023 B"),
            (4, "pods", "4 pods"), (math.nan, "s", "nan"), (math.inf, "short", "inf"),
        ]:  # fmt: skip
            with self.subTest(value=value, unit=unit):
                self.assertEqual(number(value, unit), text)


class LegendTest(unittest.TestCase):
    def test_labels_in_a_template(self):
        self.assertEqual(legend("{{namespace}}/{{ service }}: {{missing}}.", {"namespace": "a", "service": "iris"}, "up"), "a/iris: .")

    def test_a_template_without_labels(self):
        self.assertEqual(legend("p99", {"le": "1"}, "up"), "p99")

    def test_without_a_template_the_series_or_else_the_query(self):
        self.assertEqual(legend(None, {"__name__": "up", "pod": "b", "job": "a"}, "up"), 'up{job="a", pod="b"}')
        self.assertEqual(legend(None, {"__name__": "up"}, "up * 1"), "up")
        self.assertEqual(legend(None, {}, "sum(up)"), "sum(up)")
