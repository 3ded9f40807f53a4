"""Where things are. Everything that is made lies in two folders that git ignores."""

from pathlib import Path

BENCH = Path(__file__).resolve().parents[1]
ROOT = BENCH.parent
CACHE = BENCH / ".cache"
RESULTS = BENCH / "results"
REPORT = ROOT / "docs" / "performance.md"
