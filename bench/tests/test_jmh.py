import unittest

from harness.jmh import rows


class RowsTest(unittest.TestCase):
    def test_names_errors_and_allocation(self):
        result = {
            "benchmark": "dev.modelserver.bench.runtime.RuntimeBenchmark.arrays",
            "params": {"model": "mlp"},
            "primaryMetric": {"score": 10.5, "scoreError": "NaN"},
            "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 1472.0}},
        }
        self.assertEqual([{"name": "Runtime.arrays (model mlp)", "ns": 10.5, "error": None, "allocated": 1472.0}], rows([result]))


if __name__ == "__main__":
    unittest.main()
