import struct
import unittest

from harness.answers import numbers


class NumbersTest(unittest.TestCase):
    def test_json(self):
        self.assertEqual([7], numbers(b'{"parameters":null,"outputs":[{"data":[7],"parameters":null}]}'))
        self.assertEqual([1, 0.5, 3], numbers(b'{"a":[[1,0.5],{"b":3}],"c":"7","d":null,"e":true}'))

    def test_binary_tensors_follow_in_order(self):
        head = (
            '{"id":"\u00e9","outputs":[{"datatype":"BYTES","parameters":{"binary_data_size":5}},'
            '{"datatype":"FP32","parameters":{"binary_data_size":8}}]}'
        ).encode()
        self.assertEqual([5, 8, 1.5, -2.25], numbers(head + b"\x01\0\0\0\xff" + struct.pack("<2f", 1.5, -2.25)))


if __name__ == "__main__":
    unittest.main()
