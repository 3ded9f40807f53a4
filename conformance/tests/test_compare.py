"""What counts as a difference."""

import unittest

import numpy as np

from answers import compare


class CompareTest(unittest.TestCase):
    def test_bits_count(self):
        one = np.array([1.0, 0.0], np.float32)
        self.assertIsNone(compare.difference(one, one.copy()))
        self.assertIn("-0.0", compare.difference(one, np.array([1.0, -0.0], np.float32)))
        self.assertIn("1 of 2", compare.difference(one, np.array([np.nextafter(np.float32(1), np.float32(2)), 0.0], np.float32)))

    def test_one_nan_is_like_another(self):
        payload = np.array([0x7FC00001, 0xFFC00000], np.uint32).view(np.float32)
        self.assertIsNone(compare.difference(np.array([np.nan, np.nan], np.float32), payload))
        self.assertIsNotNone(compare.difference(np.array([np.inf], np.float32), np.array([np.nan], np.float32)))

    def test_shape_and_type_count(self):
        self.assertIn("shape", compare.difference(np.zeros((1, 2), np.float32), np.zeros(2, np.float32)))
        self.assertIn("datatype", compare.difference(np.zeros(2, np.float32), np.zeros(2, np.float64)))
        self.assertIn("shape", compare.difference(np.zeros((0, 2), np.float32), np.zeros((0, 3), np.float32)))

    def test_rounding(self):
        right = np.array([1.0, 100.0], np.float32)
        self.assertTrue(compare.within_rounding(right, right * np.float32(1 + 3e-7)))
        self.assertFalse(compare.within_rounding(right, right * np.float32(1.001)))
        self.assertFalse(compare.within_rounding(right, np.array([1.0, np.nan], np.float32)))


if __name__ == "__main__":
    unittest.main()
