import unittest

from dashboards.prometheus import Prometheus
from dashboards.variables import UnknownVariable, fill, resolve
from dashboards.window import Window, seconds

from .fake_prometheus import FakePrometheus

WINDOW = Window.until(1_000_000_007, 900, 15)


def query(name, text):
    return {"name": name, "type": "query", "query": text}


def dashboard(*variables):
    return {"templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}, *variables]}}


class FillTest(unittest.TestCase):
    def test_every_way_to_write_a_variable(self):
        self.assertEqual(fill('up{a="$name",b="${name}",c=~"${name:regex}"}', {"name": "iris"}), 'up{a="iris",b="iris",c=~"iris"}')

    def test_a_name_is_not_taken_for_a_longer_one(self):
        self.assertEqual(fill("rate(a[$__range]) rate(b[$__range_s])", {"__range": "900s", "__range_s": "900"}), "rate(a[900s]) rate(b[900])")

    def test_all_is_any_value(self):
        self.assertEqual(fill('up{a=~"$name"}', {"name": "All"}), 'up{a=~".*"}')

    def test_groups_of_label_replace_stay(self):
        self.assertEqual(fill('label_replace(up, "a", "$1", "b", "(.+)")', {}), 'label_replace(up, "a", "$1", "b", "(.+)")')

    def test_an_unknown_variable_is_refused(self):
        with self.assertRaisesRegex(UnknownVariable, r"unknown variable \$pod in up"):
            fill('up{pod="$pod"}', {"name": "iris"})


class ResolveTest(unittest.TestCase):
    def test_the_first_value_in_order_which_the_next_variable_uses(self):
        names = query("name", 'label_values(modelserver_ready{space="$space"}, modelserver)')
        with FakePrometheus({}, {"space": ["b", "a"], "modelserver": ["iris"]}) as fake:
            values = resolve(dashboard(query("space", "label_values(space)"), names), {}, WINDOW, Prometheus(fake.url))
        self.assertEqual((values["space"], values["name"], values["datasource"]), ("a", "iris", "prometheus"))
        self.assertEqual(fake.asked, ["/api/v1/label/space/values", '/api/v1/label/modelserver/values modelserver_ready{space="a"}'])

    def test_the_given_value_wins_and_nothing_is_asked(self):
        with FakePrometheus({}, {"space": ["a"]}) as fake:
            values = resolve(dashboard(query("space", "label_values(space)")), {"space": "All"}, WINDOW, Prometheus(fake.url))
        self.assertEqual((values["space"], fake.asked), ("All", []))

    def test_no_value_is_empty(self):
        with FakePrometheus({}) as fake:
            self.assertEqual(resolve(dashboard(query("space", "label_values(space)")), {}, WINDOW, Prometheus(fake.url))["space"], "")

    def test_another_kind_of_query_is_refused(self):
        with self.assertRaisesRegex(UnknownVariable, r"query_result\(up\) of a variable is not label_values"):
            resolve(dashboard(query("space", "query_result(up)")), {}, WINDOW, Prometheus("http://127.0.0.1:9"))


class WindowTest(unittest.TestCase):
    def test_a_rate_sees_four_scrapes(self):
        self.assertEqual(WINDOW.variables()["__rate_interval"], "60s")
        self.assertEqual((WINDOW.variables()["__interval"], WINDOW.variables()["__range"]), ("15s", "900s"))

    def test_a_long_window_has_longer_steps_and_rates_over_them(self):
        window = Window.until(1_000_000_007, 86400, 15)
        self.assertEqual((window.step, window.variables()["__rate_interval"], len(window.times())), (360, "375s", 241))

    def test_times_are_multiples_of_the_step(self):
        self.assertEqual((WINDOW.start % 15, WINDOW.end % 15, WINDOW.end), (0, 0, 999_999_990 + 15))

    def test_durations(self):
        self.assertEqual([seconds(text) for text in ("90s", "15m", "3h", "2d")], [90, 900, 10800, 172800])
        for text in ("15", "0m", "1w", "m", "-1m", "1.5h"):
            with self.subTest(text), self.assertRaisesRegex(ValueError, "is not a duration"):
                seconds(text)
