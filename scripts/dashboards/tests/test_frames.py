import unittest

from dashboards.frames import buckets, rows
from dashboards.prometheus import Series


def series(value, **labels):
    return Series(labels, {60.0: value})


MERGED = [{"id": "merge", "options": {}},
          {"id": "organize", "options": {"excludeByName": {"Time": True}, "renameByName": {"Value #A": "Ready", "Value #B": "Pods", "name": "Name"}}}]  # fmt: skip


class RowsTest(unittest.TestCase):
    def test_answers_about_the_same_labels_are_one_row(self):
        answers = {"A": [series(1, name="iris"), series(0, name="wine")], "B": [series(2, name="wine"), series(3, name="iris")]}
        self.assertEqual(rows(answers, MERGED), (["Name", "Ready", "Pods"], [["iris", "1", "3"], ["wine", "0", "2"]]))

    def test_a_second_value_is_a_row_of_its_own(self):
        answers = {"A": [series(1, name="iris")], "B": [series(2, name="iris", version="1"), series(3, name="iris", version="2")]}
        self.assertEqual(rows(answers, MERGED), (["Name", "Ready", "version", "Pods"], [["iris", "1", "1", "2"], ["iris", "", "2", "3"]]))

    def test_a_missing_answer_is_an_empty_cell(self):
        answers = {"A": [series(1, name="iris"), series(0, name="wine")], "B": [series(3, name="iris")]}
        self.assertEqual(rows(answers, MERGED)[1], [["iris", "1", "3"], ["wine", "0", ""]])

    def test_the_value_of_a_single_query_has_no_letter(self):
        self.assertEqual(rows({"A": [series(1, name="iris")]}, MERGED), (["Name", "Value"], [["iris", "1"]]))

    def test_another_transformation_is_refused(self):
        with self.assertRaisesRegex(ValueError, "the transformation reduce cannot be drawn"):
            rows({}, [{"id": "reduce", "options": {}}])


class BucketsTest(unittest.TestCase):
    def test_each_bucket_without_those_below_it(self):
        found = buckets([series(9, le="+Inf"), series(3, le="1"), series(7, le="16"), series(5, le="2")])
        self.assertEqual(found, [("1", {60.0: 3}), ("2", {60.0: 2}), ("16", {60.0: 2}), ("+Inf", {60.0: 2})])
