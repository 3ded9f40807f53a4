"""Writes the sample models into the samples: their base64 into ConfigMaps, their SHA-256 into ModelServers.

embed.py           rewrite samples/*.yaml
embed.py --check   change nothing; exit 1 when a sample differs from its model

A place to fill is marked by a comment that names the model's file:
    sha256: <digest> # models/NAME.onnx
    # base64 of models/NAME.onnx
    KEY: "<base64>"
"""

import argparse
import base64
import hashlib
import re
import sys
import textwrap
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent
DIGEST = re.compile(r"(sha256: )\S+( # (models/\S+\.onnx))$", re.MULTILINE)
CONTENT = re.compile(r'^(  # base64 of (models/\S+\.onnx)\n  [\w.-]+: )"[^"]*"$', re.MULTILINE)


def quoted(content: bytes) -> str:
    """A YAML string in lines of 100 characters. A line that ends in a backslash goes on without a break, so that every
    reader sees one word: a block scalar would put blanks or newlines into it, which not every base64 decoder takes."""
    lines = textwrap.wrap(base64.b64encode(content).decode(), 100)
    return '"\\\n' + "".join(f"    {line}\\\n" for line in lines) + '    "'


def embedded(text: str) -> str:
    """The sample's text with every marked place filled from the model that it names."""
    text = DIGEST.sub(lambda m: m[1] + hashlib.sha256((SAMPLES / m[3]).read_bytes()).hexdigest() + m[2], text)
    return CONTENT.sub(lambda m: m[1] + quoted((SAMPLES / m[2]).read_bytes()), text)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare, change nothing")
    check = arguments.parse_args().check
    samples = sorted(SAMPLES.glob("*.yaml"))
    stale = [sample for sample in samples if embedded(sample.read_text()) != sample.read_text()]
    for sample in stale:
        if check:
            print(f"samples/{sample.name} differs from its model: run samples/models/embed.py", file=sys.stderr)
        else:
            sample.write_text(embedded(sample.read_text()))
            print(f"samples/{sample.name} rewritten")
    print(f"{len(samples)} samples, {len(stale)} {'differ' if check else 'rewritten'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
