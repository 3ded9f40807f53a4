"""HTTP/1.1 by hand: requests are bytes that were made before, so that many of them can be sent within a millisecond."""

import json
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """The sentence of a failure; the whole body where it has none."""
        try:
            return str(self.json["error"])
        except (ValueError, KeyError, TypeError):
            return self.body[:300].decode(errors="replace")


class Connection:
    """A connection that is kept open, with one request under way at a time."""

    def __init__(self, port, seconds=60):
        self._port = port
        self._seconds = seconds
        self._socket = None

    def send(self, request):
        """Sends a whole request, over a new connection where the old one ended."""
        if self._socket is not None and self._ended():
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), self._seconds)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)

    def receive(self, head=False):
        """The answer to the request that was sent; to a HEAD request it has no body."""
        data = self._until(b"", lambda data: b"\r\n\r\n" in data)
        top, data = data.split(b"\r\n\r\n", 1)
        lines = top.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        if head:
            data = b""
        elif "content-length" in headers:
            length = int(headers["content-length"])
            data = self._until(data, lambda data: len(data) >= length)
        elif headers.get("transfer-encoding") == "chunked":
            data = self._chunks(data)
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(lines[0].split()[1]), headers, data)

    def ask(self, request):
        self.send(request)
        return self.receive(request.startswith(b"HEAD "))

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ended(self):
        self._socket.setblocking(False)
        try:
            return self._socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self._socket.settimeout(self._seconds)

    def _until(self, data, complete):
        while not complete(data):
            more = self._socket.recv(1 << 20)
            if not more:
                self.close()
                raise ConnectionError("the connection ended before the answer")
            data += more
        return data

    def _chunks(self, data):
        whole = b""
        while True:
            data = self._until(data, lambda data: b"\r\n" in data)
            size, data = data.split(b"\r\n", 1)
            size = int(size, 16)
            data = self._until(data, lambda data: len(data) >= size + 2)
            whole, data = whole + data[:size], data[size + 2 :]
            if size == 0:
                return whole


def request(method, path, body=b"", headers=None):
    """A request as bytes. The body is JSON unless a header says otherwise; a header of None is left out."""
    lines = {"Host": "localhost", "Content-Type": "application/json" if body else None, "Content-Length": len(body) if method != "GET" else None}
    lines.update(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body
