import unittest

from harness.goals import GOALS
from harness.numbers import Measured, Spread
from harness.report import markdown


def row(contestant, number, rate, connections=64, **more):
    fields = {"p50": 1.0, "p99": 2.0, "p999": 3.0, "errors": 0, "cpu_us": 10.0, "allocated": 2048.0}
    return {"contestant": contestant, "connections": connections, "round": number, "rate": rate, **fields, **more}


def result():
    contestants = {
        key: {"title": key, "server": key, "body_bytes": 30, "answer_bytes": 10} for key in ("nginx", "floor", "modelserver")
    }
    # the machine is half as fast in the second round: ratios are not
    measured = [row("nginx", 0, 100.0), row("floor", 0, 90.0), row("modelserver", 0, 81.0)]
    measured += [row("nginx", 1, 50.0), row("floor", 1, 45.0), row("modelserver", 1, 40.5)]
    workload = {
        "title": "rows", "connections": [64], "contestants": contestants, "measured": measured,
        "skipped": {"kserve": {"title": "KServe", "reason": "no\nnetwork"}}, "memory": {"floor": {"rss": 1e8, "peak": 2e8}},
    }  # fmt: skip
    return {
        "date": "today", "command": "bench/run", "options": {"rounds": 2, "seconds": 1, "warm_up": 1},
        "machine": {"cpu": "c", "cores": 2, "memory_bytes": 2**34, "kernel": "k", "load_before": 0.1},
        "versions": {"commit": "abc", "java": "25"}, "workloads": {"iris": workload},
    }  # fmt: skip


class MeasuredTest(unittest.TestCase):
    def test_ratios_are_of_one_round(self):
        self.assertEqual([0.9, 0.9], Measured(result()["workloads"]["iris"]).ratios("modelserver", "floor", 64, "rate"))

    def test_spread(self):
        self.assertEqual(Spread(2, 1, 9), Spread.of([9, 1, 2]))
        self.assertIsNone(Spread.of([]))


class GoalTest(unittest.TestCase):
    def test_reached_and_not_measured(self):
        goals = {goal.text: goal for goal in GOALS}
        floor = goals["iris, requests/s to the constant answer of the same stack"]
        self.assertTrue(floor.holds(floor.reached(result())))
        self.assertIsNone(goals["large tensor in JSON"].reached(result()))

    def test_a_bound_from_above(self):
        cpu = next(goal for goal in GOALS if goal.text == "iris, CPU per request")
        self.assertTrue(cpu.holds(Spread(15, 15, 15)))
        self.assertFalse(cpu.holds(Spread(15.1, 1, 16)))


class ReportTest(unittest.TestCase):
    def test_rows_and_what_was_left_out(self):
        page = markdown(result())
        self.assertIn("| 64 | modelserver | 60.8 (40–81) | 0.81 |".replace("60.8", "61"), page)
        self.assertIn("- Left out: KServe. no network", page)
        self.assertIn("| ≥ 0.8 | 0.90 (0.90–0.90) | yes |", page)


if __name__ == "__main__":
    unittest.main()
