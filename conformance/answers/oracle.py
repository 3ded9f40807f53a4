"""Plain ONNX Runtime in a child process: what the right answer is, and that there is none where it fails or the child dies."""

import os
import pickle
import select
import struct
import subprocess
import sys
from dataclasses import dataclass

SECONDS = 120


class Failure(Exception):
    """ONNX Runtime refused."""


class Crash(Exception):
    """The process that ran the model ended."""


@dataclass(frozen=True)
class Signature:
    """(name, type as ONNX Runtime writes it, shape) of inputs, inputs with defaults and outputs."""

    inputs: list
    optional: list
    outputs: list


class Oracle:
    def __init__(self):
        self._process = None
        self._content = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end()

    def load(self, content):
        """Loads a model and returns its signature."""
        self._content = content
        return Signature(*self._ask("load", content))

    def run(self, inputs):
        """The values of all outputs: arrays, lists of arrays, or lists of maps."""
        if self._process is None:
            self._ask("load", self._content)
        return self._ask("run", inputs)

    def _ask(self, command, argument):
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "answers.oracle_child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ
            )
        data = pickle.dumps((command, argument))
        try:
            self._process.stdin.write(struct.pack("<Q", len(data)) + data)
            self._process.stdin.flush()
            (size,) = struct.unpack("<Q", self._read(8))
            kind, answer = pickle.loads(self._read(size))
        except (EOFError, BrokenPipeError) as e:
            code = self._end()
            raise Crash(f"ended with {code}") from e
        if kind == "error":
            raise Failure(answer)
        return answer

    def _read(self, size):
        data = b""
        while len(data) < size:
            ready, _, _ = select.select([self._process.stdout], [], [], SECONDS)
            if not ready:
                self._process.kill()
                raise EOFError
            more = os.read(self._process.stdout.fileno(), size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def _end(self):
        if self._process is None:
            return 0
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._process = None
        return code
