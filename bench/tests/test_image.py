import unittest
from pathlib import Path

from harness.image import moved, parse, stages


class DockerfileTest(unittest.TestCase):
    def test_continuations_and_comments(self):
        text = "# a comment\nFROM base AS build\nRUN one \\\n    # why\n    && two\nCOPY a /app\n"
        self.assertEqual([("FROM", "base AS build"), ("RUN", "one     && two"), ("COPY", "a /app")], parse(text))

    def test_the_servers_own_stages(self):
        text = (Path(__file__).resolve().parents[2] / "Dockerfile.server").read_text()
        build, final = stages(parse(text))
        self.assertEqual(("FROM", "${BUILD_IMAGE} AS build"), build[0])
        self.assertEqual(("FROM", "${BASE_IMAGE}"), final[0])
        self.assertIn("ENTRYPOINT", [name for name, _ in final])

    def test_paths_move(self):
        root = Path("/image")
        self.assertEqual("-XX:AOTCache=/image/app/start.aot", moved("-XX:AOTCache=/app/start.aot", root))
        self.assertEqual('"/image/opt/jre/bin/java" /image/tmp', moved('"/opt/jre/bin/java" /tmp', root))
        self.assertEqual("a/app /apple $work/tmp /tmp-x", moved("a/app /apple $work/tmp /tmp-x", root))


if __name__ == "__main__":
    unittest.main()
