"""What is held to be right row by row, on outputs whose meaning is known."""

import unittest
from types import SimpleNamespace

import numpy as np

from answers.expectations import Outputs
from answers.graphs import FLOAT, INT64, model, node, tensor
from answers.models import Meaning
from answers.rowwise import Rows

CONTENT = model([node("Identity", "x", "y")], [tensor("x", FLOAT, [None, 2])], [tensor("y", FLOAT, [None, 2])])


def outputs(names, answers):
    """Outputs that gave these answers for 1, 2 and 3 rows."""
    found = Outputs(SimpleNamespace(content=CONTENT), SimpleNamespace(outputs=[(name, "", []) for name in names]))
    for rows in (1, 2, 3):
        found.note(rows, found.tensors(answers(rows)))
    return found


class RowwiseTest(unittest.TestCase):
    def setUp(self):
        self.outputs = outputs(["label", "scores"], lambda rows: [np.arange(rows), np.full((rows, 2), 0.5, np.float32)])
        self.expected = {"label": np.array([7, 3]), "scores": np.array([[0.25, 0.75], [1.0, 0.0]], np.float32)}

    def rows(self, **meaning):
        return Rows(SimpleNamespace(meaning=Meaning("label", "scores", (3, 7), True, **meaning)), self.outputs)

    def test_a_right_answer(self):
        right = [
            {"prediction": 7, "class": "7", "probabilities": {"3": 0.25, "7": 0.75}, "confidence": 0.75},
            {"prediction": 3, "class": "3", "probabilities": {"3": 1.0, "7": 0.0}, "confidence": 1.0},
        ]
        self.assertIsNone(self.rows().predict_differs(self.expected, right, 2))

    def test_scores_of_the_other_class(self):
        wrong = [{"prediction": 7, "class": "7", "probabilities": {"0": 0.25, "1": 0.75}, "confidence": 0.25}] * 2
        self.assertIn("keyed by", self.rows().predict_differs(self.expected, wrong, 2))
        wrong = [{"prediction": 7, "class": "7", "probabilities": {"3": 0.25, "7": 0.75}, "confidence": 0.25}] * 2
        self.assertIn("confidence is 0.25", self.rows().predict_differs(self.expected, wrong, 2))

    def test_a_position_is_no_label(self):
        position = {"label": np.array([1, 0]), "scores": self.expected["scores"]}
        right = [{"prediction": 7, "class": "7", "probabilities": {"3": 0.25, "7": 0.75}, "confidence": 0.75}]
        self.assertIsNone(self.rows(position=True).predict_differs({name: array[:1] for name, array in position.items()}, right, 1))

    def test_a_label_that_is_no_class_has_no_confidence(self):
        cut = {"label": np.array([0]), "scores": self.expected["scores"][:1]}
        right = {"prediction": 0, "class": "0", "probabilities": {"3": 0.25, "7": 0.75}}
        self.assertIsNone(self.rows().predict_differs(cut, [right], 1))
        self.assertIn("confidence", self.rows().predict_differs(cut, [right | {"confidence": 0.75}], 1))

    def test_one_number_of_rows_tells_no_axis(self):
        found = Outputs(SimpleNamespace(content=CONTENT), SimpleNamespace(outputs=[("y", "", [])]))
        for rows in (0, 1):
            found.note(rows, {"y": np.zeros((rows, 2), np.float32)})
        self.assertTrue(found.fixed())
        found.note(2, {"y": np.zeros((2, 2), np.float32)})
        self.assertFalse(found.fixed())

    def test_only_what_follows_the_rows_is_split(self):
        found = outputs(["y", "c"], lambda rows: [np.zeros((rows, 2), np.float32), np.array([1, 2, 3])])
        judge = Rows(SimpleNamespace(meaning=None), found)
        expected = {"y": np.zeros((3, 2), np.float32), "c": np.array([1, 2, 3])}
        self.assertIsNone(judge.v1_differs(expected, [{"y": [0.0, 0.0], "c": [1, 2, 3]}] * 3, 3))
        self.assertIsNotNone(judge.v1_differs(expected, [{"y": [0.0, 0.0], "c": i} for i in (1, 2, 3)], 3))

    def test_targets_are_split_each(self):
        def answer(rows):
            return [[np.zeros((rows, 2), np.float32), np.ones((rows, 3), np.float32)]]

        found = outputs(["y"], answer)
        judge = Rows(SimpleNamespace(meaning=None), found)
        expected = found.tensors(answer(2))
        self.assertIsNone(judge.v1_differs(expected, [[[0.0, 0.0], [1.0, 1.0, 1.0]]] * 2, 2))
        self.assertIsNotNone(judge.v1_differs(expected, [[[0.0, 0.0], [0.0, 0.0]]] * 2, 2))


if __name__ == "__main__":
    unittest.main()
