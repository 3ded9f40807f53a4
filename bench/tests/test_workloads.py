import unittest

from subjects.workloads import WORKLOADS


class SecuredTest(unittest.TestCase):
    """What the ratios of this workload compare must differ in nothing but TLS and tokens."""

    contestants = {one.key: one for one in WORKLOADS["secured"]().contestants}

    def test_the_first_has_neither(self):
        first = next(iter(self.contestants.values()))
        self.assertEqual("modelserver", first.key)
        self.assertFalse(first.request.secure)
        self.assertNotIn("Authorization", first.request.headers)

    def test_all_send_the_same_body(self):
        self.assertEqual(1, len({(one.request.path, one.request.body) for one in self.contestants.values()}))

    def test_a_request_fits_its_server(self):
        for one in self.contestants.values():
            self.assertEqual("tls" in one.server.key, one.request.secure, one.key)
            self.assertEqual("tokens" in one.server.key, "Authorization" in one.request.headers, one.key)


if __name__ == "__main__":
    unittest.main()
