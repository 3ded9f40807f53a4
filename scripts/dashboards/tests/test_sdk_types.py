import json
import unittest

from dashboards.__main__ import DASHBOARDS
from dashboards.sdk_types import mismatches


class SdkTypesTest(unittest.TestCase):
    def setUp(self):
        self.dashboard = json.loads((DASHBOARDS / "model.json").read_text())
        self.lines = next(panel for panel in self.dashboard["panels"] if panel["type"] == "timeseries")

    def test_the_dashboards_of_the_chart(self):
        for file in DASHBOARDS.glob("*.json"):
            with self.subTest(file.name):
                self.assertEqual(mismatches(json.loads(file.read_text())), [])

    def check(self, *words):
        found = mismatches(self.dashboard)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_an_unknown_field(self):
        self.dashboard["panels"][1]["titel"] = "Ready"
        self.check(".panels[1].titel: unknown field: 'Ready'")

    def test_a_misspelled_option_of_a_panel(self):
        self.lines["options"]["legend"]["showlegend"] = True
        self.check(".options.legend.showlegend: unknown field: True")

    def test_a_wrong_type(self):
        self.dashboard["panels"][1]["gridPos"]["w"] = "4"
        self.check("w: '4' is not of type int")

    def test_a_wrong_type_in_what_only_this_kind_of_panel_has(self):
        self.lines["fieldConfig"]["defaults"]["custom"]["fillOpacity"] = "5"
        self.check("fill_opacity: '5' is not of type float")

    def test_a_value_that_the_enumeration_lacks(self):
        self.lines["options"]["tooltip"]["mode"] = "many"
        self.check("mode: 'many' is not one of ['single', 'multi', 'none']")

    def test_a_query(self):
        self.lines["targets"][0]["expr"] = 1
        self.check(".expr: 1 is not of type str")

    def test_a_transformation(self):
        table = next(panel for panel in self.dashboard["panels"] if panel["type"] == "table")
        table["transformations"][0]["option"] = {}
        self.check(".transformations[0].option: unknown field: {}")

    def test_options_that_are_null(self):
        self.lines["options"] = None
        self.check("the type Dashboard cannot read it")
