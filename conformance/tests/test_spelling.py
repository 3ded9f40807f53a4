"""Every manner of writing a number is the same number when it is rounded once."""

import unittest
from decimal import Decimal
from fractions import Fraction

import numpy as np

from answers import spelling

MANNERS = ["shortest", "double", "exact", "whole", "edge", "exponent"]


def rounded_once(text):
    """The nearest float32, by exact arithmetic."""
    exact = Fraction(Decimal(text))
    near = np.float32(float(text))
    around = [near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf))]
    return min((each for each in around if np.isfinite(each)), key=lambda each: abs(Fraction(float(each)) - exact))


class SpellingTest(unittest.TestCase):
    def test_floats_are_read_back_as_themselves(self):
        rng = np.random.default_rng(1)
        usual = rng.normal(size=200).astype(np.float32)
        ends = np.array([0.0, -0.0, 1e-45, 1.1754944e-38, 3.4028235e38, -3.4028235e38, 16777217, 1.0000001], np.float32)
        twice = 0
        for manner in MANNERS:
            for value in [*usual, *ends]:
                text = spelling.finite(value, "FP32", manner)
                self.assertLessEqual(len(text), 100)
                self.assertEqual(rounded_once(text).tobytes() if value else np.float32(float(text)).tobytes(), value.tobytes(), (manner, text))
                twice += np.float32(float(text)).tobytes() != value.tobytes()
        # Only where rounding twice is another number does a test of it find anything.
        self.assertGreater(twice, 50)

    def test_doubles_are_read_back_as_themselves(self):
        rng = np.random.default_rng(2)
        for manner in MANNERS:
            for value in [*rng.normal(size=200), 5e-324, -0.0, 1.7976931348623157e308]:
                text = spelling.finite(np.float64(value), "FP64", manner)
                self.assertEqual(np.float64(float(text)).tobytes(), np.float64(value).tobytes(), (manner, text))

    def test_nested_lists(self):
        self.assertEqual(spelling.nested(list("abcdef"), (3, 2)), "[[a,b],[c,d],[e,f]]")
        self.assertEqual(spelling.nested([], (2, 0)), "[[],[]]")


if __name__ == "__main__":
    unittest.main()
