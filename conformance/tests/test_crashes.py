"""What the crash trial holds to be right, and what it sends."""

import unittest

import numpy as np

from answers.crashes import Candidate, designs, judge
from answers.crashes.judge import BROKEN, Suspicion
from answers.crashes.tally import Tally

END = """#
# A fatal error has been detected by the Java Runtime Environment:
#
#  SIGFPE (0x8) at pc=0x00007fe90f13ba0e, pid=11097, tid=11163
"""
NEXT = "ERROR CrashRecorder the process before this one was ended by SIGFPE in native code (crash 2 of this pod), with 3 recorded runs under way; requests are"
SENTENCE = "these inputs ended the server's process (SIGFPE) and are not run again in this pod; change them"


class LogTest(unittest.TestCase):
    def test_signal(self):
        self.assertEqual("SIGFPE", judge.signal(END))
        self.assertEqual("SIGABRT", judge.signal(END + "#  SIGABRT (0x6) at pc=0x00007f57bf70ceec (sent by kill), pid=1"))
        self.assertIsNone(judge.signal("java.lang.OutOfMemoryError: Java heap space"))

    def test_what_the_next_process_says(self):
        self.assertEqual(("SIGFPE", 2, 3), judge.announced(NEXT))
        self.assertIsNone(judge.announced("serving model v1"))


class AnswerTest(unittest.TestCase):
    def test_grpc_has_one_status_for_two(self):
        self.assertEqual(422, judge.status(400, SENTENCE))
        self.assertEqual(400, judge.status(400, "the model refuses these inputs"))
        self.assertEqual(500, judge.status(500, SENTENCE))

    def test_innocent_requests(self):
        self.assertEqual("answered", judge.innocent(200, False))
        self.assertEqual("answered", judge.innocent(200, True))
        self.assertEqual("lost", judge.innocent(BROKEN, True))
        self.assertEqual("refused", judge.innocent(422, False))
        self.assertEqual("answered not at all", judge.innocent(BROKEN, False))
        self.assertEqual("answered 504", judge.innocent(504, False))

    def test_designed_requests(self):
        for code in (200, 400, 503, 504):
            self.assertIsNone(judge.designed(code, False, True))
        self.assertIsNone(judge.designed(BROKEN, True, True))
        self.assertIsNotNone(judge.designed(BROKEN, False, True))
        self.assertIsNotNone(judge.designed(422, False, True))
        self.assertIsNotNone(judge.designed(500, False, True))
        self.assertIsNone(judge.designed(500, False, False))


class SuspicionTest(unittest.TestCase):
    def test_alone_while_recorded_is_refused_from_then_on(self):
        one = Suspicion()
        self.assertIsNone(one.crashed(recording=True, alone=True))
        self.assertTrue(one.settled)
        self.assertEqual(("refused", None), one.answered(422))
        self.assertIsNotNone(one.answered(200)[1])
        self.assertIsNotNone(one.crashed(recording=True, alone=True))

    def test_the_first_crash_is_not_recorded(self):
        one = Suspicion()
        self.assertIsNone(one.crashed(recording=False, alone=True))
        self.assertIsNotNone(one.answered(422)[1])
        self.assertIsNone(one.crashed(recording=True, alone=True))
        self.assertEqual(("refused", None), one.answered(422))

    def test_one_of_several_may_end_the_process_once_more(self):
        one = Suspicion()
        self.assertIsNone(one.crashed(recording=True, alone=False))
        self.assertFalse(one.settled)
        self.assertEqual(("refused", None), one.answered(422))
        self.assertEqual(("acquitted", None), one.answered(200))
        self.assertEqual(("acquitted", None), one.answered(500, answered=False))
        self.assertIsNotNone(one.answered(500, answered=True)[1])
        self.assertIsNone(one.crashed(recording=True, alone=True))
        self.assertIsNotNone(one.crashed(recording=True, alone=True))


class DesignTest(unittest.TestCase):
    def test_a_seed_repeats_them(self):
        likely = ({"i": np.array([-1])},)
        candidate = Candidate(b"", lambda rng: {"x": rng.normal(size=(2, 3)).astype(np.float32), "i": np.array([1])}, likely)
        first, again = ([designs.designed(np.random.default_rng(n), candidate) for n in range(400)] for _ in range(2))
        self.assertEqual([designs.identity(each) for each, _ in first], [designs.identity(each) for each, _ in again])
        self.assertTrue(any(each["i"].tolist() == [-1] for each, _ in first))
        self.assertTrue(any(0 in each["x"].shape for each, _ in first))

    def test_identity_is_of_names_types_shapes_and_values(self):
        x = np.array([1, 2], np.int64)
        others = [{"y": x}, {"x": x.astype(np.int32)}, {"x": x[None]}, {"x": x + 1}, {"x": x, "y": x}]
        self.assertEqual(6, len({designs.identity(each) for each in [{"x": x}, *others]}))
        self.assertEqual(designs.identity({"x": x, "y": x}), designs.identity({"y": x, "x": x}))


class TallyTest(unittest.TestCase):
    def test_the_table(self):
        tally = Tally(designed=3)
        tally.lost["SIGFPE", True] += 2
        rows = dict(tally.rows())
        self.assertEqual("2: 2 by SIGFPE while recording", rows["processes lost"])
        self.assertEqual("0", rows["innocent requests refused"])


if __name__ == "__main__":
    unittest.main()
