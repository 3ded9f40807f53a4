import io
import tempfile
import unittest
import zipfile
from pathlib import Path

import check_libraries
from versions import Ranges, key

LIST = """# Last looked over: 2026-01-31
io.netty:netty-codec-http  (,4.1.132.Final),[4.2.0.Alpha1,4.2.10.Final)  CVE-1  it is smuggled
io.netty:*  (,4.1.120.Final)  CVE-2, CVE-3  all of them
com.example:one  [2.0,2.1]  CVE-4  no fix yet
"""


class VersionsTest(unittest.TestCase):
    def test_order_is_mavens(self):
        for low, high in [
            ("1.9", "1.10"), ("4.1.130.Final", "4.1.132.Final"), ("2.0-rc1", "2.0"), ("4.2.0.Alpha1", "4.2.0.Final"),
            ("5.0.0-beta-1", "5.0.0"), ("5.0.0.CR1", "5.0"), ("3.33.1", "3.33.1.1"), ("31.1-jre", "32.0.0-android"),
            ("1.0-SNAPSHOT", "1.0"), ("1.0", "1.0.1"), ("2.9.10.8", "2.10"), ("1.0", "1.0-jre"),
        ]:  # fmt: skip
            with self.subTest(low=low, high=high):
                self.assertLess(key(low), key(high))
        for one, other in [("1.0", "1"), ("4.1.0.Final", "4.1"), ("1.0.0-RC1", "1-cr1"), ("2.0.GA", "2.0.0")]:
            with self.subTest(one=one, other=other):
                self.assertEqual(key(one), key(other))

    def test_ranges(self):
        ranges = Ranges("(,4.1.132.Final),[4.2.0.Alpha1,4.2.10.Final)")
        for version in ["1.0", "4.1.131.Final", "4.2.0.Alpha1", "4.2.9.Final"]:
            self.assertIn(version, ranges)
        for version in ["4.1.132.Final", "4.1.140.Final", "4.2.10.Final", "5.0"]:
            self.assertNotIn(version, ranges)
        self.assertIn("2.1", Ranges("[2.0,2.1]"))
        self.assertNotIn("2.0", Ranges("(2.0,)"))
        self.assertEqual("4.2.10.Final or newer", ranges.fix("4.2.1.Final"))
        self.assertEqual("a version after 2.1", Ranges("[2.0,2.1]").fix("2.0"))

    def test_other_text_is_refused(self):
        for text in ["", "1.0", "[1.0,2.0", "(,1.0) (,2.0)", "[2.0,1.0)", "<1.0"]:
            with self.subTest(text=text), self.assertRaises(ValueError):
                Ranges(text)


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.app = Path(folder.name) / "operator" / "target" / "quarkus-app"

    def jar(self, name, *shaded):
        path = self.app / "lib" / "main" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", "")
            for group, artifact, version in shaded:
                jar.writestr(
                    f"META-INF/maven/{group}/{artifact}/pom.properties",
                    f"#Created\r\ngroupId={group}\r\nartifactId={artifact}\r\nversion={version}\r\n",
                )

    def check(self):
        out = io.StringIO()
        code = check_libraries.check([self.app], LIST, out)
        return code, out.getvalue()

    def test_a_library_set_back_is_named_with_its_remedy(self):
        self.jar("io.netty.netty-codec-http-4.1.130.Final.jar", ("io.netty", "netty-codec-http", "4.1.137.Final"))
        self.jar("io.netty.netty-common-4.1.130.Final.jar")

        code, text = self.check()

        self.assertEqual(1, code)
        self.assertIn("operator: io.netty:netty-codec-http 4.1.130.Final has CVE-1: it is smuggled\n", text)
        self.assertIn("Use 4.1.132.Final or newer: set it in the dependencyManagement of pom.xml", text)
        self.assertIn("operator: 2 libraries, 2 of them with lines in the list", text)
        self.assertIn("known vulnerabilities: 1;", text)

    def test_what_a_jar_holds_counts_whatever_its_name(self):
        self.jar("com.other.shaded-9.0.jar", ("com.example", "one", "2.0.3"), ("com.example", "two", "2.0.3"))

        code, text = self.check()

        self.assertEqual(1, code)
        self.assertIn("com.example:one 2.0.3 has CVE-4: no fix yet\n  Use a version after 2.1", text)

    def test_a_group_stands_for_its_artifacts(self):
        self.jar("io.netty.netty-common-4.1.119.Final.jar")
        self.jar("io.netty.netty-transport-native-epoll-4.1.119.Final-linux-x86_64.jar")

        code, text = self.check()

        self.assertEqual(1, code)
        self.assertIn("io.netty:netty-common, io.netty:netty-transport-native-epoll 4.1.119.Final has CVE-2, CVE-3", text)
        self.assertIn("known vulnerabilities: 2;", text)

    def test_an_accepted_vulnerability_is_told_and_passes(self):
        self.jar("io.netty.netty-common-4.1.119.Final.jar")
        out = io.StringIO()

        code = check_libraries.check([self.app], LIST + "accepted: CVE-2, CVE-3  nobody can reach it\n", out)
        partly = check_libraries.check([self.app], LIST + "accepted: CVE-2  nobody can reach it\n", io.StringIO())

        self.assertEqual(0, code)
        self.assertIn("io.netty:netty-common 4.1.119.Final has CVE-3, which is accepted: nobody can reach it", out.getvalue())
        self.assertEqual(1, partly)

    def test_fixed_and_unlisted_libraries_pass(self):
        self.jar("io.netty.netty-codec-http-4.1.132.Final.jar", ("io.netty", "netty-codec-http", "4.1.132.Final"))
        self.jar("com.example.one-x-2.0.jar")

        code, text = self.check()

        self.assertEqual(0, code)
        self.assertIn("known vulnerabilities: 0;", text)

    def test_a_program_that_is_not_packaged_is_an_error(self):
        self.assertEqual(2, check_libraries.main([str(self.app)]))

    def test_a_wrong_line_is_an_error(self):
        for text in ["io.netty:x  (,1.0)  CVE-1", "io.netty:x  1.0  CVE-1  what", "io.netty:x  (,1.0)  CVE-1  what"]:
            with self.subTest(text=text), self.assertRaises(ValueError):
                check_libraries.read_list(text + "\n")

    def test_the_committed_list_can_be_read(self):
        vulnerabilities, _, _ = check_libraries.read_list((check_libraries.HERE / "known-vulnerabilities.txt").read_text("utf-8"))

        smuggling = [each for each in vulnerabilities if "CVE-2026-33870" in each.ids]
        self.assertTrue(smuggling[0].affects("io.netty:netty-codec-http", "4.1.130.Final"))
        self.assertFalse(smuggling[0].affects("io.netty:netty-codec-http", "4.1.132.Final"))


if __name__ == "__main__":
    unittest.main()
