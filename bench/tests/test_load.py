import unittest

from harness.load import parse_h2load, parse_wrk
from harness.unavailable import Unavailable

WRK = 'Running 1s test\nBENCH {"requests":1000,"micros":2000000,"connect":1,"read":2,"write":0,"status":100,"timeout":3,"p50":500,"p99":9000,"p999":12345}\n'


class WrkTest(unittest.TestCase):
    def test_failed_answers_are_no_requests(self):
        load = parse_wrk(WRK)
        self.assertEqual(900, load.requests)
        self.assertEqual(106, load.errors)
        self.assertEqual(450, load.rate)
        self.assertEqual((0.5, 9, 12.345), (load.p50, load.p99, load.p999))

    def test_no_result(self):
        with self.assertRaisesRegex(Unavailable, "Connection refused"):
            parse_wrk("unable to connect to 127.0.0.1:1 Connection refused")


class H2loadTest(unittest.TestCase):
    lines = [f"{1000 + index}\t200\t{index + 1}" for index in range(99)] + ["2000\t503\t7"]

    def test_percentiles_and_statuses(self):
        load = parse_h2load("", self.lines, 2, 0)
        self.assertEqual((99, 1), (load.requests, load.errors))
        self.assertEqual((0.05, 0.099), (load.p50, load.p99))

    def test_failed_calls_have_no_data(self):
        printed = "traffic: 1.00KB (1024) total, 10B (10) headers, 0.9KB (900) data"
        load = parse_h2load(printed, self.lines, 1, answer_bytes=10)
        self.assertEqual((90, 10), (load.requests, load.errors))


if __name__ == "__main__":
    unittest.main()
